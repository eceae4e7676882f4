/// A diagram of one or more series of points, with a legend and labelled axes.
public struct SeriesChart: Sendable, Hashable {
  /// One series.
  public struct Series: Sendable, Hashable {
    /// How points are drawn.
    public enum Style: String, Sendable {
      /// Joined by a line.
      case line = "lines linewidth 2"
      /// Joined by a dashed line.
      case dashed = "lines dashtype 2 linewidth 2"
      /// Joined by a line, each one marked.
      case markedLine = "linespoints pointtype 7 pointsize 0.4"
      /// Small dots, for many points.
      case dots
      /// Arrows: from each point of an even number on, which has a dot, to the one behind it.
      case arrows = "vectors filled head size graph 0.012,20 linewidth 1.2"
    }

    /// The name in the legend.
    public var name: String
    /// How the points are drawn.
    public var style: Style
    /// The points, in the order in which they are joined; those with a coordinate that is not finite
    /// are left out, and the line is broken there.
    public var points: [SIMD2<Double>]

    /// Points under a name, drawn in a style.
    public init(_ name: String, style: Style = .line, points: [SIMD2<Double>]) {
      self.name = name
      self.style = style
      self.points = points
    }
  }

  /// What stands above the diagram.
  public var title: String
  /// What the horizontal axis shows, with its unit.
  public var horizontal: String
  /// What the vertical axis shows, with its unit.
  public var vertical: String
  /// Whether the vertical axis is logarithmic. Values that are not positive are then left out.
  public var isLogarithmic: Bool
  /// Whether the horizontal axis is logarithmic, likewise.
  public var isLogarithmicHorizontally: Bool
  /// The series, drawn in this order.
  public var series: [Series]

  /// A diagram with its axes, linear unless said otherwise.
  public init(
    title: String, horizontal: String, vertical: String, isLogarithmic: Bool = false,
    isLogarithmicHorizontally: Bool = false, series: [Series]
  ) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.isLogarithmic = isLogarithmic
    self.isLogarithmicHorizontally = isLogarithmicHorizontally
    self.series = series
  }

  /// The commands with which gnuplot draws the diagram.
  func script(_ format: FigureFormat) -> String {
    var lines = [
      "set terminal \(format.terminal)", "set encoding utf8",
      "set title \(Self.quoted(title)) noenhanced",
      "set xlabel \(Self.quoted(horizontal)) noenhanced",
      "set ylabel \(Self.quoted(vertical)) noenhanced", "set key outside below noenhanced",
      "set bmargin 6",
      "set grid linecolor rgb '#dddddd'", "set style increment default",
    ]
    if isLogarithmic {
      lines += ["set logscale y", "set format y '%g'"]
    }
    if isLogarithmicHorizontally { lines += ["set logscale x", "set format x '%g'"] }
    var drawn: [String] = []
    for (index, one) in series.enumerated() {
      let rows =
        one.style == .arrows
        ? arrows(one.points)
        : one.points.map { point in
          isDrawable(point) ? "\(point.x) \(point.y)" : ""
        }
      guard rows.contains(where: { !$0.isEmpty }) else { continue }
      lines += ["$data\(index) << EOD"] + rows + ["EOD"]
      let title = "title \(Self.quoted(one.name))"
      guard one.style == .arrows else {
        drawn.append("$data\(index) using 1:2 with \(one.style.rawValue) \(title)")
        continue
      }
      // With a dot at its start, which is all that there is of an arrow of no length.
      let color = "linetype \(index + 1)"
      drawn += [
        "$data\(index) using 1:2:3:4 with \(one.style.rawValue) \(color) \(title)",
        "$data\(index) using 1:2 with points pointtype 7 pointsize 0.4 \(color) notitle",
      ]
    }
    // A diagram without points still has axes and a title.
    lines.append(
      drawn.isEmpty ? "plot [0:1] [1:2] 1/0 notitle" : "plot \(drawn.joined(separator: ", "))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for each arrow: its start and its extent.
  private func arrows(_ points: [SIMD2<Double>]) -> [String] {
    stride(from: 0, to: points.count - 1, by: 2).compactMap { index in
      let (start, end) = (points[index], points[index + 1])
      guard isDrawable(start), isDrawable(end) else { return nil }
      return "\(start.x) \(start.y) \(end.x - start.x) \(end.y - start.y)"
    }
  }

  private func isDrawable(_ point: SIMD2<Double>) -> Bool {
    point.x.isFinite && point.y.isFinite && (!isLogarithmic || point.y > 0)
      && (!isLogarithmicHorizontally || point.x > 0)
  }

  /// A string in the single quotes of gnuplot, in which nothing but the quote has a meaning; an
  /// apostrophe is set as the typographic one.
  private static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "\u{2019}"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}

/// The format of a figure's file.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Scalable vector graphics.
  case svg
  /// Portable network graphics.
  case png

  /// The format that a path's extension names; `nil` for any other.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."),
      let format = FigureFormat(rawValue: path[path.index(after: dot)...].lowercased())
    else { return nil }
    self = format
  }

  /// The terminal of gnuplot.
  var terminal: String {
    switch self {
    case .svg: "svg size 900,600 background rgb 'white'"
    case .png: "pngcairo size 1200,800"
    }
  }
}
