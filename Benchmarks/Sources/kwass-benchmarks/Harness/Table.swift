import Foundation

/// A table that is printed row by row, in Markdown.
struct Table {
  private let widths: [Int]

  init(_ title: String, _ columns: [String]) {
    widths = columns.map { max($0.count, 9) }
    print("\n### \(title)\n")
    row(columns)
    print("|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|")
  }

  /// Prints a row at once, so that long runs can be watched.
  func row(_ cells: [String]) {
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(0, width - cell.count))
    }
    print("| " + padded.joined(separator: " | ") + " |")
    fflush(nil)
  }
}

extension Double {
  /// Three significant digits.
  var short: String { String(format: "%.3g", self) }
}

extension Int {
  /// A number of bytes in megabytes.
  var megabytes: String { String(format: "%.0f MB", Double(self) / 1e6) }
}
