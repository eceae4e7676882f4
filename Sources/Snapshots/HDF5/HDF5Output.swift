import CHDF5
import Libc
import OptimalTransport

/// An HDF5 file that is being written. It appears under its name complete or not at all.
enum HDF5Output {
  /// Makes a file of what a closure puts into its root group.
  ///
  /// The same contents give the same bytes: no times are stored.
  static func write(
    to path: String, _ body: (HDF5Group) throws(SnapshotError) -> Void
  ) throws(SnapshotError) {
    let output = try OutputFile(path: path)
    guard let descriptor = output.seekableDescriptor else {
      throw .unwritable(path: path, reason: "an HDF5 file cannot be written to a pipe or a device.")
    }
    var sink = hdf5_sink(file: descriptor, error: 0)
    try write(path, &sink, body)
    guard sink.error == 0 else {
      throw .inputOutput(path: path, reason: String(cString: strerror(sink.error)))
    }
    try output.commit()
  }

  /// Lets libhdf5 write to a sink, which keeps an error of the system.
  private static func write(
    _ path: String, _ sink: UnsafeMutablePointer<hdf5_sink>,
    _ body: (HDF5Group) throws(SnapshotError) -> Void
  ) throws(SnapshotError) {
    try HDF5Library.exclusively { () throws(SnapshotError) in
      let file = hdf5_create(sink)
      guard file >= 0 else { throw HDF5Group.failure(path) }
      do throws(SnapshotError) {
        let root = HDF5Handle(hdf5_open_object(file, "/"))
        guard root.isValid else { throw HDF5Group.failure(path) }
        try body(HDF5Group(root, path: path))
      } catch {
        H5Fclose(file)
        throw error
      }
      guard hdf5_finish(file) != 0 else { throw HDF5Group.failure(path) }
    }
  }
}

/// A group, or another object with attributes, of an HDF5 file that is being written.
struct HDF5Group {
  private let handle: HDF5Handle
  private let path: String

  fileprivate init(_ handle: HDF5Handle, path: String) {
    self.handle = handle
    self.path = path
  }

  fileprivate static func failure(_ path: String) -> SnapshotError {
    .inputOutput(path: path, reason: "libhdf5 cannot write the file")
  }

  private func checked(_ id: hid_t) throws(SnapshotError) -> HDF5Handle {
    let handle = HDF5Handle(id)
    guard handle.isValid else { throw Self.failure(path) }
    return handle
  }

  /// A new group in this one.
  func group(_ name: String) throws(SnapshotError) -> HDF5Group {
    HDF5Group(try checked(hdf5_create_group(handle.id, name)), path: path)
  }

  /// A new dataset of numbers in this group.
  ///
  /// - Parameter shape: the sizes; their product is the number of numbers.
  @discardableResult
  func dataset(
    _ name: String, _ numbers: [Double], shape: [Int]? = nil
  ) throws(SnapshotError) -> HDF5Group {
    let set = try dataset(name, hdf5_type_double(), shape ?? [numbers.count])
    guard hdf5_write_doubles(set.handle.id, numbers) != 0 else { throw Self.failure(path) }
    return set
  }

  /// A new dataset of so many numbers, which are yet to be written.
  func dataset(_ name: String, count: Int) throws(SnapshotError) -> HDF5Group {
    try dataset(name, hdf5_type_double(), [count])
  }

  /// Writes numbers of this dataset from a place on.
  func write(_ column: CoordinateColumn, at start: Int) throws(SnapshotError) {
    let isWritten = column.withNumbers { numbers in
      hdf5_write_some_doubles(
        handle.id, Int64(start), Int64(numbers.count), numbers.baseAddress) != 0
    }
    guard isWritten else { throw Self.failure(path) }
  }

  /// A new dataset of whole numbers in this group.
  @discardableResult
  func dataset(
    _ name: String, wholes numbers: [UInt64], shape: [Int]? = nil
  ) throws(SnapshotError) -> HDF5Group {
    let set = try dataset(name, hdf5_type_word(), shape ?? [numbers.count])
    guard hdf5_write_words(set.handle.id, numbers) != 0 else { throw Self.failure(path) }
    return set
  }

  private func dataset(
    _ name: String, _ type: hid_t, _ shape: [Int]
  ) throws(SnapshotError) -> HDF5Group {
    let space = try space(shape)
    return HDF5Group(
      try checked(hdf5_create_dataset(handle.id, name, type, space.id)), path: path)
  }

  // MARK: Attributes

  /// Sets an attribute of one number.
  func set(_ name: String, _ value: Double) throws(SnapshotError) {
    try set(name, hdf5_type_double(), nil, [value])
  }

  /// Sets an attribute of several numbers.
  func set(_ name: String, _ values: [Double]) throws(SnapshotError) {
    try set(name, hdf5_type_double(), values.count, values)
  }

  /// Sets an attribute of one whole number.
  func set(_ name: String, whole value: UInt32) throws(SnapshotError) {
    try set(name, hdf5_type_halfword(), nil, [value])
  }

  /// Sets an attribute of several whole numbers.
  func set(_ name: String, wholes values: [UInt64]) throws(SnapshotError) {
    try set(name, hdf5_type_word(), values.count, values)
  }

  /// Sets an attribute of one text, in ASCII as the openPMD standard 1.1 wants it.
  func set(_ name: String, _ text: String) throws(SnapshotError) {
    try set(name, texts: [text], isArray: false)
  }

  /// Sets an attribute of several texts.
  func set(_ name: String, _ texts: [String]) throws(SnapshotError) {
    try set(name, texts: texts, isArray: true)
  }

  private func set(_ name: String, texts: [String], isArray: Bool) throws(SnapshotError) {
    let size = max(1, texts.map(\.utf8.count).max() ?? 1)
    let type = try checked(hdf5_type_text(size))
    let bytes = texts.flatMap { text in
      Array(text.utf8) + Array(repeating: 0, count: size - text.utf8.count)
    }
    try set(name, type.id, isArray ? texts.count : nil, bytes)
  }

  private func set(
    _ name: String, _ type: hid_t, _ count: Int?, _ value: UnsafeRawPointer
  ) throws(SnapshotError) {
    let space = try space(count.map { [$0] } ?? [])
    let attribute = try checked(hdf5_create_attribute(handle.id, name, type, space.id))
    guard H5Awrite(attribute.id, type, value) >= 0 else { throw Self.failure(path) }
  }

  private func space(_ shape: [Int]) throws(SnapshotError) -> HDF5Handle {
    try checked(
      shape.isEmpty
        ? H5Screate(H5S_SCALAR)
        : H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil))
  }
}
