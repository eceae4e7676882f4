import OptimalTransport

/// The columns of a species that become coordinates, of the particles that are not left out: read or copied straight
/// to where they belong.
struct OpenPMDSelection {
  private let species: OpenPMDSpecies
  /// The particles; `nil` for all.
  private let kept: [Int]?
  private var sources: [(source: OpenPMDSource, what: String)] = []

  /// No column yet.
  init(of species: OpenPMDSpecies, _ kept: [Int]?) { (self.species, self.kept) = (species, kept) }

  /// Adds a column.
  ///
  /// - Parameter what: how an error names its numbers.
  mutating func add(_ source: OpenPMDSource, _ what: String) { sources.append((source, what)) }

  /// The columns in the order in which they were added.
  ///
  /// - Throws: `SnapshotError` for numbers that are not finite. What is left out may hold anything.
  func columns() throws(SnapshotError) -> [CoordinateColumn] {
    let count = kept?.count ?? species.count
    if let lack = Memory.lack(of: sources.count * count * MemoryLayout<Double>.size) {
      throw .tooLarge(
        path: species.group.path, needed: lack.needed, available: lack.available)
    }
    var store = ColumnStore(rows: count, columns: sources.count)
    for (index, item) in sources.enumerated() { try write(item.source, to: &store, at: index) }
    let columns = store.columns
    for (column, item) in zip(columns, sources) {
      if let bad = NumberRule.finite.firstViolation(in: column) {
        throw species.group.malformed(
          found: "\(item.what) \(column[bad]) of particle \(species.number(kept?[bad] ?? bad))",
          expected: "a finite number")
      }
    }
    return columns
  }

  private func write(
    _ source: OpenPMDSource, to store: inout ColumnStore, at index: Int
  ) throws(SnapshotError) {
    if kept == nil, case .stored(let object, let rows, let count, let unit) = source {
      try store.write(0..<count, of: index) { numbers throws(SnapshotError) in
        try object.read(rows: rows?.range, into: numbers)
        if unit != 1 { for index in numbers.indices { numbers[index] *= unit } }
      }
      return
    }
    let kept = kept
    switch try source.column() {
    case .constant(let value, _): store.fill(index) { $1.update(repeating: value) }
    case .array(let values):
      store.fill(index) { rows, numbers in
        if let kept {
          for (place, row) in rows.enumerated() { numbers[place] = values[kept[row]] }
        } else {
          _ = numbers.update(fromContentsOf: values[rows])
        }
      }
    }
  }
}
