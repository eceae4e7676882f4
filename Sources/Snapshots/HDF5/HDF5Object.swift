import CHDF5

/// A group or a dataset of an HDF5 file that is open for reading.
struct HDF5Object {
  /// The file.
  let path: String
  /// Where the object stands in the file, such as `/data/100/particles`.
  let name: String
  let handle: HDF5Handle

  init(root file: HDF5Handle, path: String) throws(SnapshotError) {
    handle = HDF5Handle(hdf5_open_object(file.id, "/"))
    self.path = path
    name = "/"
    guard handle.isValid else {
      throw malformed(found: "no root group", expected: "a complete HDF5 file")
    }
  }

  private init(_ handle: HDF5Handle, path: String, name: String) {
    self.handle = handle
    self.path = path
    self.name = name
  }

  var isGroup: Bool { hdf5_is_group(handle.id) != 0 }
  var isDataset: Bool { hdf5_is_dataset(handle.id) != 0 }

  /// The error of an object that is not as it should be.
  func malformed(found: String, expected: String) -> SnapshotError {
    .malformed(path: path, place: name, found: found, expected: expected)
  }

  // MARK: Members

  private static let largestCount = 1_000_000

  /// The names of the members of a group, in the order of the file.
  func memberNames() throws(SnapshotError) -> [String] {
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

  /// A member of a group, found along names with slashes between; `nil` when there is none.
  func member(_ relative: some StringProtocol) throws(SnapshotError) -> HDF5Object? {
    var object = self
    for part in relative.split(separator: "/") where part != "." {
      guard object.isGroup, hdf5_has_link(object.handle.id, String(part)) != 0 else { return nil }
      guard hdf5_is_local(object.handle.id, String(part)) != 0 else {
        throw object.malformed(
          found: "a link \(quoted(part)) to another file", expected: "data in the file itself")
      }
      let handle = HDF5Handle(hdf5_open_object(object.handle.id, String(part)))
      let name = object.name == "/" ? "/\(part)" : "\(object.name)/\(part)"
      let next = HDF5Object(handle, path: path, name: name)
      guard handle.isValid, next.isGroup || next.isDataset else {
        throw next.malformed(
          found: "an object that cannot be opened", expected: "a group or a dataset")
      }
      object = next
    }
    return object
  }

  // MARK: Numbers

  /// The sizes of a dataset along its dimensions.
  func shape() throws(SnapshotError) -> [Int] {
    let space = HDF5Handle(H5Dget_space(handle.id))
    return try sizes(of: space)
  }

  func sizes(of space: HDF5Handle) throws(SnapshotError) -> [Int] {
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

  /// All numbers of a dataset in the order of the file, the last dimension fastest.
  ///
  /// - Throws: `SnapshotError`, before anything is allocated, when the dataset claims more than it
  ///   can hold.
  func numbers() throws(SnapshotError) -> [Double] { try read(nil, hdf5_read_doubles) }

  /// All numbers of a dataset of integers; `nil` when they are none or some are negative.
  ///
  /// - Throws: `SnapshotError`, as `numbers()` does.
  func wholeNumbers() throws(SnapshotError) -> [UInt64]? { try wholes(nil) }

  /// A row of a dataset of two dimensions, of which nothing else is read.
  func row(_ index: Int) throws(SnapshotError) -> [Double] { try read(index, hdf5_read_doubles) }

  /// A row of integers of a dataset of two dimensions; `nil` when they are none or some are negative.
  func wholeRow(_ index: Int) throws(SnapshotError) -> [UInt64]? { try wholes(index) }

  private func wholes(_ row: Int?) throws(SnapshotError) -> [UInt64]? {
    guard isDataset else { return nil }
    let type = HDF5Handle(H5Dget_type(handle.id))
    guard type.isValid, hdf5_is_integer(type.id) != 0 else { return nil }
    // libhdf5 makes 0 of a negative number that is to become an unsigned one.
    guard hdf5_is_signed(type.id) != 0 else { return try read(row, hdf5_read_words) }
    let numbers: [Int64] = try read(row, hdf5_read_signed_words)
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    return numbers.map { UInt64($0) }
  }

  private func read<Number>(
    _ row: Int?, _ transfer: (hid_t, Int64, UnsafeMutablePointer<Number>) -> Int32
  ) throws(SnapshotError) -> [Number] {
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
    let all = Self.product(shape)
    guard let all, all <= Memory.size / (2 * MemoryLayout<Number>.size) else {
      throw malformed(
        found: "more numbers than fit into memory",
        expected: "at most \(Memory.size / (2 * MemoryLayout<Number>.size))")
    }
    if let row {
      guard shape.count == 2, row < shape[0] else {
        throw malformed(
          found: shape.count == 2 ? "\(counted(shape[0], "row", "rows"))" : "no rows",
          expected: "a row \(row + 1)")
      }
    }
    let count = row == nil ? all : shape[1]
    guard count > 0 else { return [] }
    try checkStorage(count: all, typeSize: H5Tget_size(type.id), properties, shape)
    var isRead = false
    let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      isRead = transfer(handle.id, Int64(row ?? -1), start) != 0
      initialized = isRead ? count : 0
    }
    guard isRead else {
      throw malformed(
        found: "numbers that libhdf5 cannot read, damaged or packed in an unknown way",
        expected: "a complete dataset")
    }
    return numbers
  }

  private func checkStorage(
    count: Int, typeSize: Int, _ properties: HDF5Handle, _ shape: [Int]
  ) throws(SnapshotError) {
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
