/// The numbered iterations of one HDF5 file (openPMD, Smilei), which is opened once and read step by step.
///
/// ```swift
/// let series = try IterationSeries(opening: "run.h5")
/// for iteration in series.iterations {
///   let state = try series.read(iteration).measure()
/// }
/// ```
public final class IterationSeries {
  /// Where the file is.
  public let path: String
  /// The numbers of the iterations, in increasing order.
  public let iterations: [Int]

  private let options: ReadingOptions
  /// The root group of the open file; it is used and released only while libhdf5 is held.
  private var root: HDF5Object?

  /// Opens a file and finds its iterations.
  ///
  /// - Parameters:
  ///   - path: where the file is.
  ///   - options: choices for files that leave some; `iteration` is of no account.
  /// - Throws: `SnapshotError`; `malformed` for a file without numbered iterations.
  /// - Complexity: O(iterations).
  public init(
    opening path: String, options: ReadingOptions = ReadingOptions()
  ) throws(SnapshotError) {
    self.path = path
    self.options = options
    let file = try InputFile(path: path)
    let format = try SnapshotFormat(of: file)
    guard format == .hdf5 else {
      throw .malformed(
        path: path, place: nil, found: "a file of the format \(format.rawValue)",
        expected: "an HDF5 file with numbered iterations")
    }
    let (root, iterations) = try HDF5Library.exclusively { () throws(SnapshotError) in
      let root = try HDF5Library.open(file)
      return (root, try HDF5Snapshot.iterations(root))
    }
    self.root = root
    self.iterations = iterations
    guard !iterations.isEmpty else {
      throw .malformed(
        path: path, place: nil, found: "one snapshot without number",
        expected: "an HDF5 file with numbered iterations")
    }
  }

  deinit { HDF5Library.exclusively { root = nil } }

  /// Reads one iteration.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(size of the iteration) in time and memory.
  public func read(_ iteration: Int) throws(SnapshotError) -> SnapshotFile {
    var options = options
    options.iteration = iteration
    let reading = try HDF5Library.exclusively { () throws(SnapshotError) in
      guard let root else { throw .unreadable(path: path, reason: "it is closed") }
      return try HDF5Snapshot.read(root, options)
    }
    return SnapshotFile(path: path, format: .hdf5, reading)
  }
}
