/// A member of a zip archive, as the archive's directory describes it.
struct ZipMember: Equatable {
  var name: String
  /// 0 for stored, 8 for deflated.
  var method: Int
  var checksum: UInt32
  var compressedSize: Int
  var size: Int
  /// Where the member's own header lies in the file.
  var headerOffset: Int
}

/// The directory of a zip archive, with the 64-bit extension.
///
/// Source: PKWARE, ".ZIP File Format Specification" 6.3.10, sections 4.3 to 4.5.
struct ZipDirectory {
  /// The bytes with which an archive of at least one member begins.
  static let signature: [UInt8] = [0x50, 0x4b, 0x03, 0x04]

  /// The members in the order of the directory.
  private(set) var members: [ZipMember] = []

  private static let endSize = 22
  private static let locatorSize = 20
  private static let end64Size = 56
  private static let entrySize = 46
  /// A directory of more bytes is none of a snapshot, which has a handful of members.
  private static let sizeLimit = 1 << 20

  init(_ file: InputFile) throws(SnapshotError) {
    let (entryCount, offset, size) = try Self.locate(file)
    guard size <= Self.sizeLimit else {
      throw file.malformedZip("a directory of \(size) bytes", "at most \(Self.sizeLimit) bytes")
    }
    let bytes = try file.bytes(at: offset, count: size, of: "the directory")
    var position = 0
    for _ in 0..<entryCount {
      let member = try Self.member(bytes, &position, file)
      guard !members.contains(where: { $0.name == member.name }) else {
        throw file.malformedZip(
          "two members named \(quoted(member.name))", "each name only once")
      }
      members.append(member)
    }
  }

  /// Finds the directory from the record at the file's end.
  private static func locate(
    _ file: InputFile
  ) throws(SnapshotError) -> (entryCount: Int, offset: Int, size: Int) {
    // The record may be followed by a comment of up to 65,535 bytes.
    let tailStart = max(0, file.size - endSize - 0xffff)
    let tail = try file.bytes(at: tailStart, count: file.size - tailStart, of: "the archive")
    guard
      let end = stride(from: tail.count - endSize, through: 0, by: -1).first(where: { start in
        tail.integer(at: start, size: 4) == 0x0605_4b50
          && start + endSize + Int(tail.integer(at: start + 20, size: 2)) == tail.count
      })
    else {
      throw file.malformedZip("no directory at the end of the archive", "a complete .npz file")
    }
    guard tail.integer(at: end + 4, size: 4) == 0 else {
      throw file.malformedZip("an archive of several volumes", "a single file")
    }
    var (entryCount, size, offset) = (
      tail.integer(at: end + 10, size: 2), tail.integer(at: end + 12, size: 4),
      tail.integer(at: end + 16, size: 4)
    )
    if entryCount == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff {
      let locatorStart = tailStart + end - locatorSize
      let locator = try file.bytes(at: locatorStart, count: locatorSize, of: "the directory")
      guard locator.integer(at: 0, size: 4) == 0x0706_4b50,
        let start = Int(exactly: locator.integer(at: 8, size: 8))
      else {
        throw file.malformedZip("no 64-bit directory record", "one, for sizes this large")
      }
      let end64 = try file.bytes(at: start, count: end64Size, of: "the directory")
      guard end64.integer(at: 0, size: 4) == 0x0606_4b50 else {
        throw file.malformedZip("no 64-bit directory record", "one, for sizes this large")
      }
      (entryCount, size, offset) = (
        end64.integer(at: 32, size: 8), end64.integer(at: 40, size: 8),
        end64.integer(at: 48, size: 8)
      )
    }
    guard let entryCount = Int(exactly: entryCount), let size = Int(exactly: size),
      let offset = Int(exactly: offset), entryCount <= size / entrySize
    else {
      throw file.malformedZip("a directory of impossible size", "one that lies in the file")
    }
    return (entryCount, offset, size)
  }

  private static func member(
    _ bytes: [UInt8], _ position: inout Int, _ file: InputFile
  ) throws(SnapshotError) -> ZipMember {
    let start = position
    guard start + entrySize <= bytes.count, bytes.integer(at: start, size: 4) == 0x0201_4b50 else {
      throw file.malformedZip("a directory with a broken entry", "an intact .npz file")
    }
    let nameEnd = start + entrySize + Int(bytes.integer(at: start + 28, size: 2))
    let extraEnd = nameEnd + Int(bytes.integer(at: start + 30, size: 2))
    position = extraEnd + Int(bytes.integer(at: start + 32, size: 2))
    guard position <= bytes.count else {
      throw file.malformedZip("a directory with a broken entry", "an intact .npz file")
    }
    let name = String(decoding: bytes[start + entrySize..<nameEnd], as: UTF8.self)
    guard bytes.integer(at: start + 8, size: 2) & 1 == 0 else {
      throw file.malformedZip("\(quoted(name)) encrypted", "a plain .npz file")
    }
    let method = Int(bytes.integer(at: start + 10, size: 2))
    guard method == 0 || method == 8 else {
      throw file.malformedZip(
        "\(quoted(name)) compressed by method \(method)", "a stored or deflated member")
    }
    var sizes = [24, 20, 42].map { bytes.integer(at: start + $0, size: 4) }
    widen(&sizes, from: bytes[nameEnd..<extraEnd])
    guard let size = Int(exactly: sizes[0]), let compressedSize = Int(exactly: sizes[1]),
      let headerOffset = Int(exactly: sizes[2]), compressedSize <= file.size,
      headerOffset <= file.size - compressedSize,
      method == 0 ? size == compressedSize : Inflation.canYield(size, from: compressedSize)
    else {
      throw file.malformedZip(
        "\(quoted(name)) with sizes of \(sizes[1]) bytes packed and \(sizes[0]) unpacked",
        "sizes that are possible in a file of \(file.size) bytes")
    }
    return ZipMember(
      name: name, method: method, checksum: UInt32(bytes.integer(at: start + 16, size: 4)),
      compressedSize: compressedSize, size: size, headerOffset: headerOffset)
  }

  /// Replaces each number that is all ones by the next of the 64-bit extra field.
  private static func widen(_ sizes: inout [UInt64], from extra: ArraySlice<UInt8>) {
    let extra = Array(extra)
    var position = 0
    while position + 4 <= extra.count {
      let end = position + 4 + Int(extra.integer(at: position + 2, size: 2))
      guard end <= extra.count else { return }
      if extra.integer(at: position, size: 2) == 1 {
        var next = position + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff && next + 8 <= end {
          sizes[index] = extra.integer(at: next, size: 8)
          next += 8
        }
        return
      }
      position = end
    }
  }
}

extension [UInt8] {
  /// The integer of `size` bytes at a position, the lowest byte first.
  ///
  /// - Precondition: the bytes are there.
  func integer(at position: Int, size: Int) -> UInt64 {
    self[position..<position + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension InputFile {
  /// The bytes of a part of the file, which must all be there.
  func bytes(at offset: Int, count: Int, of part: String) throws(SnapshotError) -> [UInt8] {
    guard offset >= 0, offset <= size, count <= size - offset else {
      throw malformedZip("the end of the file in \(part)", "a complete .npz file")
    }
    var buffer = [UInt8](repeating: 0, count: count)
    guard try read(at: offset, into: &buffer, in: 0..<count) == count else {
      throw malformedZip("the end of the file in \(part)", "a complete .npz file")
    }
    return buffer
  }

  func malformedZip(
    _ found: String, _ expected: String, choices: [ReadingChoice] = []
  ) -> SnapshotError {
    .malformed(path: path, place: nil, found: found, expected: expected).leaving(choices)
  }
}
