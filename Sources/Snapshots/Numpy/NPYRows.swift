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
  /// - Returns: one array for each column; `nil` when there are no more rows.
  mutating func next(_ limit: Int) throws(SnapshotError) -> [[Double]]? {
    guard left > 0 else { return nil }
    let rows = min(limit, left)
    if let lack = Memory.lack(of: rows * columnCount * MemoryLayout<Double>.size) {
      throw .tooLarge(path: source.path, needed: lack.needed, available: lack.available)
    }
    var columns = (0..<columnCount).map { _ in [Double](unwritten: rows) }
    let (type, width) = (header.type, columnCount)
    try readBlocks(rows) { bytes, row, count in
      Self.take(bytes, type, width, count, into: &columns, at: row)
    }
    return columns
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
    if left == 0 {
      // Only at its end does an archive check what it unpacked.
      var nothing: [UInt8] = [0]
      _ = try source.read(into: &nothing)
    }
  }

  /// Puts the numbers of the block that was read in their columns, several columns at the same time.
  private static func take(
    _ bytes: UnsafeRawBufferPointer, _ type: NPYType, _ columnCount: Int, _ count: Int,
    into columns: inout [[Double]], at row: Int
  ) {
    nonisolated(unsafe) let bytes = bytes
    columns.withUnsafeMutableBufferPointer { columns in
      nonisolated(unsafe) let columns = columns
      Parallel.forEachChunk(of: columnCount, costPerItem: 2 * Double(count)) { chosen in
        for column in chosen {
          columns[column].withUnsafeMutableBufferPointer { numbers in
            type.decode(
              bytes, first: column, stride: columnCount,
              into: UnsafeMutableBufferPointer(rebasing: numbers[row..<row + count]))
          }
        }
      }
    }
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
