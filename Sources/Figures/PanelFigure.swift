/// Images beside each other, with colour bars; arrows may lie over them.
public struct PanelFigure: Figure {
  /// One of the images.
  public struct Panel: Sendable, Hashable {
    /// What stands above it.
    public var title: String
    /// What it shows.
    public var image: CellImage
    /// What its colours stand for.
    public var kind: Kind
    /// What the colour bar shows, with its unit.
    public var scaleLabel: String
    /// Starts and ends of arrows over the image.
    public var arrows: [Arrow]

    /// An image with its title.
    public init(
      _ title: String, _ image: CellImage, as kind: Kind = .density,
      scaleLabel: String = "density", arrows: [Arrow] = []
    ) {
      self.title = title
      self.image = image
      self.kind = kind
      self.scaleLabel = scaleLabel
      self.arrows = arrows
    }
  }

  /// What colours stand for.
  public enum Kind: Sendable, Hashable {
    /// Densities from 0 on; equal colours are equal densities in all panels of the same axes.
    case density
    /// Signed differences of densities, 0 in the middle of the colours.
    case difference
    /// A pale density behind arrows.
    case backdrop
    /// Any other numbers; the colours go from the least to the greatest of the image.
    case values
  }

  /// From where to where an arrow goes.
  public struct Arrow: Sendable, Hashable {
    /// Where it begins.
    public var start: SIMD2<Double>
    /// Where its head is.
    public var end: SIMD2<Double>

    /// An arrow.
    public init(from start: SIMD2<Double>, to end: SIMD2<Double>) {
      (self.start, self.end) = (start, end)
    }
  }

  /// What stands above all of them.
  public var title: String
  /// The images, row by row from the top.
  public var panels: [Panel]
  /// How many stand in a row.
  public var columns: Int

  /// Images in rows.
  public init(title: String, panels: [Panel], columns: Int) {
    (self.title, self.panels, self.columns) = (title, panels, max(1, columns))
  }

  private var rows: Int { max(1, (panels.count + columns - 1) / columns) }

  /// As large as its panels need.
  public var size: SIMD2<Double> {
    [500 * Double(min(columns, max(1, panels.count))), 390 * Double(rows) + 30]
  }

  /// The commands of gnuplot.
  public var commands: String {
    var lines = [
      "set encoding utf8",
      "set multiplot layout \(rows),\(min(columns, max(1, panels.count))) "
        // A panel by itself has a title of its own.
        + (panels.count == 1 ? "" : "title \(Script.quoted(title)) noenhanced"),
      "set tics out nomirror", "set rmargin 10", "set tmargin 2.8",
      "set bmargin 3.2", "set format cb '%g'",
    ]
    for (index, panel) in panels.enumerated() { lines += commands(of: panel, index) }
    lines.append("unset multiplot")
    return lines.joined(separator: "\n") + "\n"
  }

  private func commands(of panel: Panel, _ index: Int) -> [String] {
    let (image, range) = (panel.image, range(of: panel))
    let (x, y) = (image.horizontal, image.vertical)
    var lines = ["$image\(index) << EOD"]
    lines += (0..<y.count).map { row in
      image.values[(row * x.count)..<((row + 1) * x.count)]
        .map { $0?.description ?? "NaN" }.joined(separator: " ")
    }
    lines += ["EOD", panel.kind.colors.palette]
    lines += ChartAxis.fewTics("x", x.lower...x.upper) + ChartAxis.fewTics("y", y.lower...y.upper)
    // Room for the numbers of the tics, a sign and a point, and the name of the axis.
    lines.append("set lmargin \(5 + ChartAxis.digits(y.lower...y.upper))")
    lines += [
      "set cbrange [\(range.lowerBound):\(range.upperBound)]",
      "set xrange [\(x.lower):\(x.upper)]", "set yrange [\(y.lower):\(y.upper)]",
      "set title \(Script.quoted(panel.title)) noenhanced offset 0,-0.5",
      "set xlabel \(Script.quoted(x.label)) noenhanced offset 0,0.4",
      "set ylabel \(Script.quoted(y.label)) noenhanced offset 1,0",
      "set cblabel \(Script.quoted(panel.scaleLabel)) noenhanced offset 1.5,0",
    ]
    var drawn = [
      "$image\(index) matrix using (\(x.lower) + (0.5 + $1) * \(x.width)):"
        + "(\(y.lower) + (0.5 + $2) * \(y.width)):3 with image notitle"
    ]
    if !panel.arrows.isEmpty {
      lines.append("$arrows\(index) << EOD")
      lines += panel.arrows.map { arrow in
        let extent = arrow.end - arrow.start
        return "\(arrow.start.x) \(arrow.start.y) \(extent.x) \(extent.y)"
      }
      lines.append("EOD")
      drawn.append(
        "$arrows\(index) using 1:2:3:4 with vectors filled head size graph 0.018,20 "
          + "linecolor rgb '#0072b2' linewidth 1.2 notitle")
      drawn.append(
        "$arrows\(index) using 1:2 with points pointtype 7 pointsize 0.15 "
          + "linecolor rgb '#0072b2' notitle")
    }
    return lines + ["plot \(drawn.joined(separator: ", "))"]
  }

  /// The numbers from which to which the colours of a panel go.
  private func range(of panel: Panel) -> ClosedRange<Double> {
    func largest(_ values: [Double?]) -> Double {
      values.reduce(0) { max($0, abs($1 ?? 0)) }
    }
    switch panel.kind {
    case .difference:
      let bound = largest(panel.image.values)
      return bound > 0 ? -bound...bound : -1...1
    case .density, .backdrop:
      let alike = panels.filter {
        $0.kind == panel.kind && $0.image.horizontal == panel.image.horizontal
          && $0.image.vertical == panel.image.vertical
      }
      let bound = alike.map { largest($0.image.values) }.max() ?? 0
      return 0...(bound > 0 ? bound : 1)
    case .values:
      let values = panel.image.values.compactMap(\.self)
      guard let least = values.min(), let greatest = values.max() else { return 0...1 }
      if greatest > least, (greatest - least).isFinite { return least...greatest }
      let margin = max(0.05 * abs(least), Double.leastNormalMagnitude)
      return least - margin...least + margin
    }
  }
}

extension PanelFigure.Kind {
  fileprivate var colors: ColorMap {
    switch self {
    case .density, .values: .sequential
    case .difference: .diverging
    case .backdrop: .backdrop
    }
  }
}

// MARK: In characters

extension PanelFigure {
  private static let sketchWidth = 64
  private static let sketchHeight = 18

  /// Each image but those of arrows, in characters that grow darker.
  public var sketch: String? {
    panels.filter { $0.kind != .backdrop }.map { sketch($0) }.joined(separator: "\n")
  }

  private func sketch(_ panel: Panel) -> String {
    let (image, range) = (panel.image, range(of: panel))
    let (x, y) = (image.horizontal, image.vertical)
    let (width, height) = (min(Self.sketchWidth, x.count), min(Self.sketchHeight, y.count))
    var lines = (0..<height).reversed().map { row in
      let characters = (0..<width).map { column -> Character in
        let cells = (row * y.count / height..<(row + 1) * y.count / height).flatMap { j in
          (column * x.count / width..<(column + 1) * x.count / width).compactMap { i in
            image.values[j * x.count + i]
          }
        }
        guard !cells.isEmpty else { return " " }
        return panel.kind.character(cells.reduce(0, +) / Double(cells.count), in: range)
      }
      return "|\(String(characters))|"
    }
    lines.insert("\(panel.title): \(panel.kind.legend(of: range))", at: 0)
    lines.append(
      "\(x.label) from \(x.lower) to \(x.upper), \(y.label) from \(y.lower) to \(y.upper)")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension PanelFigure.Kind {
  private static let ramp = Array(" .:-=+*%@")

  /// What the characters stand for.
  fileprivate func legend(of range: ClosedRange<Double>) -> String {
    switch self {
    case .density, .backdrop: "density .:-=+*%@, up to \(range.upperBound)"
    case .difference:
      "= and - where there is less, + and # where there is more, up to \(range.upperBound)"
    case .values: ".:-=+*%@ from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// A character for a number between the ends of the colours.
  fileprivate func character(_ value: Double, in range: ClosedRange<Double>) -> Character {
    let ramp = Self.ramp
    switch self {
    case .density, .backdrop:
      let place = (value / range.upperBound * Double(ramp.count)).rounded(.up)
      return ramp[min(ramp.count - 1, max(0, Int(place)))]
    case .values:
      let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
      return ramp[min(ramp.count - 1, 1 + max(0, Int(share * Double(ramp.count - 1))))]
    case .difference:
      return switch value / range.upperBound {
      case ..<(-0.4): "="
      case ..<(-0.05): "-"
      case ...0.05: " "
      case ...0.4: "+"
      default: "#"
      }
    }
  }
}
