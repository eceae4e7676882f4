import KineticTransport

/// What tells whether a file is still what it was.
struct InputDigest: Sendable, Equatable, Codable {
  /// As the command line or a pattern names it.
  let path: String
  /// In bytes.
  let size: Int
  /// CRC-32 of all bytes, or of those at both ends, as in zip archives, in hexadecimal digits.
  let crc32: String

  /// Reads a file from its beginning to its end.
  ///
  /// - Parameter endsOnly: reads only where it begins and ends.
  init(_ path: String, endsOnly: Bool = false) throws(CommandFailure) {
    guard !SnapshotReference.isPipe(path) else {
      throw CommandFailure(
        .usage, "\(path) is a pipe, which can be read only once; parts need files that stay.")
    }
    let digest = try attempt { () throws(SnapshotError) in
      try endsOnly ? DataFile.digestOfEnds(path) : DataFile.digest(path)
    }
    self.path = FileName.shown(path)
    size = digest.size
    crc32 = Self.digits(digest.checksum)
  }

  /// Eight hexadecimal digits.
  static func digits(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The files behind names of snapshots, each once.
  static func of(
    _ names: [String], endsOnly: Bool = false
  ) throws(CommandFailure) -> [InputDigest] {
    var seen: Set<String> = []
    return try names.map { SnapshotReference.parts(of: $0).path }
      .filter { seen.insert($0).inserted }
      .map { path throws(CommandFailure) in try InputDigest(path, endsOnly: endsOnly) }
  }

  /// What makes it another file than one of the same name.
  func difference(from other: InputDigest) -> String? {
    if size != other.size { return "\(size) and \(other.size) bytes" }
    return crc32 == other.crc32 ? nil : "\(size) other bytes"
  }
}
