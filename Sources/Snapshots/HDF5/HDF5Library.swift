import CHDF5
import Synchronization

/// libhdf5, which only one thread may use at a time.
enum HDF5Library {
  private static let lock = Mutex(())

  /// Opens a file for reading and hands over its root group. No object of the file may outlive the
  /// call.
  static func read<Result>(
    _ path: String, _ body: (HDF5Object) throws(SnapshotError) -> Result
  ) throws(SnapshotError) -> Result {
    try exclusively { () throws(SnapshotError) in
      try rehearse(path, body)
      return try body(try open(path))
    }
  }

  /// Reads a file in a copy of the process first. libhdf5 takes what stands in a file for right: a
  /// damaged one can crash it or keep it busy for ever, and what happens to the copy would happen to
  /// the process itself.
  ///
  /// Another thread may hold a lock of the Swift runtime while the process is copied, for which the
  /// copy then waits without end. This says nothing of the file, and another copy finds the lock free.
  private static func rehearse<Result>(
    _ path: String, _ body: (HDF5Object) throws(SnapshotError) -> Result
  ) throws(SnapshotError) {
    let size = try InputFile(path: path).size
    for _ in 0..<largestAttempts {
      let copy = hdf5_split(Int32(clamping: 30 + size / slowestSpeed))
      if copy == 0 {
        if let root = try? open(path) { _ = try? body(root) }
        hdf5_leave()
      }
      let outcome = copy < 0 ? hdf5_ended : Int(hdf5_outcome(copy))
      if outcome == hdf5_ended { return }
      guard outcome == hdf5_stuck else {
        throw .malformed(
          path: path, place: nil, found: "a damaged file, on which libhdf5 crashes or never ends",
          expected: "a complete HDF5 file")
      }
    }
  }

  private static let largestAttempts = 5

  /// Bytes a second; whoever reads more slowly is taken for one who never ends.
  private static let slowestSpeed = 5_000_000

  /// The root group of a file that is opened for reading, while libhdf5 is held.
  static func open(_ path: String) throws(SnapshotError) -> HDF5Object {
    let file = HDF5Handle(hdf5_open(path))
    guard file.isValid else {
      throw .malformed(
        path: path, place: nil, found: "a file that libhdf5 cannot open (cut off or damaged)",
        expected: "a complete HDF5 file")
    }
    return try HDF5Object(root: file, path: path)
  }

  /// Runs something that uses libhdf5.
  static func exclusively<Result>(
    _ body: () throws(SnapshotError) -> Result
  ) throws(SnapshotError) -> Result {
    // The lock hands a result on only when it is sendable, so the outcome leaves by a variable.
    var outcome: Swift.Result<Result, SnapshotError>?
    lock.withLock { _ in
      // The stack of messages belongs to the thread.
      hdf5_silence()
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
