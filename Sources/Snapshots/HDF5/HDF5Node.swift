import CHDF5
import OptimalTransport

/// An object of an HDF5 file that libhdf5 has opened in this process.
final class HDF5Node: HDF5Source {
  let name: String
  let isDataset: Bool
  let handle: HDF5Handle

  /// The root group of a file.
  init(root file: HDF5Handle) throws(HDF5Failure) {
    handle = HDF5Handle(hdf5_open_object(file.id, "/"))
    name = "/"
    isDataset = false
    guard handle.isValid, hdf5_is_group(handle.id) != 0 else {
      throw malformed(found: "no root group", expected: "a complete HDF5 file")
    }
  }

  /// An object that has just been opened.
  private init(_ handle: HDF5Handle, name: String) throws(HDF5Failure) {
    self.handle = handle
    self.name = name
    isDataset = handle.isValid && hdf5_is_dataset(handle.id) != 0
    guard isDataset || (handle.isValid && hdf5_is_group(handle.id) != 0) else {
      throw malformed(
        found: "an object that cannot be opened", expected: "a group or a dataset")
    }
  }

  /// The error of an object that is not as it should be.
  func malformed(found: String, expected: String) -> HDF5Failure {
    .malformed(place: name, found: found, expected: expected)
  }

  // MARK: Members

  private static let largestCount = 1_000_000

  func memberNames() throws(HDF5Failure) -> [String] {
    let count = Int(hdf5_link_count(handle.id))
    guard 0...Self.largestCount ~= count else {
      throw malformed(
        found: count < 0 ? "a group that cannot be read" : "\(count) members",
        expected: "a group of at most \(Self.largestCount) members")
    }
    var names: [String] = []
    var buffer = [CChar](repeating: 0, count: 1024)
    for index in 0..<count {
      let size = hdf5_link_name(handle.id, Int64(index), &buffer, buffer.count)
      guard 0..<buffer.count ~= size else {
        throw malformed(
          found: "a member whose name cannot be read", expected: "names of less than 1024 bytes")
      }
      names.append(
        String(decoding: buffer[..<size].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    return names
  }

  func member(_ relative: String) throws(HDF5Failure) -> (any HDF5Source)? {
    try node(relative)
  }

  /// A member of a group, found along names with slashes between; `nil` when there is none.
  func node(_ relative: String) throws(HDF5Failure) -> HDF5Node? {
    var node = self
    for part in relative.split(separator: "/") where part != "." {
      guard !node.isDataset, hdf5_has_link(node.handle.id, String(part)) != 0 else { return nil }
      guard hdf5_is_local(node.handle.id, String(part)) != 0 else {
        throw node.malformed(
          found: "a link \(quoted(part)) to another file", expected: "data in the file itself")
      }
      let handle = HDF5Handle(hdf5_open_object(node.handle.id, String(part)))
      node = try HDF5Node(
        handle, name: node.name == "/" ? "/\(part)" : "\(node.name)/\(part)")
    }
    return node
  }

  // MARK: Numbers

  func shape() throws(HDF5Failure) -> [Int] {
    let space = HDF5Handle(H5Dget_space(handle.id))
    return try sizes(of: space)
  }

  func sizes(of space: HDF5Handle) throws(HDF5Failure) -> [Int] {
    let rank = Int(H5Sget_simple_extent_ndims(space.id))
    guard space.isValid, 0...32 ~= rank else {
      throw malformed(found: "no readable shape", expected: "an array of at most 32 dimensions")
    }
    var sizes = [hsize_t](repeating: 0, count: max(1, rank))
    guard H5Sget_simple_extent_dims(space.id, &sizes, nil) == rank else {
      throw malformed(found: "no readable shape", expected: "an array of at most 32 dimensions")
    }
    return sizes.prefix(rank).map { Int(clamping: $0) }
  }

  /// A dataset may hold more numbers than bytes are stored for it, since it may be compressed, but
  /// not more often than deflate can.
  private static let largestCompression = 1100

  func count(rows: Range<Int>?) throws(HDF5Failure) -> Int { try count(rows, of: Double.self) }

  func numbers(rows: Range<Int>?) throws(HDF5Failure) -> [Double] {
    try read(rows) { transfer(rows, into: $0) }
  }

  func read(
    rows: Range<Int>?, into buffer: UnsafeMutableBufferPointer<Double>
  ) throws(HDF5Failure) {
    let count = try count(rows, of: Double.self)
    guard count == buffer.count else {
      throw malformed(
        found: counted(count, "number", "numbers"), expected: "\(buffer.count), as before")
    }
    guard count == 0 || transfer(rows, into: buffer) else { throw unreadable }
  }

  private func transfer(
    _ rows: Range<Int>?, into numbers: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    if let chunks = PackedChunks(handle), chunks.read(rows ?? 0..<numbers.count, into: numbers) {
      return true
    }
    let (start, count) = Self.selection(rows)
    return hdf5_read_doubles(handle.id, start, count, numbers.baseAddress) != 0
  }

  /// Rows as the shim takes them; what is no range of rows is all of them.
  private static func selection(_ rows: Range<Int>?) -> (start: Int64, count: Int64) {
    (Int64(rows?.lowerBound ?? -1), Int64(rows?.count ?? 0))
  }

  func wholeNumbers(rows: Range<Int>?) throws(HDF5Failure) -> [UInt64]? {
    // A group has none.
    let type = HDF5Handle(H5Dget_type(handle.id))
    guard type.isValid, hdf5_is_integer(type.id) != 0 else { return nil }
    let (start, count) = Self.selection(rows)
    // libhdf5 makes 0 of a negative number that is to become an unsigned one.
    guard hdf5_is_signed(type.id) != 0 else {
      return try read(rows) { hdf5_read_words(handle.id, start, count, $0.baseAddress) != 0 }
    }
    let numbers: [Int64] = try read(rows) {
      hdf5_read_signed_words(handle.id, start, count, $0.baseAddress) != 0
    }
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    return numbers.map { UInt64($0) }
  }

  private func read<Number: BitwiseCopyable>(
    _ rows: Range<Int>?, _ transfer: (UnsafeMutableBufferPointer<Number>) -> Bool
  ) throws(HDF5Failure) -> [Number] {
    let count = try count(rows, of: Number.self)
    guard count > 0 else { return [] }
    if let lack = Memory.lack(of: 2 * count * MemoryLayout<Number>.size) {
      throw .tooLarge(needed: lack.needed, available: lack.available)
    }
    var numbers = [Number](unwritten: count)
    let isRead = numbers.withUnsafeMutableBufferPointer { transfer($0) }
    guard isRead else { throw unreadable }
    return numbers
  }

  private var unreadable: HDF5Failure {
    malformed(
      found: "numbers that libhdf5 cannot read, damaged or packed in an unknown way",
      expected: "a complete dataset")
  }

  /// How many numbers are wanted of a dataset, once it is known that it can hold them.
  private func count<Number>(
    _ rows: Range<Int>?, of type: Number.Type
  ) throws(HDF5Failure) -> Int {
    guard isDataset else { throw malformed(found: "a group", expected: "a dataset") }
    let shape = try shape()
    let type = HDF5Handle(H5Dget_type(handle.id))
    guard type.isValid, hdf5_is_number(type.id) != 0 else {
      throw malformed(
        found: "something else than numbers", expected: "integers or floating-point numbers")
    }
    let properties = HDF5Handle(H5Dget_create_plist(handle.id))
    guard properties.isValid, hdf5_has_external_data(properties.id) == 0 else {
      throw malformed(found: "numbers that stand in other files", expected: "data in the file")
    }
    if let rows {
      guard 1...2 ~= shape.count, rows.upperBound <= shape[0] else {
        throw malformed(
          found: shape.isEmpty ? "no rows" : counted(shape[0], "row", "rows"),
          expected: "\(rows.upperBound) at least")
      }
    }
    let all = Self.product(shape)
    let wanted = rows.map { Self.product([$0.count] + shape.dropFirst()) } ?? all
    guard let all, let count = wanted, count <= Memory.size / (2 * MemoryLayout<Number>.size) else {
      throw malformed(
        found: "more numbers than fit into memory",
        expected: "at most \(Memory.size / (2 * MemoryLayout<Number>.size))")
    }
    if count > 0 {
      try checkStorage(count: all, typeSize: H5Tget_size(type.id), properties, shape)
    }
    return count
  }

  private func checkStorage(
    count: Int, typeSize: Int, _ properties: HDF5Handle, _ shape: [Int]
  ) throws(HDF5Failure) {
    let stored = Int(clamping: H5Dget_storage_size(handle.id))
    let limit = stored.multipliedReportingOverflow(by: Self.largestCompression)
    let needed = count.multipliedReportingOverflow(by: typeSize)
    guard typeSize > 0, !needed.overflow,
      limit.overflow || needed.partialValue <= limit.partialValue
    else {
      throw malformed(
        found: "\(count) numbers of which \(stored) bytes are stored",
        expected: "a dataset that was written")
    }
    guard hdf5_is_chunked(properties.id) != 0 else { return }
    var chunk = [hsize_t](repeating: 0, count: max(1, shape.count))
    guard H5Pget_chunk(properties.id, Int32(chunk.count), &chunk) == shape.count,
      let size = Self.product(chunk.map { Int(clamping: $0) } + [typeSize]),
      limit.overflow || size <= limit.partialValue + 1 << 20
    else {
      throw malformed(
        found: "chunks that are much larger than the dataset", expected: "smaller chunks")
    }
  }

  /// The product of sizes; `nil` when it is no number.
  static func product(_ sizes: [Int]) -> Int? {
    var product = 1
    for size in sizes {
      let (value, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, value >= 0 else { return nil }
      product = value
    }
    return product
  }
}
