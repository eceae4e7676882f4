/// A square matrix by what is not zero in each of its rows: few entries for Hermite polynomials, which know
/// their neighbours alone, and whole rows for other modes.
struct CouplingMatrix: Sendable {
  /// The entries of a row, by their columns.
  struct Entry: Sendable {
    let column: Int
    let value: Double
  }

  /// The rows.
  let rows: [[Entry]]

  /// The matrix with these entries.
  init(_ matrix: [[Double]]) {
    rows = matrix.map { row in
      row.enumerated().compactMap { $1 == 0 ? nil : Entry(column: $0, value: $1) }
    }
  }

  /// An entry.
  subscript(row: Int, column: Int) -> Double {
    rows[row].first { $0.column == column }?.value ?? 0
  }

  /// All columns of a row.
  func row(_ index: Int) -> [Double] {
    var values = [Double](repeating: 0, count: rows.count)
    for entry in rows[index] { values[entry.column] = entry.value }
    return values
  }
}
