import OptimalTransport

/// A snapshot as one numpy array of n × 2d numbers: positions, then velocities. It has no place for
/// masses, box and time.
enum NPYSnapshot {
  static func read(_ file: InputFile) throws(SnapshotError) -> (Snapshot, layout: String) {
    let source = FileBytes(file)
    let header = try NPYHeader.read(from: source)
    guard header.shape.count == 2, header.shape[1] > 0, header.shape[1].isMultiple(of: 2) else {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)",
        expected: "n × 2d numbers (the positions, then the velocities)")
    }
    guard header.shape[0] > 0 else {
      throw source.malformed("in the header", found: "no particles", expected: "at least one row")
    }
    let columns = try NPYArray.readColumns(header, from: source)
    try source.check(columns, "a finite number", \.isFinite)
    let dimension = columns.count / 2
    let snapshot = Snapshot(
      positions: Array(columns[..<dimension]), velocities: Array(columns[dimension...]))
    return (
      snapshot, "array of \(header.summary): \(snapshot.columnNames.joined(separator: ", "))"
    )
  }

  static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    guard snapshot.velocities.count == snapshot.positions.count else {
      throw .unwritable(
        path: path,
        reason: "a .npy file holds as many velocities as positions, and here are "
          + "\(snapshot.positions.count) and \(snapshot.velocities.count); write .csv or .npz.")
    }
    guard snapshot.weights == nil else {
      throw .unwritable(
        path: path, reason: "a .npy file has no place for masses; write .csv or .npz.")
    }
    var file = try OutputFile(path: path)
    let columns = snapshot.positions + snapshot.velocities
    try NPYArray.write(columns, shape: [snapshot.count, columns.count], to: &file)
    try file.commit()
  }
}

extension ByteSource {
  /// Checks every number of some columns.
  func check(
    _ columns: [[Double]], _ expected: String, _ isRight: (Double) -> Bool
  ) throws(SnapshotError) {
    for (column, numbers) in columns.enumerated() {
      guard let row = numbers.firstIndex(where: { !isRight($0) }) else { continue }
      throw malformed(
        columns.count > 1 ? "row \(row + 1), column \(column + 1)" : "row \(row + 1)",
        found: numbers[row].description, expected: expected)
    }
  }
}
