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

  /// Reads so many particles at a time and hands them over, until `body` says that it has enough; `nil` for
  /// a matrix that stands column by column.
  static func stream(
    _ file: InputFile, _ options: ReadingOptions, _ pieces: Pieces, _ body: ChunkBody
  ) throws(SnapshotError) -> Reading? {
    let source = FileBytes(file)
    let header = try NPYHeader.read(from: source)
    guard header.isRowByRow else { return nil }
    let layout = try MatrixLayout(header, source, options.columns)
    var rows = try NPYRows(header, from: source)
    var (last, row) = (nil as Reading?, 0)
    while !rows.isAtEnd {
      guard pieces.isWanted(row / pieces.size) else {
        row += try rows.skip(pieces.size)
        continue
      }
      guard let columns = try rows.next(pieces.size) else { break }
      var reading = try layout.reading(columns, source, firstRow: row)
        .selecting(options, file.path)
      if !pieces.includesIds { reading.snapshot.ids = nil }
      row += columns[0].count
      last = reading.withoutParticles
      guard try body(reading.snapshot) else { break }
    }
    return last
  }

  /// The particles of an array without names, one row for each; an array of one dimension is a column.
  static func reading(
    _ header: NPYHeader, _ source: some ByteSource, _ roles: ColumnRoles?,
    _ columns: () throws(SnapshotError) -> [CoordinateColumn]
  ) throws(SnapshotError) -> Reading {
    let layout = try MatrixLayout(header, source, roles)
    return try layout.reading(try columns(), source)
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

extension NPYHeader {
  /// Whether the numbers of a particle stand together.
  var isRowByRow: Bool { !isColumnMajor || shape.count < 2 || shape[1] == 1 }
}

/// What the columns of an array without names hold.
struct MatrixLayout {
  private let names: CSVHeader
  private let origin: ColumnRoles.Origin
  private let text: String

  init(
    _ header: NPYHeader, _ source: some ByteSource, _ roles: ColumnRoles?
  ) throws(SnapshotError) {
    guard 1...2 ~= header.shape.count else {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)",
        expected: "a matrix with a row for each particle, or one column")
    }
    guard header.shape[0] > 0 else {
      throw source.malformed("in the header", found: "no particles", expected: "at least one row")
    }
    do {
      let count = header.shape.count == 2 ? header.shape[1] : 1
      (names, origin) = try ColumnRoles.header(roles, count: count)
    } catch {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)", expected: error.expected,
        choices: error.choices)
    }
    text = "array of \(header.summary): \(names.names.joined(separator: ", "))"
  }

  /// The particles of some rows.
  func reading(
    _ columns: [CoordinateColumn], _ source: some ByteSource, firstRow: Int = 0
  ) throws(SnapshotError) -> Reading {
    let (snapshot, fact) = try names.reading(
      columns, from: source, origin: origin, firstRow: firstRow)
    return Reading(snapshot: snapshot, layout: text, facts: [fact])
  }
}

extension ByteSource {
  /// Checks every number of some columns.
  func check(_ columns: [CoordinateColumn], _ rule: NumberRule) throws(SnapshotError) {
    for column in columns.indices { try check(columns, column, rule) }
  }
}
