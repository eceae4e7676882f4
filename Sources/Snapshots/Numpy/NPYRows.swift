import OptimalTransport

/// The rows of a numpy array that stands row by row, or has a single column, read some at a time.
struct NPYRows<Source: ByteSource> {
  private let header: NPYHeader
  private let source: Source
  private let columnCount: Int
  /// The bytes of all numbers.
  private let size: Int
  /// The rows that are still to come.
  private var left: Int
  private var bytes: [UInt8] = []

  /// The rows that follow a header, to the end of the stream.
  ///
  /// - Throws: `SnapshotError` where the header claims other numbers than the stream holds.
  init(_ header: NPYHeader, from source: Source) throws(SnapshotError) {
    try NPYArray.check(header, source)
    self.header = header
    self.source = source
    size = source.size
    (left, columnCount) = NPYArray.size(header)
    if columnCount == 0 { left = 0 }
  }

  /// Reads further rows.
  ///
  /// - Parameter limit: how many at most.
  /// - Returns: the columns; `nil` when there are no more rows.
  mutating func next(_ limit: Int) throws(SnapshotError) -> [CoordinateColumn]? {
    guard left > 0 else { return nil }
    let rows = min(limit, left)
    if let lack = Memory.lack(of: rows * columnCount * MemoryLayout<Double>.size) {
      throw .tooLarge(path: source.path, needed: lack.needed, available: lack.available)
    }
    var store = ColumnStore(rows: rows, columns: columnCount)
    try read(rows, into: &store, at: 0)
    return store.columns
  }

  /// Reads so many further rows into as many columns of a store.
  ///
  /// - Parameter first: the first of these columns.
  mutating func read(
    _ rows: Int, into store: inout ColumnStore, at first: Int
  ) throws(SnapshotError) {
    let (type, width) = (header.type, columnCount)
    let rowSize = width * type.size
    if let section = source.taken(rows * rowSize) {
      left -= rows
      return try read(section, rows, into: &store, at: first)
    }
    try readBlocks(rows) { bytes, row, count in
      nonisolated(unsafe) let bytes = bytes
      store.write(row..<row + count, of: first..<first + width) { column, numbers in
        type.decode(bytes, first: column, stride: width, into: numbers)
      }
    }
  }

  /// Reads rows that stand in a file, several blocks of them at the same time.
  private func read(
    _ section: FileSection, _ rows: Int, into store: inout ColumnStore, at first: Int
  ) throws(SnapshotError) {
    let (type, width) = (header.type, columnCount)
    let rowSize = width * type.size
    // So few that they stay in the cache of one processor.
    let blockRows = max(1, NPYArray.blockSize / 4 / rowSize)
    nonisolated(unsafe) let file = section.file
    let start = section.rest.lowerBound
    let missing = try store.fill(first..<first + width, blockSize: blockRows) {
      block, buffer, columns throws(SnapshotError) in
      let size = block.count * rowSize
      if buffer.count != size { buffer = [UInt8](repeating: 0, count: size) }
      let offset = start + block.lowerBound * rowSize
      guard try file.read(at: offset, into: &buffer, in: 0..<size) == size else { return false }
      buffer.withUnsafeBytes { bytes in
        for (column, numbers) in columns.enumerated() {
          type.decode(bytes, first: column, stride: width, into: numbers)
        }
      }
      return true
    }
    guard missing == nil else {
      let place = size - (left + rows - (missing ?? 0)) * rowSize
      throw source.truncated(at: place, missing: "\(size) bytes of numbers")
    }
  }

  /// Whether there are no more rows.
  var isAtEnd: Bool { left == 0 }

  /// Passes over further rows.
  ///
  /// - Parameter limit: how many at most.
  /// - Returns: how many.
  mutating func skip(_ limit: Int) throws(SnapshotError) -> Int {
    let rows = min(limit, left)
    let rowSize = columnCount * header.type.size
    let skipped = try source.skip(rows * rowSize)
    guard skipped == rows * rowSize else {
      throw source.truncated(
        at: size - left * rowSize + skipped, missing: "\(size) bytes of numbers")
    }
    left -= rows
    if left == 0 { try checkEnd() }
    return rows
  }

  /// Reads further rows of a column of whole numbers.
  ///
  /// - Parameter limit: how many at most.
  /// - Returns: the numbers; `nil` when there are no more rows.
  /// - Throws: `SnapshotError` also for an array of something else and for a negative number.
  mutating func nextWholes(_ limit: Int) throws(SnapshotError) -> [UInt64]? {
    guard header.type.kind != .float, columnCount == 1 else {
      throw source.malformed(
        "in the header", found: "an array of \(header.summary)",
        expected: "a column of nonnegative whole numbers")
    }
    guard left > 0 else { return nil }
    let rows = min(limit, left)
    var wholes: [UInt64] = []
    wholes.reserveCapacity(rows)
    var isNegative = false
    let type = header.type
    try readBlocks(rows) { bytes, _, count in
      var numbers = [UInt64?](repeating: nil, count: count)
      numbers.withUnsafeMutableBufferPointer { type.decode(bytes, into: $0) }
      for number in numbers {
        if number == nil { isNegative = true }
        wholes.append(number ?? 0)
      }
    }
    guard !isNegative else {
      throw source.malformed(nil, found: "a negative number", expected: "a nonnegative one")
    }
    return wholes
  }

  /// Reads so many rows, some at a time.
  ///
  /// - Parameter take: gets the bytes of some rows, the number of rows before these, and of these.
  private mutating func readBlocks(
    _ rows: Int, _ take: (_ bytes: UnsafeRawBufferPointer, _ row: Int, _ count: Int) -> Void
  ) throws(SnapshotError) {
    let blockRows = max(1, NPYArray.blockSize / (columnCount * header.type.size))
    var done = 0
    while done < rows {
      let count = min(rows - done, blockRows)
      try readBlock(count)
      bytes.withUnsafeBytes { take($0, done, count) }
      done += count
    }
    if left == 0 { try checkEnd() }
  }

  /// Only at its end does an archive check what it unpacked.
  private func checkEnd() throws(SnapshotError) {
    var nothing: [UInt8] = [0]
    _ = try source.read(into: &nothing)
  }

  private mutating func readBlock(_ rows: Int) throws(SnapshotError) {
    let rowSize = columnCount * header.type.size
    let count = rows * rowSize
    if bytes.count > count {
      bytes.removeLast(bytes.count - count)
    } else if bytes.count < count {
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }
    let read = try source.read(into: &bytes)
    guard read == count else {
      throw source.truncated(
        at: size - left * rowSize + read, missing: "\(size) bytes of numbers")
    }
    left -= rows
  }
}
