/// Columns of short texts, aligned to the right, with a line of headings.
struct Grid {
  private let headings: [String]
  private var rows: [(cells: [String], isAlarming: Bool)] = []

  init(_ headings: [String]) { self.headings = headings }

  /// Adds a row with a cell for each heading; an alarming one is shown in red on a terminal.
  mutating func add(_ cells: [String], isAlarming: Bool = false) {
    rows.append((cells, isAlarming))
  }

  /// The lines.
  func text(inColour: Bool) -> String {
    let widths = headings.indices.map { column in
      ([headings] + rows.map(\.cells)).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }
    return
      ([line(headings)]
      + rows.map { row in
        row.isAlarming ? alarming(line(row.cells), inColour: inColour) : line(row.cells)
      }).map { $0 + "\n" }.joined()
  }
}

/// A text in red, where there are colours.
func alarming(_ text: String, inColour: Bool) -> String {
  inColour ? "\u{1b}[31m\(text)\u{1b}[0m" : text
}
