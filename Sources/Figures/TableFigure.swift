/// A square table of numbers as coloured cells, with the names of its rows and columns.
public struct TableFigure: Figure {
  /// What stands above it.
  public var title: String
  /// The names of the rows, which are those of the columns too.
  public var names: [String]
  /// The numbers, row by row from the top.
  public var values: [[Double]]
  /// What the colours show, with its unit.
  public var scaleLabel: String

  /// A table.
  ///
  /// - Precondition: `values` has a row of as many numbers for each name.
  public init(title: String, names: [String], values: [[Double]], scaleLabel: String) {
    precondition(
      values.count == names.count && values.allSatisfy { $0.count == names.count },
      "a table has a row and a column for each name")
    (self.title, self.names, self.values) = (title, names, values)
    self.scaleLabel = scaleLabel
  }

  /// The most names with which numbers are readable in the cells.
  private static let largestLabelledCount = 12

  /// The length of the square, and the room for the names beside the rows.
  private var extent: (side: Double, names: Double) {
    (
      46 * Double(min(24, max(4, names.count))),
      8.5 * Double(min(60, names.map(\.count).max() ?? 0))
    )
  }

  private static let margin = 24.0

  /// As large as its cells and names need.
  public var size: SIMD2<Double> {
    let (side, names) = extent
    return [side + names + Self.margin + 130, side + 0.75 * names + 3 * Self.margin]
  }

  /// Where the square stands: gnuplot by itself leaves no room for names at an angle, and makes no square.
  private var place: [String] {
    let (side, names) = extent
    let (left, bottom) = (names + Self.margin, 0.75 * names + Self.margin)
    return [
      "set lmargin at screen \(left / size.x)", "set rmargin at screen \((left + side) / size.x)",
      "set bmargin at screen \(bottom / size.y)",
      "set tmargin at screen \((bottom + side) / size.y)",
    ]
  }

  /// The commands of gnuplot.
  public var commands: String {
    let count = names.count
    let largest = values.joined().filter(\.isFinite).max() ?? 0
    let bound = largest > 0 ? largest : 1
    var lines = [
      "set encoding utf8", "set title \(Script.quoted(title)) noenhanced", "set tics scale 0 out",
      "set border 0",
      ColorMap.sequential.palette, "set cbrange [0:\(bound)]", "set format cb '%g'",
      "set cblabel \(Script.quoted(scaleLabel)) noenhanced offset 1,0",
      "set xrange [-0.5:\(Double(count) - 0.5)]", "set yrange [\(Double(count) - 0.5):-0.5]",
      "set xtics rotate by 45 right noenhanced (\(tics))", "set ytics noenhanced (\(tics))",
    ]
    lines += place + ["$table << EOD"]
    lines += values.map { $0.map(\.description).joined(separator: " ") }
    lines.append("EOD")
    var drawn = ["$table matrix using 1:2:3 with image notitle"]
    if count <= Self.largestLabelledCount {
      // White on the dark half of the colours, black on the bright one.
      drawn.append(
        "$table matrix using 1:2:(sprintf('%.2g', $3)):($3 > 0.55 * \(bound) ? 0x000000 : 0xffffff) "
          + "with labels textcolor rgb variable notitle")
    }
    lines.append("plot \(drawn.joined(separator: ", "))")
    return lines.joined(separator: "\n") + "\n"
  }

  private var tics: String {
    names.enumerated().map { "\(Script.quoted($1)) \($0)" }.joined(separator: ", ")
  }

  /// The table in characters, with a number from 0 to 9 for each cell.
  public var sketch: String? {
    let largest = values.joined().filter(\.isFinite).max() ?? 0
    let width = names.map(\.count).max() ?? 0
    let rows = zip(names, values).map { name, row in
      let cells = row.map { value in
        largest > 0 && value.isFinite ? "\(Int((9 * value / largest).rounded()))" : "0"
      }
      return String(repeating: " ", count: width - name.count) + name + "  "
        + cells.joined(separator: " ")
    }
    return "\(title): \(scaleLabel), in ninths of \(largest)\n" + rows.joined(separator: "\n")
      + "\n"
  }
}
