import CHDF5
import Synchronization

/// libhdf5, which only one thread may use at a time.
enum HDF5Library {
  private static let lock = Mutex(())

  /// Opens a file for reading and hands over its root group. No object of the file may outlive the
  /// call.
  static func read<Result>(
    _ file: InputFile, _ body: (HDF5Object) throws(SnapshotError) -> Result
  ) throws(SnapshotError) -> Result {
    try exclusively { () throws(SnapshotError) in try body(try open(file)) }
  }

  /// The root group of a file that is opened for reading, while libhdf5 is held.
  static func open(_ file: InputFile) throws(SnapshotError) -> HDF5Object {
    let contents = file.contents
    do throws(HDF5Failure) {
      let root: any HDF5Source =
        if let channel = HDF5Reading.channel {
          try RemoteHDF5Node(opening: file.path, contents, on: HDF5Client(channel))
        } else {
          try root(of: file.path, contents)
        }
      return HDF5Object(root, path: file.path, name: "/")
    } catch {
      throw error.error(path: file.path)
    }
  }

  /// The root group of a file that libhdf5 opens in this process.
  ///
  /// - Parameter contents: the bytes of the file where it cannot be opened a second time, as a pipe.
  static func root(of path: String, _ contents: [UInt8]?) throws(HDF5Failure) -> HDF5Node {
    let file = HDF5Handle(
      contents.map { hdf5_open_bytes($0, $0.count) } ?? hdf5_open(path.systemName))
    guard file.isValid else {
      throw .malformed(
        place: nil, found: "a file that libhdf5 cannot open (cut off or damaged)",
        expected: "a complete HDF5 file")
    }
    return try HDF5Node(root: file)
  }

  /// Runs something that uses libhdf5.
  static func exclusively<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The lock hands a result on only when it is sendable, so the outcome leaves by a variable.
    var outcome: Swift.Result<Result, Failure>?
    lock.withLock { _ in
      // The stack of messages belongs to the thread, and to whoever else uses libhdf5 in it.
      let messages = hdf5_silence()
      defer { hdf5_restore(messages) }
      outcome = Swift.Result(catching: body)
    }
    switch outcome {
    case .success(let result)?: return result
    case .failure(let error)?: throw error
    case nil: preconditionFailure("The lock did not run its body.")
    }
  }
}

/// An identifier of libhdf5 that is given back by itself.
final class HDF5Handle {
  let id: hid_t
  init(_ id: hid_t) { self.id = id }
  deinit { if id >= 0 { H5Idec_ref(id) } }
  var isValid: Bool { id >= 0 }
}

extension Swift.Result {
  fileprivate init(catching body: () throws(Failure) -> Success) {
    do throws(Failure) { self = .success(try body()) } catch { self = .failure(error) }
  }
}
