import OptimalTransport

/// Distances with their proved brackets, each in a row with its name, beside the largest one that is allowed.
public struct BracketFigure: Figure {
  /// A distance.
  public struct Row: Sendable, Hashable {
    /// What the distance is of.
    public var name: String
    /// The distance; `nil` where no more than its bracket is known, in whose middle the mark then stands.
    public var distance: Double?
    /// What is proved of it.
    public var bounds: ProvedBounds
    /// The largest one that is allowed.
    public var limit: Double
    /// What noise alone would give; `nil` where that is not known.
    public var noise: Double?

    /// A distance beside its limit.
    public init(
      _ name: String, distance: Double?, bounds: ProvedBounds, limit: Double, noise: Double? = nil
    ) {
      self.name = name
      self.distance = distance
      self.bounds = bounds
      self.limit = limit
      self.noise = noise
    }

    /// Where the mark stands.
    fileprivate var place: Double { distance ?? bounds.lower + bounds.width / 2 }

    /// Everything that the axis must have room for.
    fileprivate var numbers: [Double] {
      [place, bounds.lower, bounds.upper, limit, noise ?? limit].filter(\.isFinite)
    }
  }

  /// What stands above it.
  public var title: String
  /// What the distances are, with their unit.
  public var label: String
  /// The distances, from the top.
  public var rows: [Row]

  /// Distances in rows.
  public init(title: String, label: String, rows: [Row]) {
    (self.title, self.label, self.rows) = (title, label, rows)
  }

  /// The most rows that each have room for a name.
  private static let largestNamedCount = 60

  /// As high as its names need.
  public var size: SIMD2<Double> {
    [900, 190 + 24 * Double(min(Self.largestNamedCount, max(4, rows.count)))]
  }

  /// Whether the axis is logarithmic: where small numbers would else be one with 0.
  private var isLogarithmic: Bool {
    let numbers = rows.flatMap { [$0.bounds.upper, $0.place, $0.limit] }
    guard let least = numbers.min(), let greatest = numbers.max() else { return false }
    return least > 0 && greatest.isFinite && greatest / least > 100
  }

  /// The least number that is shown.
  private var least: Double {
    guard isLogarithmic else { return 0 }
    let least = rows.flatMap { [$0.place, $0.bounds.upper, $0.limit] }.min() ?? 1
    return least / 3
  }

  /// The commands of gnuplot.
  public var commands: String {
    let stride = (rows.count + Self.largestNamedCount - 1) / Self.largestNamedCount
    let tics = rows.enumerated().filter { $0.offset % max(1, stride) == 0 }
      .map { "\(Script.quoted($1.name)) \($0)" }
    var lines = [
      "set encoding utf8", "set title \(Script.quoted(title)) noenhanced",
      "set xlabel \(Script.quoted(label)) noenhanced", "set grid x linecolor rgb '#dddddd'",
      "set xtics nomirror out",
      "set yrange [\(Double(max(1, rows.count)) - 0.5):-0.5]",
      "set ytics nomirror scale 0 noenhanced (\(tics.joined(separator: ", ")))",
    ]
    let numbers = rows.flatMap(\.numbers).map { max($0, least) }
    lines += ChartAxis(numbers + [least], isLogarithmic: isLogarithmic).commands("x")
    var (drawn, titles): ([String], [String]) = ([], [])
    func add(_ name: String, _ data: [String], _ style: String, _ title: String) {
      guard !data.isEmpty else { return }
      lines += ["$\(name) << EOD"] + data + ["EOD"]
      drawn.append("$\(name) \(style) title \(Script.quoted(title))")
      titles.append(title)
    }
    let segment = "using 1:2:(0):(1) with vectors nohead linewidth 2"
    add("limits", marks(\.limit), "\(segment) linecolor rgb '#000000'", "largest that passes")
    add("noise", marks(\.noise), "\(segment) dashtype 3 linecolor rgb '#888888'", "noise floor")
    for (verdict, title, mark) in [
      (GateVerdict.within, "passes", "pointtype 7 pointsize 0.9 linecolor rgb '#0072b2'"),
      (.undecided, "not decided", "pointtype 4 pointsize 1.1 linecolor rgb '#000000'"),
      (.above, "exceeds it", "pointtype 9 pointsize 1.2 linecolor rgb '#d55e00'"),
    ] {
      add(
        verdict.rawValue, brackets(verdict),
        "using 1:2:3:4 with xerrorbars linewidth 1.5 \(mark)", title)
    }
    lines += Script.legend(titles, width: size.x)
    lines.append(
      drawn.isEmpty ? "plot [0:1] [1:2] 1/0 notitle" : "plot " + drawn.joined(separator: ", "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// A mark in each row that has the number, as high as the row.
  private func marks(_ number: (Row) -> Double?) -> [String] {
    rows.enumerated().compactMap { index, row in
      number(row).flatMap { $0.isFinite ? "\(max($0, least)) \(Double(index) - 0.5)" : nil }
    }
  }

  /// The distances of a verdict with the ends of their brackets.
  private func brackets(_ verdict: GateVerdict) -> [String] {
    rows.enumerated().compactMap { index, row in
      guard GateVerdict(of: row.bounds, threshold: row.limit) == verdict,
        row.place.isFinite, row.bounds.upper.isFinite
      else { return nil }
      let ends = [row.place, row.bounds.lower, row.bounds.upper].map { max($0, least) }
      return "\(ends[0]) \(index) \(ends[1]) \(ends[2])"
    }
  }

  // MARK: In characters

  private static let sketchWidth = 48

  /// A line for each distance.
  public var sketch: String? {
    let greatest = rows.flatMap(\.numbers).max() ?? 0
    let width = rows.map(\.name.count).max() ?? 0
    func place(_ number: Double) -> Int {
      guard greatest > 0, number.isFinite else { return 0 }
      return min(Self.sketchWidth - 1, max(0, Int(number / greatest * Double(Self.sketchWidth))))
    }
    let lines = rows.map { row in
      var characters = [Character](repeating: " ", count: Self.sketchWidth)
      for column in place(row.bounds.lower)...max(place(row.bounds.lower), place(row.bounds.upper))
      {
        characters[column] = "-"
      }
      characters[place(row.limit)] = "|"
      characters[place(row.place)] =
        switch GateVerdict(of: row.bounds, threshold: row.limit) {
        case .within: "o"
        case .above: "X"
        case .undecided: "?"
        }
      return String(repeating: " ", count: width - row.name.count) + row.name + "  "
        + String(characters) + "  "
        + (row.distance?.description ?? "[\(row.bounds.lower), \(row.bounds.upper)]")
    }
    return
      "\(title): \(label), from 0 to \(greatest); | the largest that passes, o one that does, X one "
      + "that exceeds it, ? not decided\n" + lines.joined(separator: "\n") + "\n"
  }
}
