import OptimalTransport

/// Reads a snapshot from text with separated fields: a header line with the names of the columns, a line
/// for each particle, and lines that begin with `#`, which may state `time=` and `box=`.
struct CSVReader {
  private var header: CSVHeader?
  private var columns: [[Double]] = []
  private var weightColumn: Int?
  private var idColumn: Int?
  /// The columns that are left out, whose places among `columns` stay empty.
  private var skipped: Set<Int> = []
  private let roles: ColumnRoles?
  /// How the columns were understood, where the file does not say.
  private var origin: ColumnRoles.Origin?
  /// The numbers of the column of identities, whose place among `columns` stays empty: a double has
  /// not digits enough.
  private var ids: [UInt64] = []
  private var row: [Double] = []
  private var id: UInt64 = 0
  private var rowCount = 0
  /// How many of the rows are kept.
  private var keptCount = 0
  /// How rows are handed over; `nil` for all at once.
  private var pieces: Pieces?
  /// Whether rows are passed over.
  private var skips = false
  private var remarks = CSVRemarks()
  private let fileSize: Int
  /// What stands between fields; found in the header line, where nothing was said.
  private var separator: CSVSeparator?
  /// What stands before the decimals of a number.
  private let point: UInt8

  static func read(
    _ file: InputFile, _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    var reader = CSVReader(fileSize: file.size, options)
    var lines = LineReader(file)
    while try reader.takeLine(&lines, file) {}
    return try reader.finish(file)
  }

  /// Reads so many particles at a time and hands them over, until `body` says that it has enough.
  static func stream(
    _ file: InputFile, _ options: ReadingOptions, _ pieces: Pieces, _ body: ChunkBody
  ) throws(SnapshotError) -> Reading {
    var reader = CSVReader(fileSize: 0, options)
    reader.pieces = pieces
    var lines = LineReader(file)
    var handedOver: Snapshot?
    while try reader.takeLine(&lines, file) {
      guard reader.isPieceComplete else { continue }
      let reading = try reader.finish(file, pieces).selecting(options, file.path)
      handedOver = handedOver ?? reading.withoutParticles.snapshot
      guard try body(reading.snapshot) else { return reading.withoutParticles }
      reader.dropRows()
    }
    let reading = try reader.finish(file, pieces).selecting(options, file.path)
    if let handedOver, handedOver.box != reading.snapshot.box {
      throw .malformed(
        path: file.path, place: nil, found: "a box that is stated behind particles",
        expected: "one before them, where particles are read piece by piece")
    }
    if reading.snapshot.count > 0 { _ = try body(reading.snapshot) }
    return reading.withoutParticles
  }

  /// Takes the next line of a file; false at its end.
  private mutating func takeLine(
    _ lines: inout LineReader, _ file: InputFile
  ) throws(SnapshotError) -> Bool {
    guard let problem = try lines.nextLine({ take($0) }) else { return false }
    guard let problem else { return true }
    throw SnapshotError.malformed(
      path: file.path,
      place: "line \(lines.number)\(problem.column.map { ", column \($0)" } ?? "")",
      found: problem.found, expected: problem.expected
    ).leaving(problem.choices)
  }

  /// Whether all rows of a piece that is wanted are kept.
  private var isPieceComplete: Bool {
    guard let pieces else { return false }
    return keptCount == pieces.size
  }

  /// Whether the next row is one of a piece that is not wanted.
  private mutating func skipsRow() -> Bool {
    guard let pieces else { return false }
    if rowCount.isMultiple(of: pieces.size) { skips = !pieces.isWanted(rowCount / pieces.size) }
    return skips
  }

  /// Forgets the rows that were handed over.
  private mutating func dropRows() {
    keptCount = 0
    for column in columns.indices { columns[column].removeAll(keepingCapacity: true) }
    ids.removeAll(keepingCapacity: true)
  }

  private init(fileSize: Int, _ options: ReadingOptions) {
    self.fileSize = fileSize
    roles = options.columns
    separator = options.separator
    point = UInt8(ascii: options.hasDecimalComma ? "," : ".")
  }

  /// What is wrong with a line.
  private struct Problem {
    var column: String?
    let found: String
    let expected: String
    var choices: [ReadingChoice] = []
  }

  private typealias Line = UnsafeBufferPointer<UInt8>
  private typealias Field = FieldScanner.Field

  /// Takes the next line.
  private mutating func take(_ line: Line) -> Problem? {
    let text = FieldScanner.trimmed(line[...])
    guard let first = text.first else { return nil }
    if first == UInt8(ascii: "#") {
      let remark = String(decoding: text.dropFirst(), as: UTF8.self)
      return remarks.take(remark).map { Problem(found: $0.found, expected: $0.expected) }
    }
    if let header, let separator { return takeRow(line[...], header, separator) }
    let separator =
      separator
      ?? CSVSeparator.detected(
        in: line, hasDecimalComma: point == UInt8(ascii: ","))
    self.separator = separator
    let names = Self.names(line, separator)
    if let problem = takeHeader(names) { return problem }
    // Where a user names the columns, the first line may be one of numbers: any number in a column that
    // is read makes it one.
    guard roles != nil, let header else { return nil }
    let isRow = names.indices.contains {
      !skipped.contains($0) && DecimalNumber.isNumber(names[$0], point: point)
    }
    if isRow { return takeRow(line[...], header, separator) }
    origin?.phrase += ", and not as the line \(quoted(names.joined(separator: ",")))"
    return nil
  }

  private static func names(_ line: Line, _ separator: CSVSeparator) -> [String] {
    var names: [String] = []
    var fields = FieldScanner(line[...], separator)
    while let field = fields.next() { names.append(String(decoding: field, as: UTF8.self)) }
    return names
  }

  private mutating func takeHeader(_ names: [String]) -> Problem? {
    do {
      let header: CSVHeader
      if let roles {
        let found = try ColumnRoles.header(roles, count: names.count)
        (header, origin) = (found.header, found.origin)
      } else {
        header = try CSVHeader(names: names)
      }
      self.header = header
      weightColumn = header.column(of: .weight)
      idColumn = header.column(of: .id)
      skipped = Set(header.roles.indices.filter { header.roles[$0] == .skipped })
      columns = Array(repeating: [], count: names.count)
      row = Array(repeating: 0, count: names.count)
      return nil
    } catch {
      return Problem(found: error.found, expected: error.expected, choices: error.choices)
    }
  }

  private mutating func takeRow(
    _ text: Field, _ header: CSVHeader, _ separator: CSVSeparator
  ) -> Problem? {
    guard !skipsRow() else {
      rowCount += 1
      return nil
    }
    var count = 0
    var fields = FieldScanner(text, separator)
    while let field = fields.next() {
      if count == idColumn {
        guard let id = DecimalNumber.parseWhole(field) else {
          return Problem(
            column: header.names[count], found: Self.description(of: field),
            expected: "a whole number from 0 to \(UInt64.max)")
        }
        self.id = id
      } else if count < row.count, !skipped.contains(count) {
        guard let number = DecimalNumber.parse(field, point: point), number.isFinite,
          number >= 0 || count != weightColumn
        else {
          return Problem(
            column: header.names[count], found: Self.description(of: field),
            expected: count == weightColumn ? "a nonnegative finite number" : "a finite number",
            choices: hasDecimalComma(field) ? [.decimalComma] : [])
        }
        row[count] = number
      }
      count += 1
    }
    guard count == row.count else {
      return Problem(
        found: counted(count, "field", "fields"),
        expected: "\(row.count) (\(listed(header.names)))")
    }
    if rowCount == 0 { reserve(lineSize: text.count) }
    rowCount += 1
    keptCount += 1
    for index in columns.indices where index != idColumn && !skipped.contains(index) {
      columns[index].append(row[index])
    }
    if idColumn != nil { ids.append(id) }
    return nil
  }

  /// Room for as many rows as the file holds if all are as long as the first: at most four bytes
  /// for each byte of the file, since a number and its comma take two, and not so much that a file
  /// full of holes could exhaust the memory.
  private mutating func reserve(lineSize: Int) {
    let rows = min(fileSize / max(lineSize, 2 * columns.count) + 1, (1 << 28) / columns.count)
    for index in columns.indices where index != idColumn && !skipped.contains(index) {
      columns[index].reserveCapacity(rows)
    }
    if idColumn != nil { ids.reserveCapacity(rows) }
  }

  /// Whether a field would be a number with a decimal comma.
  private func hasDecimalComma(_ field: Field) -> Bool {
    let comma = UInt8(ascii: ",")
    return point != comma && field.contains(comma)
      && DecimalNumber.parse(field, point: comma)?.isFinite == true
  }

  private static func description(of field: Field) -> String {
    guard !field.isEmpty else { return "nothing" }
    let text = String(decoding: field, as: UTF8.self)
    return Double(text) == nil ? "the text \(quoted(text))" : "the number \(quoted(text))"
  }

  private func finish(
    _ file: InputFile, _ pieces: Pieces? = nil
  ) throws(SnapshotError) -> Reading {
    guard let header else {
      throw .malformed(
        path: file.path, place: nil, found: "no header line",
        expected: "a line with column names such as x1,v1,weight")
    }
    guard rowCount > 0 else {
      throw .malformed(
        path: file.path, place: nil, found: "a header but no particles",
        expected: "at least one row")
    }
    if let box = remarks.box, box.dimension != header.dimension {
      throw .malformed(
        path: file.path, place: nil,
        found: "a box of \(counted(box.dimension, "axis", "axes")) for "
          + counted(header.dimension, "position column", "position columns"),
        expected: "one length or free for each")
    }
    let hasIds = idColumn != nil && pieces?.includesIds != false
    var snapshot = header.snapshot(columns.map { CoordinateColumn($0) }, ids: hasIds ? ids : nil)
    (snapshot.box, snapshot.time) = (remarks.box, remarks.time)
    return Reading(
      snapshot: snapshot,
      layout:
        "columns \(header.names.map { $0.isEmpty ? "without name" : $0 }.joined(separator: ", "))"
        + (separator == .comma ? "" : ", separated by \((separator ?? .comma).plural)"),
      facts: origin.map { [$0.fact(header.names)] } ?? [], notes: header.notes,
      coordinates: header.coordinates)
  }
}
