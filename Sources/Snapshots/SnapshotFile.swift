import Libc
import OptimalTransport
import PhaseSpace

/// A snapshot that was read from a file, and how the file was understood.
public struct SnapshotFile: Sendable {
  /// Where it was read.
  public let path: String
  /// The format of the file.
  public let format: SnapshotFormat
  /// The columns or arrays that were found, in words.
  public let layout: String
  /// What they hold.
  public let snapshot: Snapshot
  /// The density on a grid from which the snapshot was made, for an archive with the array `f`.
  public let density: DensityGrid?
  /// What else the file states: species, units and the like.
  public let facts: [SnapshotFact]
  /// What was assumed or left out.
  public let notes: [ReadingNote]
  /// What the coordinates are called, and in which units they are.
  public let coordinates: CoordinateNames

  /// Reads a snapshot. The format is detected from the first bytes, else from the extension.
  ///
  /// - Parameters:
  ///   - path: where the file is; a pipe is read to its end.
  ///   - options: choices for files that leave some.
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(size of the file) in time and memory, whatever sizes the file claims.
  public static func read(
    _ path: String, options: ReadingOptions = ReadingOptions()
  ) throws(SnapshotError) -> SnapshotFile {
    let file = try InputFile(path: path)
    let format = try SnapshotFormat(of: file)
    try check(options, for: format, path)
    return SnapshotFile(path: path, format: format, try read(file, format, options))
  }

  static func read(
    _ file: InputFile, _ format: SnapshotFormat, _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    let reading =
      switch format {
      case .csv: try CSVReader.read(file, options)
      case .npy: try NPYSnapshot.read(file, options.columns)
      case .npz: try NPZSnapshot.read(file, options)
      case .hdf5: try HDF5Snapshot.read(file, options)
      case .gkyl: try GkeyllSnapshot.read(file, options)
      }
    // openPMD and tracks do not even read what is not wanted.
    if format == .hdf5, options.datasets == nil { return reading }
    return try reading.selecting(options, file.path)
  }

  /// What is said of every density on a grid that becomes particles.
  public static let cloudNote: ReadingNote =
    "The density on a grid is taken for a cloud: a particle at the centre of each cell of positive mass."

  /// Refuses choices that a format does not leave.
  static func check(
    _ options: ReadingOptions, for format: SnapshotFormat, _ path: String
  ) throws(SnapshotError) {
    if let iteration = options.iteration, format != .hdf5 || options.datasets != nil {
      throw .undecided(
        path: path, place: nil, found: "one snapshot without number",
        expected: "no choice of an iteration", choices: [.iteration("\(iteration)")])
    }
    if options.columns != nil, format == .hdf5 || format == .gkyl {
      throw .undecided(
        path: path, place: nil, found: "arrays that have names",
        expected: "a .csv, .npy or .npz file", choices: [.columns, .points])
    }
    if format != .hdf5 || options.datasets != nil { try options.checkNoKinematics(path) }
    if options.separator != nil || options.hasDecimalComma, format != .csv {
      throw .undecided(
        path: path, place: nil, found: "a file that is no text", expected: "a .csv file",
        choices: options.separator != nil ? [.separator] : [.decimalComma])
    }
  }

  /// The numbers of the iterations in a file, in increasing order; empty where there is one
  /// snapshot without number, and for a pipe, which can be read only once.
  ///
  /// - Throws: `SnapshotError`.
  public static func iterations(of path: String) throws(SnapshotError) -> [Int] {
    var status = stat()
    if stat(path.systemName, &status) == 0, status.st_mode & S_IFMT != S_IFREG,
      status.st_mode & S_IFMT != S_IFDIR
    {
      return []
    }
    let file = try InputFile(path: path)
    guard try SnapshotFormat(of: file) == .hdf5 else { return [] }
    return try HDF5Library.read(file) { root throws(SnapshotError) in
      try HDF5Snapshot.iterations(root)
    }
  }

  /// Writes a snapshot in the format of the path's extension. The file appears complete
  /// or not at all; one that was there before stays as it was until then. Time and box are left out
  /// where the format has no place for them (`SnapshotFormat.omissions(of:)`).
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(n).
  public static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    guard let format = SnapshotFormat(path: path), format.isWritable else {
      throw .unwritable(
        path: path,
        reason: "the format is chosen by the extension: \(SnapshotFormat.writableList).")
    }
    do {
      // Whatever is written can be read again.
      _ = try snapshot.measure()
    } catch {
      throw .unusable(path: path, reason: error)
    }
    switch format {
    case .csv: try CSVWriter.write(snapshot, to: path)
    case .npy: try NPYSnapshot.write(snapshot, to: path)
    case .npz: try NPZSnapshot.write(snapshot, to: path)
    case .hdf5: try OpenPMDWriter.write(snapshot, to: path)
    case .gkyl: break
    }
  }

  /// The same file with another snapshot in the place of the one that was read.
  ///
  /// - Parameters:
  ///   - snapshot: what takes the place of the one that was read.
  ///   - name: how sentences name it, if not by its path.
  ///   - more: what else was assumed.
  ///   - coordinates: what the coordinates are called now, if not as before.
  public func replacing(
    _ snapshot: Snapshot, named name: String? = nil, notes more: [ReadingNote] = [],
    coordinates: CoordinateNames? = nil
  ) -> SnapshotFile {
    SnapshotFile(
      path: name ?? path, format: format, layout: layout, snapshot: snapshot, density: nil,
      facts: facts, notes: notes + more, coordinates: coordinates ?? self.coordinates)
  }

  /// The measure that the snapshot stands for.
  ///
  /// - Parameter box: the box to use instead of the file's own.
  /// - Throws: `SnapshotError`, which names the file.
  public func measure(box: ProductDomain? = nil) throws(SnapshotError) -> PhaseSpaceMeasure {
    do {
      return try snapshot.measure(box: box)
    } catch {
      throw .unusable(path: path, reason: error)
    }
  }
}

extension SnapshotFile {
  /// What a reader found in a file.
  init(path: String, format: SnapshotFormat, _ reading: Reading) {
    self.init(
      path: path, format: format, layout: reading.layout, snapshot: reading.snapshot,
      density: reading.density, facts: reading.facts, notes: reading.notes,
      coordinates: reading.coordinates
        ?? CoordinateNames(
          positions: reading.snapshot.positions.count,
          velocities: reading.snapshot.velocities.count))
  }
}
