/// A file of any bytes that appears complete or not at all.
public enum DataFile {
  /// Writes bytes to a file. One that was there before stays as it was until they are all written.
  ///
  /// - Throws: `SnapshotError.cannotCreate` or `.inputOutput`.
  public static func write(_ bytes: [UInt8], to path: String) throws(SnapshotError) {
    let file = try OutputFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Finds out whether a file can be created, before work is done for it.
  ///
  /// - Throws: `SnapshotError.cannotCreate`.
  public static func checkCreatable(_ path: String) throws(SnapshotError) {
    _ = try OutputFile(path: path)
  }
}
