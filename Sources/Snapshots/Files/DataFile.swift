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

  /// Reads a small text file.
  ///
  /// - Throws: `SnapshotError` when it cannot be read, is larger than a megabyte, or is no UTF-8.
  public static func readText(_ path: String) throws(SnapshotError) -> String {
    let file = try InputFile(path: path)
    let limit = 1 << 20
    guard file.size <= limit else {
      throw .malformed(
        path: path, place: nil, found: "\(file.size) bytes", expected: "at most \(limit)")
    }
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = try file.read(at: 0, into: &bytes, in: 0..<bytes.count)
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      throw .malformed(
        path: path, place: nil, found: "bytes that are no text", expected: "a text in UTF-8")
    }
    return text
  }
}
