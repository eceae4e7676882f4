import OptimalTransport

/// Reads and writes the numbers of a numpy array of at most two dimensions, column by column.
enum NPYArray {
  /// So many bytes are read at a time: they stay in the cache until their numbers are where they belong.
  static let blockSize = 1 << 20

  /// Reads the numbers that follow a header, to the end of the stream.
  ///
  /// - Parameter header: of at most two dimensions. One number is one column of one row, a
  ///   one-dimensional array is one column.
  /// - Returns: one column for each of its own.
  /// - Complexity: O(numbers) in time and memory; nothing is allocated that the stream does not
  ///   hold.
  static func readColumns(
    _ header: NPYHeader, from source: some ByteSource
  ) throws(SnapshotError) -> [CoordinateColumn] {
    try check(header, source)
    try checkMemory(header, source)
    let (rows, columnCount) = size(header)
    guard rows > 0, columnCount > 0 else { return [] }
    var store = ColumnStore(rows: rows, columns: columnCount)
    try read(header, from: source, into: &store, at: 0)
    return store.columns
  }

  /// Reads the numbers that follow a header, to the end of the stream, into columns with as many rows.
  ///
  /// - Parameter first: the first of the columns.
  static func read(
    _ header: NPYHeader, from source: some ByteSource, into store: inout ColumnStore, at first: Int
  ) throws(SnapshotError) {
    let (rows, columnCount) = size(header)
    guard header.isColumnMajor, columnCount > 1 else {
      var stream = try NPYRows(header, from: source)
      return try stream.read(rows, into: &store, at: first)
    }
    try check(header, source)
    var place = 0
    try readChunks(header, count: rows * columnCount, from: source) { bytes, count in
      var used = 0
      while used < count {
        let (column, row) = (place + used).quotientAndRemainder(dividingBy: rows)
        let part = min(count - used, rows - row)
        store.write(row..<row + part, of: first + column) {
          header.type.decode(bytes, first: used, into: $0)
        }
        used += part
      }
      place += count
    }
  }

  /// Reads a column of whole numbers that follow a header, to the end of the stream.
  ///
  /// - Throws: `SnapshotError` also for a negative number.
  static func readWholes(
    _ header: NPYHeader, from source: some ByteSource
  ) throws(SnapshotError) -> [UInt64] {
    var rows = try NPYRows(header, from: source)
    try checkMemory(header, source)
    return try rows.nextWholes(size(header).rows) ?? []
  }

  static func size(_ header: NPYHeader) -> (rows: Int, columns: Int) {
    (header.shape.first ?? 1, header.shape.count == 2 ? header.shape[1] : 1)
  }

  /// Checks what a header claims against what the stream holds.
  static func check(
    _ header: NPYHeader, _ source: some ByteSource
  ) throws(SnapshotError) {
    let size = source.size
    let needed = header.count?.multipliedReportingOverflow(by: header.type.size)
    guard let needed, !needed.overflow, needed.partialValue <= size else {
      throw source.malformed(
        nil, found: "\(size) bytes of numbers",
        expected: "\(needed.map { $0.overflow ? "more" : "\($0.partialValue)" } ?? "more") "
          + "(\(header.summary))")
    }
    guard needed.partialValue == size else {
      throw source.malformed(
        nil, found: "\(size - needed.partialValue) bytes after the last number",
        expected: "\(needed.partialValue) bytes of numbers (\(header.summary))")
    }
  }

  /// Checks that all numbers at once fit into memory.
  static func checkMemory(
    _ header: NPYHeader, _ source: some ByteSource
  ) throws(SnapshotError) {
    let (rows, columnCount) = self.size(header)
    guard rows == 0 || columnCount <= Memory.size / MemoryLayout<Double>.size / rows else {
      throw source.malformed(
        nil, found: "more numbers than fit into memory (\(header.summary))",
        expected: "at most \(Memory.size / MemoryLayout<Double>.size)")
    }
    if let lack = Memory.lack(of: rows * columnCount * MemoryLayout<Double>.size) {
      throw .tooLarge(path: source.path, needed: lack.needed, available: lack.available)
    }
  }

  /// Hands over the bytes of so many numbers in pieces.
  private static func readChunks(
    _ header: NPYHeader, count total: Int, from source: some ByteSource,
    _ take: (_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Void
  ) throws(SnapshotError) {
    let size = source.size
    var left = total
    let most = blockSize / header.type.size
    var bytes = [UInt8](repeating: 0, count: min(left, most) * header.type.size)
    while left > 0 {
      let count = min(left, most)
      bytes.removeLast(bytes.count - count * header.type.size)
      let read = try source.read(into: &bytes)
      guard read == bytes.count else {
        throw source.truncated(
          at: size - left * header.type.size + read, missing: "\(size) bytes of numbers")
      }
      bytes.withUnsafeBytes { take($0, count) }
      left -= count
    }
    // Only at its end does an archive check what it unpacked.
    var nothing: [UInt8] = [0]
    _ = try source.read(into: &nothing)
  }

  /// Writes an array of doubles, one column for each array, row by row.
  static func write(
    _ columns: [CoordinateColumn], shape: [Int], to sink: inout some ByteSink & ~Copyable
  ) throws(SnapshotError) {
    var buffer = OutputBuffer()
    buffer.bytes += NPYHeader(type: .float64, shape: shape).bytes
    for row in 0..<(columns.first?.count ?? 0) {
      for column in columns { buffer.append(column[row].bitPattern) }
      try buffer.flushWhenFull(to: &sink)
    }
    try buffer.flush(to: &sink)
  }

  /// Writes an array of whole numbers.
  static func write(
    wholes: [UInt64], to sink: inout some ByteSink & ~Copyable
  ) throws(SnapshotError) {
    try write(words: wholes, .uint64, to: &sink)
  }

  /// Writes an array of indices.
  static func write(
    indices: [Int32], to sink: inout some ByteSink & ~Copyable
  ) throws(SnapshotError) {
    try write(words: indices.lazy.map { UInt64(bitPattern: Int64($0)) }, .int64, to: &sink)
  }

  private static func write(
    words: some Collection<UInt64>, _ type: NPYType, to sink: inout some ByteSink & ~Copyable
  ) throws(SnapshotError) {
    var buffer = OutputBuffer()
    buffer.bytes += NPYHeader(type: type, shape: [words.count]).bytes
    for word in words {
      buffer.append(word)
      try buffer.flushWhenFull(to: &sink)
    }
    try buffer.flush(to: &sink)
  }
}

extension NPYHeader {
  /// Shape and type in words, such as `1000 × 4, <f8`.
  var summary: String {
    let size =
      switch shape.count {
      case 0: "one number"
      case 1...4: shape.map(\.description).joined(separator: " × ")
      default: "\(shape.count) dimensions"
      }
    return "\(size), \(type.name)\(isColumnMajor && shape.count > 1 ? ", column by column" : "")"
  }
}

extension OutputBuffer {
  /// Appends the eight bytes of a number, the lowest first.
  mutating func append(_ bits: UInt64) {
    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
