import KineticTransport
import Libc
import Synchronization

/// What an unfinished part has found so far, beside the file that it will be: a line for each finding, written
/// as soon as it is there.
///
/// Each line begins with the CRC-32 of its text. A process that is ended, or a machine that stops, leaves at
/// most a last line that is not whole, which counts for nothing.
final class PartJournal: Sendable {
  /// What the findings were when it was opened.
  let known: [Int: JSON]

  private let path: String
  /// The open file, which one process at a time may have.
  private let file: Mutex<Int32>

  /// The path for a part that is to be in a file.
  static func path(beside path: String) -> String { path + ".unfinished" }

  /// Opens the journal of a part, or begins one.
  ///
  /// - Throws: `CommandFailure` where another process has it, or it is of other work.
  init(beside partPath: String, header: PartHeader) throws(CommandFailure) {
    path = Self.path(beside: partPath)
    let descriptor = open(path.systemName, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CommandFailure(
        SnapshotError.cannotCreate(path: path, reason: String(cString: strerror(errno))))
    }
    do throws(CommandFailure) {
      known = try Self.prepare(descriptor, path, header)
    } catch {
      close(descriptor)
      throw error
    }
    file = Mutex(descriptor)
  }

  deinit { file.withLock { _ = close($0) } }

  private static func prepare(
    _ descriptor: Int32, _ path: String, _ header: PartHeader
  ) throws(CommandFailure) -> [Int: JSON] {
    // File systems without locks leave it to the user not to start a part twice.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw CommandFailure(
        .cannotCreate, "Another process is at work on this part; it keeps its findings in \(path).")
    }
    let bytes = try attempt { () throws(SnapshotError) in try DataFile.read(path) }
    guard let content = Content(bytes) else {
      guard Content.isTorn(bytes) else {
        throw CommandFailure(
          .cannotCreate,
          "\(path) holds no findings of a part; remove it, or give another file to -o.")
      }
      try cut(descriptor, path, to: 0)
      try write(
        try text(path) { () throws(JSONError) in try PartCoding.json(header) }, descriptor, path)
      return [:]
    }
    guard content.header == header else {
      let reason =
        PartPlan.difference(content.header.plan, header.plan)
        ?? "they are part \(content.header.part) and part \(header.part)"
      throw CommandFailure(
        .badData,
        "The findings in \(path) do not belong to this part: \(reason). Remove it to begin anew.")
    }
    try cut(descriptor, path, to: content.length)
    return content.findings
  }

  /// What is found of the part with a file that is not there; `nil` where there is nothing.
  static func content(beside partPath: String) -> (header: PartHeader, findings: [Int: JSON])? {
    guard let bytes = try? DataFile.read(path(beside: partPath)) else { return nil }
    return Content(bytes).map { ($0.header, $0.findings) }
  }

  /// Keeps a finding.
  func record(_ unit: Int, _ finding: some Encodable) throws(CommandFailure) {
    let json = try Self.text(path) { () throws(JSONError) in try PartCoding.json(finding) }
    try file.withLock { descriptor throws(CommandFailure) in
      try Self.write(PartCoding.entry(unit, json), descriptor, path)
    }
  }

  /// Removes it, once the part is complete.
  func remove() { unlink(path.systemName) }

  // MARK: Writing

  private static func text(
    _ path: String, _ json: () throws(JSONError) -> JSON
  ) throws(CommandFailure) -> JSON {
    do throws(JSONError) {
      return try json()
    } catch {
      throw CommandFailure(.internal, "\(path): \(error).")
    }
  }

  private static func write(
    _ json: JSON, _ descriptor: Int32, _ path: String
  ) throws(CommandFailure) {
    let text = Array(json.line.utf8)
    var rest = (Array((InputDigest.digits(DataFile.checksum(text)) + " ").utf8) + text + [10])[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Libc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw failure(path)
      }
    }
  }

  private static func cut(
    _ descriptor: Int32, _ path: String, to length: Int
  ) throws(CommandFailure) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure(
      SnapshotError.inputOutput(path: path, reason: String(cString: strerror(errno))))
  }

  // MARK: Reading

  /// What can be read of a journal.
  private struct Content {
    let header: PartHeader
    private(set) var findings: [Int: JSON] = [:]
    /// The bytes of all lines that are whole.
    private(set) var length = 0

    /// `nil` where there is no header.
    init?(_ bytes: [UInt8]) {
      var lines = bytes[...]
      guard let first = Self.line(&lines),
        let header = try? JSONDecoding.value(PartHeader.self, of: first)
      else { return nil }
      self.header = header
      length = lines.startIndex
      while let entry = Self.line(&lines),
        (try? PartCoding.add(entry, to: &findings, header)) != nil
      {
        length = lines.startIndex
      }
    }

    /// Whether it ended within its first line.
    static func isTorn(_ bytes: [UInt8]) -> Bool {
      let digits = Set("0123456789abcdef".utf8)
      return !bytes.contains(10) && bytes.prefix(8).allSatisfy(digits.contains)
    }

    /// Takes a line that is whole; `nil` where there is none.
    private static func line(_ lines: inout ArraySlice<UInt8>) -> JSON? {
      guard let end = lines.firstIndex(of: 10) else { return nil }
      let line = lines[..<end]
      let text = Array(line.dropFirst(9))
      guard line.prefix(9).elementsEqual((InputDigest.digits(DataFile.checksum(text)) + " ").utf8),
        let json = try? JSON(text)
      else { return nil }
      lines = lines[(end + 1)...]
      return json
    }
  }
}
