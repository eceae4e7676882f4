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
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - reservable: for how many bytes there may be room before they are read.
  /// - Returns: one array for each column; `nil` when there are no more rows.
  mutating func next(
    _ limit: Int, reservable: Int = .max
  ) throws(SnapshotError) -> [[Double]]? {
    guard left > 0 else { return nil }
    let rows = min(limit, left)
    if let lack = Memory.lack(of: rows * columnCount * MemoryLayout<Double>.size) {
      throw .tooLarge(path: source.path, needed: lack.needed, available: lack.available)
    }
    var columns = [[Double]](repeating: [], count: columnCount)
    let room = min(rows, reservable / MemoryLayout<Double>.size / columnCount)
    for column in columns.indices { columns[column].reserveCapacity(room) }
    let blockRows = max(1, NPYArray.chunkCount / columnCount)
    var numbers = [Double](repeating: 0, count: min(rows, blockRows))
    var done = 0
    while done < rows {
      let count = min(rows - done, blockRows)
      try readBlock(count)
      for column in columns.indices {
        header.type.decode(
          bytes, first: column, stride: columnCount, count: count, into: &numbers)
        columns[column].append(contentsOf: numbers[..<count])
      }
      done += count
    }
    if left == 0 {
      // Only at its end does an archive check what it unpacked.
      var nothing: [UInt8] = [0]
      _ = try source.read(into: &nothing)
    }
    return columns
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
