import KineticTransport

/// Densities of states as a figure shows them: each by itself, for two of them their signed difference, and
/// where a plan is known the way that mass takes.
struct StateFigure {
  /// What stands above all panels.
  var title: String
  /// What stands above each state.
  var names: [String]
  var measures: [PhaseSpaceMeasure]
  /// What their coordinates are called.
  var coordinates: CoordinateNames
  var axes = FigureAxes()
  var space = ComparedSpace.phase
  /// From the first state to the second; `nil` where none is known.
  var plan: TransportPlan?

  /// Draws it where one was asked for.
  func draw(to path: String?, on console: any Console) throws(CommandFailure) {
    try FigureOutput.draw(to: path, on: console, figure)
  }

  /// The figure: a histogram of one coordinate, or images of the pairs of several.
  func figure() throws(CommandFailure) -> any Figure {
    try figure(ofOne: histogram, ofTwo: panels)
  }

  /// A diagram of one coordinate, or images of each pair of several.
  func figure(
    ofOne diagram: (FigureAxes.Coordinate) throws(CommandFailure) -> SeriesChart,
    ofTwo images: (FigureAxes.Coordinate, FigureAxes.Coordinate) throws(CommandFailure) ->
      [PanelFigure.Panel]
  ) throws(CommandFailure) -> any Figure {
    let shown = try axes.coordinates(of: measures[0], coordinates, space: space)
    if shown.count == 1 { return try diagram(shown[0]) }
    var panels: [PanelFigure.Panel] = []
    for (index, first) in shown.enumerated() {
      for second in shown.dropFirst(index + 1) { panels += try images(first, second) }
    }
    guard panels.count <= Self.largestPanelCount else {
      throw CommandFailure(
        .usage,
        "The figure would have \(panels.count) images; it shows at most \(Self.largestPanelCount). "
          + "Name fewer snapshots or --axes.")
    }
    let pairs = shown.count * (shown.count - 1) / 2
    return PanelFigure(
      title: title, panels: panels, columns: columns(panels: panels.count, pairs: pairs))
  }

  /// A figure for each pair of the coordinates that are shown, or one of a single coordinate.
  func figuresOfPairs() throws(CommandFailure) -> [(coordinates: String, figure: any Figure)] {
    let shown = try axes.coordinates(of: measures[0], coordinates, space: space)
    guard shown.count > 1 else { return [(shown[0].label, try figure())] }
    var figures: [(coordinates: String, figure: any Figure)] = []
    for (index, first) in shown.enumerated() {
      for second in shown.dropFirst(index + 1) {
        var pair = self
        pair.axes = FigureAxes([first, second])
        figures.append(("\(first.label) and \(second.label)", try pair.figure()))
      }
    }
    return figures
  }

  private static let largestPanelCount = 36

  /// The images of several pairs of coordinates have a row for each pair; others make a square.
  private func columns(panels: Int, pairs: Int) -> Int {
    let perPair = panels / max(1, pairs)
    if perPair > 1, pairs > 1 || perPair < 4 { return perPair }
    return Int(Double(panels).squareRoot().rounded(.up))
  }

  // MARK: One coordinate

  /// The cells of a coordinate, which cover all states.
  func cells(_ coordinate: FigureAxes.Coordinate) -> CellAxis {
    CellAxis(
      label: coordinate.label, covering: measures.map { $0.column(coordinate.place) },
      on: measures[0].axis(coordinate.place),
      count: CellImage.cellCount(forMasses: measures.map(\.masses)))
  }

  /// The densities of one coordinate.
  func histogram(_ coordinate: FigureAxes.Coordinate) throws(CommandFailure) -> SeriesChart {
    let cells = cells(coordinate)
    var series: [SeriesChart.Series] = []
    for (name, measure) in zip(names, measures) {
      guard let density = cells.density(measure.column(coordinate.place), measure.masses) else {
        throw Self.unpresentable(coordinate.label)
      }
      // Nothing lies beyond either end, where the outermost columns would otherwise go on.
      let columns: [(Int, Double)] =
        [(-1, 0)] + density.enumerated().map { ($0, $1) } + [(cells.count, 0)]
      series.append(
        .init(name, style: .histogram, points: columns.map { SIMD2(cells.center($0), $1) }))
    }
    return SeriesChart(
      title: title, horizontal: coordinate.label,
      vertical: Self.densityLabel([coordinate.unit]), series: series)
  }

  /// A density has the unit 1 over those of its coordinates.
  private static func densityLabel(_ units: [String?]) -> String {
    let known = units.compactMap(\.self)
    guard known.count == units.count, !known.isEmpty else { return "density" }
    let product = known.joined(separator: " · ")
    return "density (1/\(product.allSatisfy(\.isLetter) ? product : "(\(product))"))"
  }

  private static func unpresentable(_ coordinates: String) -> CommandFailure {
    CommandFailure(
      .badData,
      "The density over \(coordinates) is too large a number to be drawn; choose other units with "
        + "--scale.")
  }

  // MARK: Two coordinates

  /// As long as there is room above an image.
  private var differenceTitle: String {
    let title = "\(names[1]) minus \(names[0])"
    return title.count <= 50 ? title : "second minus first"
  }

  private func panels(
    _ first: FigureAxes.Coordinate, _ second: FigureAxes.Coordinate
  ) throws(CommandFailure) -> [PanelFigure.Panel] {
    let (horizontal, vertical) = (cells(first), cells(second))
    let images = measures.compactMap { measure in
      CellImage(
        x: measure.column(first.place), y: measure.column(second.place), masses: measure.masses,
        horizontal: horizontal, vertical: vertical)
    }
    guard images.count == measures.count else {
      throw Self.unpresentable("\(first.label) and \(second.label)")
    }
    let label = Self.densityLabel([first.unit, second.unit])
    var panels = zip(names, images).map { PanelFigure.Panel($0, $1, scaleLabel: label) }
    guard images.count == 2 else { return panels }
    panels.append(
      .init(
        differenceTitle, images[1].subtracting(images[0]), as: .difference,
        scaleLabel: label))
    if let plan {
      let field = DisplacementField(
        plan, from: measures[0], to: measures[1], first.place, second.place,
        cells: (horizontal, vertical))
      panels.append(
        .init(
          field.isOfPairs ? "transport plan" : "transport plan, mean displacement", images[0],
          as: .backdrop, scaleLabel: label, arrows: field.arrows))
    }
    return panels
  }
}

extension CellAxis {
  /// The density of masses on this axis alone; `nil` where it is no number.
  func density(_ coordinates: [Double], _ masses: [Double]) -> [Double]? {
    let row = CellAxis(label: "", lower: 0, upper: 1, count: 1)
    return CellImage(
      x: coordinates, y: coordinates.map { _ in 0.5 }, masses: masses, horizontal: self,
      vertical: row)?.values.compactMap(\.self)
  }
}
