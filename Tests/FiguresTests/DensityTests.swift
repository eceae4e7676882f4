import Figures
import OptimalTransport
import TestSupport
import Testing

@Suite struct DensityTests {
  private func axis(_ lower: Double, _ upper: Double, _ count: Int) -> CellAxis {
    CellAxis(label: "x", lower: lower, upper: upper, count: count)
  }

  /// 3 of the mass 4 lie in one cell of the area 1/2, and 1 in another one.
  @Test func massesCount() throws {
    let image = try #require(
      CellImage(
        x: [0.1, 0.2, 1], y: [0.9, 0.6, 0], masses: [0.5, 0.25, 0.25], horizontal: axis(0, 1, 2),
        vertical: axis(0, 1, 1)))
    #expect(image.values == [1.5, 0.5])
    let other = try #require(
      CellImage(
        x: [0.9], y: [0.5], masses: [1], horizontal: axis(0, 1, 2), vertical: axis(0, 1, 1)))
    #expect(other.subtracting(image).values == [-1.5, 1.5])
  }

  /// 2 and 5 with the masses 1/2 and 1/4 have the mean 3; where there is no mass, there is none.
  @Test func meansAreByMass() throws {
    let image = try #require(
      CellImage(
        meansOf: [2, 5, 7], x: [0.1, 0.2, 0.9], y: [0.9, 0.6, 0.5], masses: [0.5, 0.25, 0],
        horizontal: axis(0, 1, 2), vertical: axis(0, 1, 1)))
    #expect(image.values == [3, nil])
    let whole = try #require(
      CellImage(
        x: [0.1, 0.9], y: [0.5, 0.5], masses: [1, 1], horizontal: axis(0, 1, 2),
        vertical: axis(0, 1, 1)))
    #expect(whole.subtracting(image).values == [-1, nil])
    let large = [Double.greatestFiniteMagnitude, .greatestFiniteMagnitude]
    #expect(
      CellImage(
        meansOf: large, x: [0, 0], y: [0, 0], masses: [1, 1], horizontal: axis(0, 1, 1),
        vertical: axis(0, 1, 1)) == nil)
  }

  /// The colours of other numbers go from the least to the greatest, and cells without one stay blank.
  @Test func otherNumbersHaveTheirOwnColors() throws {
    let image = try #require(
      CellImage(
        meansOf: [-3, 5], x: [0.1, 0.9], y: [0.5, 1.5], masses: [1, 1], horizontal: axis(0, 1, 2),
        vertical: axis(0, 2, 2)))
    let figure = PanelFigure(
      title: "", panels: [.init("φ", image, as: .values, scaleLabel: "potential")], columns: 1)
    #expect(figure.commands.contains("set cbrange [-3.0:5.0]"))
    #expect(figure.commands.contains("\n-3.0 NaN\nNaN 5.0\n"))
    #expect(try Gnuplot().draw(figure, as: .svg).count > 500)
    #expect(
      try Gnuplot().sketch(figure).hasPrefix("φ: .:-=+*%@ from -3.0 to 5.0\n| @|\n|. |\n"))
    let flat = try #require(
      CellImage(
        meansOf: [4], x: [0.1], y: [0.5], masses: [1], horizontal: axis(0, 1, 2),
        vertical: axis(0, 1, 1)))
    #expect(
      PanelFigure(title: "", panels: [.init("", flat, as: .values)], columns: 1).commands.contains(
        "set cbrange [3.8:4.2]"))
  }

  /// Whatever the cells, they hold the whole mass.
  @Test func nothingIsLost() throws {
    var generator = SeededGenerator(seed: 1)
    func numbers() -> [Double] {
      (0..<500).map { _ in Double.random(in: -3...5, using: &generator) }
    }
    let (x, y) = (numbers(), numbers())
    let masses = [Double](repeating: 1.0 / 500, count: 500)
    let cells = CellImage.cellCount(forMasses: [masses])
    #expect(cells == 15)
    let horizontal = CellAxis(label: "x", covering: [x], on: .line, count: cells)
    let vertical = CellAxis(label: "y", covering: [y], on: .line, count: cells)
    let image = try #require(
      CellImage(x: x, y: y, masses: masses, horizontal: horizontal, vertical: vertical))
    let mass = image.values.compactMap(\.self).reduce(0, +) * horizontal.width * vertical.width
    #expect(abs(mass - 1) < 1e-12)
  }

  /// One particle of nearly the whole mass counts for one.
  @Test func unequalMassesCountForFewer() {
    let equal = [Double](repeating: 1, count: 100_000)
    #expect(CellImage.cellCount(forMasses: [equal]) == 92)
    #expect(CellImage.cellCount(forMasses: [[1e9] + equal, equal]) == 12)
  }

  /// The nodes of a grid have a cell each, with rows that are missing too, and after roundings.
  @Test func gridsHaveACellForEachNode() {
    let nodes = [0, 1, 2, 5, 6, 7].map { 0.1 * Double($0) + 1 }
    let column = (0..<20).flatMap { _ in nodes.map { $0 * 3 / 3 } }
    let cells = CellAxis(label: "x", covering: [column, [1.3]], on: .line, count: 7)
    #expect(cells.count == 8)
    #expect(abs(cells.lower - 0.95) < 1e-12 && abs(cells.upper - 1.75) < 1e-12)
    // As few as these are no grid.
    #expect(CellAxis(label: "x", covering: [[0, 1, 2]], on: .line, count: 7).count == 7)
  }

  @Test func axesHaveAnExtent() {
    for column in [
      [], [2.0], [0, 0], [1e300], [Double.leastNonzeroMagnitude, 0], [-1.7e308, 1.7e308],
    ] {
      let cells = CellAxis(label: "x", covering: [column], on: .line, count: 3)
      #expect(cells.lower < cells.upper, "\(column)")
    }
    let circle = CellAxis(label: "x", covering: [[0.3]], on: .circle(length: 2), count: 4)
    #expect(circle.lower == 0 && circle.upper == 2 && circle.count == 4)
  }

  /// Cells too small for a density, rather than a figure of something else.
  @Test func whatIsNoNumberIsNoImage() {
    let tiny = axis(0, 1e-200, 2)
    #expect(CellImage(x: [0], y: [0], masses: [1], horizontal: tiny, vertical: tiny) == nil)
  }

  // MARK: Panels

  private func panels() throws -> PanelFigure {
    let (x, y) = (axis(0, 1, 2), axis(0, 4, 2))
    let first = try #require(
      CellImage(x: [0.1], y: [0.5], masses: [1], horizontal: x, vertical: y))
    let second = try #require(
      CellImage(x: [0.1, 0.9], y: [0.5, 3], masses: [0.5, 0.5], horizontal: x, vertical: y))
    return PanelFigure(
      title: "both",
      panels: [
        .init("first", first), .init("it's", second),
        .init("change", second.subtracting(first), as: .difference),
        .init("plan", first, as: .backdrop, arrows: [.init(from: [0.1, 0.5], to: [0.9, 3])]),
      ], columns: 2)
  }

  /// The greatest density of both states ends the colours of both; differences have 0 in their middle.
  @Test func equalColorsAreEqualDensities() throws {
    let ranges = try panels().commands.split(separator: "\n").filter { $0.hasPrefix("set cbrange") }
    #expect(
      ranges == [
        "set cbrange [0.0:1.0]", "set cbrange [0.0:1.0]", "set cbrange [-0.5:0.5]",
        "set cbrange [0.0:1.0]",
      ])
  }

  /// Images stand inside the drawing, not in files beside it, and are not blurred.
  @Test(arguments: FigureFormat.allCases)
  func imagesAreDrawn(format: FigureFormat) throws {
    let image = try Gnuplot().draw(panels(), as: format)
    let text = String(decoding: image, as: UTF8.self)
    switch format {
    case .svg:
      #expect(text.split(separator: "href='data:image/png;base64,").count >= 5)
      #expect(text.contains("image-rendering:pixelated") && !text.contains(".png'"))
      for words in ["first", "it’s", "change", "plan", "both"] { #expect(text.contains(words)) }
    case .pdf: #expect(text.hasPrefix("%PDF"))
    case .png: #expect(image.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }
  }

  @Test func sketchesShowWhereMassIs() throws {
    let sketch = try Gnuplot().sketch(panels())
    #expect(sketch.contains("first: density .:-=+*%@, up to 1.0\n|  |\n|@ |\n"))
    #expect(sketch.contains("it's: density .:-=+*%@, up to 1.0\n| +|\n|+ |\n"))
    #expect(sketch.contains("\n| #|\n|= |\n"))
    let chart = SeriesChart(
      title: "t", horizontal: "x", vertical: "y", series: [.init("s", points: [[0, 1], [1, 2]])])
    let drawn = try Gnuplot().sketch(chart)
    #expect(drawn.split(separator: "\n").count > 15 && !drawn.contains("\u{c}"))
  }

  // MARK: Tables

  @Test func tablesNameTheirRows() throws {
    let table = TableFigure(
      title: "all", names: ["a.csv", "b.csv"], values: [[0, 2], [2, 0]], scaleLabel: "W")
    let text = String(decoding: try Gnuplot().draw(table, as: .svg), as: UTF8.self)
    #expect(text.contains("a.csv") && text.contains("b.csv") && text.contains("data:image/png"))
    #expect(try Gnuplot().sketch(table) == "all: W, in ninths of 2.0\na.csv  0 9\nb.csv  9 0\n")
  }
}
