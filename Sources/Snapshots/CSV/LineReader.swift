/// Goes through a text file line by line in memory of a fixed size.
struct LineReader {
  private let file: InputFile
  /// Part of the file, of which everything before `next` has been handed out.
  private var buffer: [UInt8]
  private var next = 0
  private var filled = 0
  private var offset = 0
  /// The number of the line that was read last, from 1.
  private(set) var number = 0

  /// The longest line that is read.
  static let longestLine = 1 << 20

  init(_ file: InputFile) {
    self.file = file
    // No larger than the file: small files are many.
    buffer = [UInt8](repeating: 0, count: min(Self.longestLine, file.size + 1))
  }

  /// Calls `body` with the bytes of the next line, without its end; `nil` when there is none.
  mutating func nextLine<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) throws(SnapshotError) -> Result? {
    var searched = next
    while true {
      if let end = lineEnd(from: searched) {
        defer { next = end + 1 }
        return take(next..<end, body)
      }
      searched = filled - next
      guard try refill() else {
        guard filled > next else { return nil }
        defer { next = filled }
        return take(next..<filled, body)
      }
    }
  }

  private func lineEnd(from start: Int) -> Int? {
    buffer.withUnsafeBufferPointer { bytes in
      bytes[start..<filled].firstIndex(of: UInt8(ascii: "\n"))
    }
  }

  private mutating func take<Result>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    number += 1
    return buffer.withUnsafeBufferPointer { bytes in
      var line = bytes[range]
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      if number == 1, line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
      return body(UnsafeBufferPointer(rebasing: line))
    }
  }

  /// Moves what is left to the front and reads on behind it; false at the end of the file.
  private mutating func refill() throws(SnapshotError) -> Bool {
    let left = filled - next
    guard left < buffer.count else {
      throw .malformed(
        path: file.path, place: "line \(number + 1)",
        found: "a line of more than \(buffer.count) bytes", expected: "shorter lines")
    }
    buffer.replaceSubrange(0..<left, with: Array(buffer[next..<filled]))
    let count = try file.read(at: offset, into: &buffer, in: left..<buffer.count)
    (next, filled) = (0, left + count)
    offset += count
    return count > 0
  }
}
