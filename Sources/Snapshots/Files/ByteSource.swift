/// A stream of bytes: a file, or a member of an archive as it unpacks.
protocol ByteSource: AnyObject {
  /// The file.
  var path: String { get }
  /// How an error names the member of the archive; `nil` for a file of its own.
  var member: String? { get }
  /// The bytes still to come, as far as file or archive state them; the archive's word was checked
  /// to be possible.
  var size: Int { get }
  /// Fills a buffer from its start, as far as the stream goes.
  ///
  /// - Returns: the number of bytes read, less than the buffer's size only at the end.
  func read(into buffer: inout [UInt8]) throws(SnapshotError) -> Int
  /// Passes over so many bytes, where they can be read from a file in any order.
  ///
  /// - Returns: where they stand; `nil` where they must be read one after the other.
  func taken(_ count: Int) -> FileSection?
  /// Passes over bytes without looking at them.
  ///
  /// - Returns: the number of bytes passed over, less than asked for only at the end.
  func skip(_ count: Int) throws(SnapshotError) -> Int
}

extension ByteSource {
  func taken(_ count: Int) -> FileSection? { nil }

  /// What is unpacked and checked has to be read.
  func skip(_ count: Int) throws(SnapshotError) -> Int {
    var bytes: [UInt8] = []
    var done = 0
    while done < count {
      let part = min(count - done, 1 << 20)
      if bytes.count != part { bytes = [UInt8](repeating: 0, count: part) }
      let read = try read(into: &bytes)
      done += read
      if read < part { break }
    }
    return done
  }

  /// The error of bytes that are not as the format demands.
  ///
  /// - Parameter choices: what could say otherwise.
  func malformed(
    _ place: String?, found: String, expected: String, choices: [ReadingChoice] = []
  ) -> SnapshotError {
    let places = [member, place].compactMap(\.self)
    return .malformed(
      path: path, place: places.isEmpty ? nil : places.joined(separator: ", "), found: found,
      expected: expected
    ).leaving(choices)
  }

  /// The error of a stream that ends too early.
  func truncated(at byte: Int, missing: String) -> SnapshotError {
    malformed("at byte \(byte)", found: "the end of the data", expected: missing)
  }
}

/// The bytes of a file from first to last.
final class FileBytes: ByteSource {
  private var section: FileSection

  init(_ file: InputFile) { section = FileSection(file, 0..<file.size) }

  var path: String { section.file.path }
  var member: String? { nil }
  var size: Int { section.rest.count }

  func read(into buffer: inout [UInt8]) throws(SnapshotError) -> Int {
    try section.read(into: &buffer, in: 0..<buffer.count)
  }

  func taken(_ count: Int) -> FileSection? { section.taken(count) }

  func skip(_ count: Int) -> Int { section.skip(count) }
}
