import OptimalTransport

/// A snapshot as one numpy array with a row for each particle: the positions, then as many velocities, or
/// what a user says. kwass writes no masses, box and time into it.
enum NPYSnapshot {
  static func read(
    _ file: InputFile, _ roles: ColumnRoles?
  ) throws(SnapshotError) -> Reading {
    let source = FileBytes(file)
    let header = try NPYHeader.read(from: source)
    return try reading(
      header, source, roles
    ) { () throws(SnapshotError) in try NPYArray.readColumns(header, from: source) }
  }

  /// The particles of an array without names, one row for each; an array of one dimension is a column.
  static func reading(
    _ header: NPYHeader, _ source: some ByteSource, _ roles: ColumnRoles?,
    _ columns: () throws(SnapshotError) -> [[Double]]
  ) throws(SnapshotError) -> Reading {
    guard 1...2 ~= header.shape.count else {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)",
        expected: "a matrix with a row for each particle, or one column")
    }
    guard header.shape[0] > 0 else {
      throw source.malformed("in the header", found: "no particles", expected: "at least one row")
    }
    let (names, origin): (CSVHeader, ColumnRoles.Origin)
    do {
      let count = header.shape.count == 2 ? header.shape[1] : 1
      (names, origin) = try ColumnRoles.header(roles, count: count)
    } catch {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)", expected: error.expected,
        choices: error.choices)
    }
    let (snapshot, fact) = try names.reading(try columns(), from: source, origin: origin)
    return Reading(
      snapshot: snapshot,
      layout: "array of \(header.summary): \(names.names.joined(separator: ", "))", facts: [fact])
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
    for column in columns.indices { try check(columns, column, expected, isRight) }
  }
}
