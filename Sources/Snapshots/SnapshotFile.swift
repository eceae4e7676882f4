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

  /// Reads a snapshot. The format is told by the file's first bytes, else by its extension.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(size of the file) in time and memory, whatever sizes the file claims.
  public static func read(_ path: String) throws(SnapshotError) -> SnapshotFile {
    let file = try InputFile(path: path)
    let format = try SnapshotFormat(of: file)
    let (snapshot, layout) =
      switch format {
      case .csv: try CSVReader.read(file)
      case .npy: try NPYSnapshot.read(file)
      case .npz: try NPZSnapshot.read(file)
      }
    return SnapshotFile(path: path, format: format, layout: layout, snapshot: snapshot)
  }

  /// Writes a snapshot in the format that the path's extension names. The file appears complete
  /// or not at all; one that was there before stays as it was until then. Time and box are left out
  /// where the format has no place for them (`SnapshotFormat.omissions(of:)`).
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(n).
  public static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    guard let format = SnapshotFormat(path: path) else {
      throw .unwritable(
        path: path,
        reason: "the format is told by the file name's extension: \(SnapshotFormat.list).")
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
    }
  }

  /// The measure that the snapshot stands for.
  ///
  /// - Parameter box: the box to use instead of the file's own.
  /// - Throws: `SnapshotError`, which names the file.
  public func measure(box: Domain? = nil) throws(SnapshotError) -> PhaseSpaceMeasure {
    do {
      return try snapshot.measure(box: box)
    } catch {
      throw .unusable(path: path, reason: error)
    }
  }
}
