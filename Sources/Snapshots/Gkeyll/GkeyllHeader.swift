/// What stands before the numbers of a Gkeyll file: the signature, a version, the type of the file,
/// metadata, the kind of its numbers and the grid. All integers are 64-bit, the lowest byte first.
struct GkeyllHeader {
  static let signature = Array("gkyl0".utf8)
  private static let largestMetadata = 1 << 20

  /// Bytes of one number: 4 or 8.
  let realSize: Int
  let cells: [Int]
  let lower: [Double]
  let upper: [Double]
  /// Numbers of one cell.
  let coefficients: Int
  /// Whether the cells come in several ranges, each with its own bounds.
  let hasRanges: Bool
  let metadata: [String: MessagePack.Value]

  var dimension: Int { cells.count }
  /// The number of cells, which was checked to be possible.
  let cellCount: Int

  init(_ reader: inout GkeyllBytes) throws(SnapshotError) {
    guard try reader.bytes(5, "the signature") == Self.signature else {
      throw reader.malformed(found: "another signature", expected: "gkyl0")
    }
    let version = try reader.integer("the version")
    guard version == 1 else {
      throw reader.malformed(found: "version \(version)", expected: "version 1")
    }
    let type = try reader.integer("the type of the file")
    guard type == 1 || type == 3 else {
      throw reader.malformed(
        found: type == 2 ? "a time series of a few numbers (type 2)" : "a file of type \(type)",
        expected: "a field (type 1 or 3)")
    }
    hasRanges = type == 3
    let size = try reader.integer("the size of the metadata", in: 0...Self.largestMetadata)
    let packed = try reader.bytes(size, "the metadata")
    guard let metadata = size == 0 ? [:] : MessagePack.map(packed) else {
      throw reader.malformed(found: "metadata that cannot be read", expected: "a MessagePack map")
    }
    self.metadata = metadata

    let real = try reader.integer("the kind of numbers", in: 1...2)
    realSize = 4 * real
    let dimension = try reader.integer("the number of axes", in: 1...6)
    var cells: [Int] = []
    for _ in 0..<dimension {
      cells.append(try reader.integer("the number of cells of an axis", in: 1...1 << 40))
    }
    lower = try reader.numbers(dimension, "the lower ends of the grid")
    upper = try reader.numbers(dimension, "the upper ends of the grid")
    for (low, high) in zip(lower, upper) where !(low < high && (high - low).isFinite) {
      throw reader.malformed(
        found: "a grid from \(low) to \(high)", expected: "finite ends that increase")
    }
    self.cells = cells
    let cellSize = try reader.integer("the bytes of a cell", in: realSize...1 << 20)
    guard cellSize.isMultiple(of: realSize) else {
      throw reader.malformed(
        found: "\(cellSize) bytes a cell", expected: "a multiple of \(realSize)")
    }
    coefficients = cellSize / realSize
    cellCount = try Self.cellCount(&reader, of: cells, cellSize: cellSize)
  }

  /// The stated number of cells, which must be that of the grid, with all their numbers in the file.
  private static func cellCount(
    _ reader: inout GkeyllBytes, of cells: [Int], cellSize: Int
  ) throws(SnapshotError) -> Int {
    let stated = try reader.integer("the number of cells", in: 1...1 << 50)
    var count = 1
    for axis in cells {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis)
      guard !overflow, product <= stated else {
        throw reader.malformed(
          found: "\(stated) cells",
          expected: "the \(cells.map(\.description).joined(separator: " × ")) of the grid")
      }
      count = product
    }
    guard count == stated else {
      throw reader.malformed(found: "\(stated) cells", expected: "the \(count) of the grid")
    }
    let needed = count.multipliedReportingOverflow(by: cellSize)
    guard !needed.overflow, needed.partialValue <= reader.rest else {
      throw reader.malformed(
        found: "\(reader.rest) bytes of numbers",
        expected: needed.overflow ? "more" : "\(needed.partialValue)")
    }
    return count
  }
}

/// The bytes of a Gkeyll file from first to last.
struct GkeyllBytes {
  let file: InputFile
  private(set) var position = 0

  init(_ file: InputFile) { self.file = file }

  /// The bytes still to come.
  var rest: Int { file.size - position }

  func malformed(found: String, expected: String) -> SnapshotError {
    .malformed(path: file.path, place: "byte \(position)", found: found, expected: expected)
  }

  /// So many bytes.
  mutating func bytes(_ count: Int, _ what: String) throws(SnapshotError) -> [UInt8] {
    guard count <= rest else {
      throw .malformed(
        path: file.path, place: "at byte \(file.size)", found: "the end of the file",
        expected: what)
    }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try file.read(at: position, into: &bytes, in: 0..<count)
    guard read == count else {
      throw .malformed(
        path: file.path, place: "at byte \(position + read)", found: "the end of the file",
        expected: what)
    }
    position += count
    return bytes
  }

  /// A whole number.
  mutating func integer(
    _ what: String, in range: ClosedRange<Int> = 0...Int.max
  ) throws(SnapshotError) -> Int {
    let place = position
    let bits = try bytes(8, what).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let value = Int(exactly: bits), range.contains(value) else {
      throw .malformed(
        path: file.path, place: "byte \(place)", found: "\(bits) as \(what)",
        expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Doubles.
  mutating func numbers(_ count: Int, _ what: String) throws(SnapshotError) -> [Double] {
    GkeyllBytes.doubles(try bytes(8 * count, what), size: 8)
  }

  /// The numbers in bytes, of 4 or 8 bytes each.
  static func doubles(_ bytes: [UInt8], size: Int) -> [Double] {
    bytes.withUnsafeBytes { raw in
      (0..<bytes.count / size).map { index in
        size == 8
          ? Double(
            bitPattern: UInt64(
              littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
          : Double(
            Float(
              bitPattern: UInt32(
                littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))))
      }
    }
  }
}
