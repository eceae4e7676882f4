/// A diagram of one or more series of points, with a legend and labelled axes.
public struct SeriesChart: Figure, Hashable {
  /// One series.
  public struct Series: Sendable, Hashable {
    /// How points are drawn.
    public enum Style: Sendable {
      /// Joined by a line.
      case line
      /// Joined by a dashed line.
      case dashed
      /// Joined by a line, each one marked.
      case markedLine
      /// Columns of a histogram, each in the middle of its cell.
      case histogram
      /// A pale band between two curves: the lower one has the points of an even number, the upper one
      /// those behind them, of the same horizontal coordinates. It has the colour of the next series.
      case band
      /// Arrows: from each point of an even number on, which has a dot, to the one behind it.
      case arrows
    }

    /// The name in the legend.
    public var name: String
    /// How the points are drawn.
    public var style: Style
    /// The points, in the order in which they are joined; those with a coordinate that is not finite
    /// are left out, and the line is broken there.
    public var points: [SIMD2<Double>]
    /// Whether it belongs to the series before it and has its colour.
    public var isBesidePrevious: Bool

    /// Points under a name, drawn in a style.
    public init(
      _ name: String, style: Style = .line, points: [SIMD2<Double>], isBesidePrevious: Bool = false
    ) {
      self.name = name
      self.style = style
      self.points = points
      self.isBesidePrevious = isBesidePrevious
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
  public var commands: String {
    var lines = [
      "set encoding utf8", "set title \(Script.quoted(title)) noenhanced",
      "set xlabel \(Script.quoted(horizontal)) noenhanced",
      "set ylabel \(Script.quoted(vertical)) noenhanced", "set tics nomirror out",
      "set grid linecolor rgb '#dddddd'",
    ]
    lines += Script.legend(series.map(\.name), width: size.x)
    let points = drawablePoints
    lines += ChartAxis(points.map(\.x), isLogarithmic: isLogarithmicHorizontally).commands("x")
    lines += ChartAxis(points.map(\.y), isLogarithmic: isLogarithmic).commands("y")
    // Directions are true.
    if series.contains(where: { $0.style == .arrows }) { lines.append("set size ratio -1") }
    var (drawn, color): ([String], Int) = ([], 0)
    for (index, one) in series.enumerated() {
      let rows = rows(of: one)
      guard rows.contains(where: { !$0.isEmpty }) else { continue }
      lines += ["$data\(index) << EOD"] + rows + ["EOD"]
      if one.isBesidePrevious { color = max(0, color - 1) }
      let style = one.style.commands(color)
      let title = "title \(Script.quoted(one.name))"
      let data = "$data\(index) using 1:2"
      switch one.style {
      case .arrows:
        // With a dot at its start, which is all that there is of an arrow of no length.
        let dots = "with points pointtype 7 pointsize 0.4 \(Script.lineColor(color))"
        drawn += ["\(data):3:4 with \(style) \(title)", "\(data) \(dots) notitle"]
      case .band: drawn.append("\(data):3 with \(style) \(title)")
      default: drawn.append("\(data) with \(style) \(title)")
      }
      if one.style != .band { color += 1 }
    }
    // A diagram without points still has axes and a title.
    lines.append(
      drawn.isEmpty ? "plot [0:1] [1:2] 1/0 notitle" : "plot \(drawn.joined(separator: ", "))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The lines of a series in the data that gnuplot reads; an empty one is a gap.
  private func rows(of one: Series) -> [String] {
    switch one.style {
    case .arrows: arrows(one.points)
    case .band:
      stride(from: 0, to: one.points.count - 1, by: 2).map { index in
        let (lower, upper) = (one.points[index], one.points[index + 1])
        return isDrawable(lower) && isDrawable(upper) ? "\(lower.x) \(lower.y) \(upper.y)" : ""
      }
    default: one.points.map { isDrawable($0) ? "\($0.x) \($0.y)" : "" }
    }
  }

  /// Everything that the axes must have room for.
  private var drawablePoints: [SIMD2<Double>] {
    series.flatMap { one -> [SIMD2<Double>] in
      let points = one.points.filter(isDrawable)
      // A column stands on the axis.
      return one.style == .histogram ? points + points.map { [$0.x, 0] } : points
    }
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
}

extension SeriesChart.Series.Style {
  /// The words of gnuplot for a series.
  ///
  /// - Parameter color: how many series have had a colour before. Where all colours were used, they come
  ///   again with other dashes and marks.
  fileprivate func commands(_ color: Int) -> String {
    let round = color / Script.lineColors.count
    func one(of patterns: [String]) -> String { patterns[round % patterns.count] }
    let lineDashes = one(of: ["solid", "'_. '", "'_.. '", "'__.__. '"])
    let words =
      switch self {
      case .line: "lines linewidth 2 dashtype \(lineDashes)"
      case .dashed: "lines linewidth 2 dashtype \(one(of: ["2", "3", "'_  '", "'.   '"]))"
      case .markedLine:
        "linespoints linewidth 1.5 dashtype \(lineDashes) pointtype \(one(of: ["7", "5", "9", "13"])) "
          + "pointsize \(one(of: ["0.4", "0.6", "0.7", "0.8"]))"
      case .histogram: "histeps linewidth 2 dashtype \(lineDashes)"
      case .band: "filledcurves fillstyle transparent solid 0.25 noborder"
      case .arrows: "vectors filled head size graph 0.012,20 linewidth 1.2 dashtype \(lineDashes)"
      }
    return "\(words) \(Script.lineColor(color))"
  }
}
