import Libc

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

extension DataFile {
  /// Whether there is something of a name.
  package static func exists(_ path: String) -> Bool { access(path.systemName, F_OK) == 0 }

  /// All bytes of a file.
  ///
  /// - Throws: `SnapshotError` when it cannot be read.
  package static func read(_ path: String) throws(SnapshotError) -> [UInt8] {
    let file = try InputFile(path: path)
    var bytes = [UInt8](repeating: 0, count: file.size)
    let count = try file.read(at: 0, into: &bytes, in: 0..<bytes.count)
    return Array(bytes.prefix(count))
  }

  /// The size of a file and the CRC-32 of all its bytes, which are read piece by piece.
  ///
  /// - Throws: `SnapshotError` when it cannot be read.
  package static func digest(_ path: String) throws(SnapshotError) -> (size: Int, checksum: UInt32)
  {
    let file = try InputFile(path: path)
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    var checksum = Checksum()
    while true {
      let count = try file.read(at: checksum.count, into: &piece, in: 0..<piece.count)
      guard count > 0 else { return (checksum.count, checksum.value) }
      checksum.add(piece[..<count])
    }
  }

  /// The size of a file and the CRC-32 of its first and last bytes, of so many each, for files that take long to read.
  ///
  /// - Throws: `SnapshotError` when it cannot be read.
  package static func digestOfEnds(
    _ path: String, count: Int = 1 << 20
  ) throws(SnapshotError) -> (size: Int, checksum: UInt32) {
    let file = try InputFile(path: path)
    var checksum = Checksum()
    for start in [0, max(count, file.size - count)] {
      var piece = [UInt8](repeating: 0, count: count)
      let read = try file.read(at: start, into: &piece, in: 0..<piece.count)
      checksum.add(piece[..<read])
    }
    return (file.size, checksum.value)
  }

  /// The CRC-32 of some bytes.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var checksum = Checksum()
    checksum.add(bytes[...])
    return checksum.value
  }
}
