import Libc

/// A file open for reading at any place. What is no regular file (a pipe) is read into memory first.
final class InputFile {
  let path: String
  /// The number of bytes.
  let size: Int
  private let descriptor: Descriptor
  /// The bytes of what is no regular file; `nil` for one.
  let contents: [UInt8]?

  init(path: String) throws(SnapshotError) {
    self.path = path
    descriptor = Descriptor(open(path.systemName, O_RDONLY | O_CLOEXEC))
    guard descriptor.value >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing(path: path) : .unreadable(path: path, reason: systemMessage())
    }
    var status = stat()
    guard fstat(descriptor.value, &status) == 0 else {
      throw .unreadable(path: path, reason: systemMessage())
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      contents = nil
      size = Int(status.st_size)
    case S_IFDIR:
      throw .unreadable(path: path, reason: ADIOS2.reason(path) ?? "it is a directory")
    case S_IFIFO, S_IFSOCK:
      let contents = try readToEnd(descriptor, path)
      guard !contents.isEmpty else {
        throw .malformed(
          path: path, place: nil, found: "a pipe without data",
          expected: "a snapshot, from a pipe that nobody has read before")
      }
      self.contents = contents
      size = contents.count
    default:
      throw .unreadable(path: path, reason: "it is neither a file nor a pipe")
    }
  }

  /// Fills part of a buffer with the bytes at an offset of the file, as far as they go.
  ///
  /// - Returns: the number of bytes read, less than asked for only at the end of the file.
  func read(
    at offset: Int, into buffer: inout [UInt8], in range: Range<Int>
  ) throws(SnapshotError) -> Int {
    let room = min(range.count, max(0, size - offset))
    if let contents {
      let part = range.lowerBound..<range.lowerBound + room
      buffer.replaceSubrange(part, with: contents[offset..<offset + room])
      return room
    }
    var done = 0
    while done < room {
      let file = descriptor.value
      let count = buffer.withUnsafeMutableBytes { bytes in
        pread(
          file, bytes.baseAddress?.advanced(by: range.lowerBound + done), room - done,
          off_t(offset + done))
      }
      if count > 0 {
        done += count
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw .inputOutput(path: path, reason: systemMessage())
      }
    }
    return done
  }
}

/// Part of a file, read from its beginning to its end.
struct FileSection {
  let file: InputFile
  /// Where the bytes lie that were not read yet.
  private(set) var rest: Range<Int>

  init(_ file: InputFile, _ range: Range<Int>) {
    self.file = file
    rest = range
  }

  /// Takes so many bytes off the beginning; `nil` where there are not as many.
  mutating func taken(_ count: Int) -> FileSection? {
    guard count <= rest.count else { return nil }
    let taken = FileSection(file, rest.lowerBound..<rest.lowerBound + count)
    rest = rest.lowerBound + count..<rest.upperBound
    return taken
  }

  /// Fills part of a buffer, as far as the section goes.
  mutating func read(
    into buffer: inout [UInt8], in range: Range<Int>
  ) throws(SnapshotError) -> Int {
    let count = try file.read(
      at: rest.lowerBound, into: &buffer, in: range.prefix(rest.count))
    rest = rest.lowerBound + count..<rest.upperBound
    return count
  }

  /// Passes over bytes, as far as the section goes.
  mutating func skip(_ count: Int) -> Int {
    let skipped = min(count, rest.count)
    rest = rest.lowerBound + skipped..<rest.upperBound
    return skipped
  }
}

/// A file descriptor that closes itself.
struct Descriptor: ~Copyable {
  let value: Int32
  init(_ value: Int32) { self.value = value }
  deinit { if value >= 0 { close(value) } }
}

/// What the system says about its last error.
func systemMessage() -> String { String(cString: strerror(errno)) }

/// What comes through a pipe is kept in memory; more than this is taken for endless.
private let longestPipe = 1 << 32

private func readToEnd(
  _ descriptor: borrowing Descriptor, _ path: String
) throws(SnapshotError) -> [UInt8] {
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while contents.count <= longestPipe {
    let file = descriptor.value
    let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    if count > 0 {
      contents += chunk[..<count]
    } else if count == 0 {
      return contents
    } else if errno != EINTR {
      throw .inputOutput(path: path, reason: systemMessage())
    }
  }
  throw .unreadable(path: path, reason: "it is a pipe that gives more than \(longestPipe) bytes")
}
