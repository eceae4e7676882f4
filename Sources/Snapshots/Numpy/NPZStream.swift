import OptimalTransport

/// The particles of an archive of numpy arrays, read some at a time from all arrays together.
struct NPZStream {
  /// The arrays that are read whole: those of a few numbers.
  private var small: [String: NPZMember] = [:]
  /// The arrays with a row for each particle.
  private var large: [String: Part] = [:]
  private var layout: [String] = []
  private let file: InputFile
  private let pieces: Pieces

  /// An array that is read some rows at a time.
  private struct Part {
    let header: NPYHeader
    let source: ZipMemberBytes
    var rows: NPYRows<ZipMemberBytes>
  }

  /// Opens the arrays of an archive; `nil` where they cannot be read some rows at a time: a density on a
  /// grid, a matrix that stands column by column, and what is not as it should be and fails when it is read.
  init?(_ file: InputFile, _ pieces: Pieces) throws(SnapshotError) {
    self.file = file
    self.pieces = pieces
    for member in try ZipDirectory(file).members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      switch name {
      case "x", "v", "weight", "X", "arr_0", "id":
        let source = try ZipMemberBytes(member, of: file, called: "array \(name)")
        let header = try NPYHeader.read(from: source)
        guard 1...2 ~= header.shape.count, header.isRowByRow, header.shape[0] > 0 else {
          return nil
        }
        layout.append("\(name) (\(header.summary))")
        large[name] = Part(
          header: header, source: source, rows: try NPYRows(header, from: source))
      case "time", "box":
        let array = try NPZMember(member, of: file, called: name)
        layout.append("\(name) (\(array.header.summary))")
        small[name] = array
      default: return nil
      }
    }
    let matrices = NPZSnapshot.matrixNames.count { large[$0] != nil }
    guard
      matrices == 1 ? large["x"] == nil && large["v"] == nil : matrices == 0 && large["x"] != nil
    else { return nil }
    guard let count = (large["x"] ?? large["X"] ?? large["arr_0"])?.header.shape[0],
      large.values.allSatisfy({ $0.header.shape[0] == count }),
      large["weight"]?.header.isColumn ?? true, large["id"]?.header.isColumn ?? true,
      large["id"]?.header.type.kind != .float
    else { return nil }
  }

  /// Reads so many particles at a time and hands them over, until `body` says that it has enough.
  mutating func run(
    _ options: ReadingOptions, _ body: ChunkBody
  ) throws(SnapshotError) -> Reading {
    let matrix = NPZSnapshot.matrixNames.first { large[$0] != nil }
    if matrix == nil, options.columns != nil {
      throw file.malformedZip(
        "the arrays \(layout.joined(separator: ", "))",
        "a matrix \(NPZSnapshot.matrixNames.joined(separator: " or "))",
        choices: [.columns, .points])
    }
    let matrixLayout: MatrixLayout? =
      if let matrix, let part = large[matrix] {
        try MatrixLayout(part.header, part.source, options.columns)
      } else { nil }
    let time = try small["time"]?.number()
    var (row, last) = (0, Reading(snapshot: Snapshot(positions: []), layout: ""))
    let first = matrix ?? "x"
    while large[first]?.rows.isAtEnd == false {
      guard pieces.isWanted(row / pieces.size) else {
        row += try skip(first)
        continue
      }
      guard let columns = try large[first]?.rows.next(pieces.size) else { break }
      let count = columns[0].count
      var reading = last
      if let matrix, let matrixLayout, let source = large[matrix]?.source {
        reading = try matrixLayout.reading(columns, source, firstRow: row)
      } else {
        reading.snapshot = Snapshot(
          positionColumns: try checked("x", columns, row),
          velocityColumns: try next("v", row) ?? [])
      }
      if let weights = try next("weight", row) {
        guard reading.snapshot.weights == nil else {
          throw file.malformedZip(
            "weights beside those of the matrix", "only one of them", choices: [.columns])
        }
        reading.snapshot.weights = weights[0].array
      }
      try takeIds(&reading)
      reading.snapshot.time = time
      reading.snapshot.box = try small["box"]?.box(dimension: reading.snapshot.positions.count)
      reading.layout = "arrays \(layout.joined(separator: ", "))"
      row += count
      last = reading.withoutParticles
      guard try body(try reading.selecting(options, file.path).snapshot) else { break }
    }
    return try last.selecting(options, file.path)
  }

  /// Passes over the next rows of all arrays.
  ///
  /// - Returns: how many there are of this one.
  private mutating func skip(_ first: String) throws(SnapshotError) -> Int {
    for name in large.keys where name != first && (name != "id" || pieces.includesIds) {
      _ = try large[name]?.rows.skip(pieces.size)
    }
    return try large[first]?.rows.skip(pieces.size) ?? 0
  }

  /// The next rows of an array; `nil` when there is no such array.
  private mutating func next(
    _ name: String, _ row: Int
  ) throws(SnapshotError) -> [CoordinateColumn]? {
    guard large[name] != nil, let columns = try large[name]?.rows.next(pieces.size) else {
      return nil
    }
    return try checked(name, columns, row)
  }

  /// The next ids, where there are some and they are wanted.
  private mutating func takeIds(_ reading: inout Reading) throws(SnapshotError) {
    if large["id"] != nil, reading.snapshot.ids != nil {
      throw file.malformedZip(
        "ids beside those of the matrix", "only one of them", choices: [.columns])
    }
    guard pieces.includesIds else {
      reading.snapshot.ids = nil
      return
    }
    if let ids = try large["id"]?.rows.nextWholes(pieces.size) { reading.snapshot.ids = ids }
  }

  private func checked(
    _ name: String, _ columns: [CoordinateColumn], _ row: Int
  ) throws(SnapshotError) -> [CoordinateColumn] {
    guard let source = large[name]?.source else { return columns }
    let rule: NumberRule = name == "weight" ? .finiteNonnegative : .finite
    for column in columns.indices { try source.check(columns, column, rule, firstRow: row) }
    return columns
  }
}

extension NPYHeader {
  /// Whether there is one number in each row.
  fileprivate var isColumn: Bool { shape.count == 1 || shape[1] == 1 }
}
