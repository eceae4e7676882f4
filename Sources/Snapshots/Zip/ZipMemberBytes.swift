/// The bytes of a member of a zip archive, unpacked as they are read and checked at the end against
/// the size and the checksum that the archive states.
final class ZipMemberBytes: ByteSource {
  let path: String
  let member: String?
  private let entry: ZipMember
  private let inflation: Inflation?
  private var section: FileSection
  private var checksum = Checksum()
  private var isChecked = false

  init(_ entry: ZipMember, of file: InputFile, called name: String) throws(SnapshotError) {
    path = file.path
    member = name
    self.entry = entry
    let headerSize = 30
    let header = try file.bytes(at: entry.headerOffset, count: headerSize, of: name)
    guard header.starts(with: ZipDirectory.signature) else {
      throw file.malformedZip("no member where \(name) should begin", "an intact .npz file")
    }
    let start =
      entry.headerOffset + headerSize + Int(header.integer(at: 26, size: 2))
      + Int(header.integer(at: 28, size: 2))
    guard start <= file.size - entry.compressedSize else {
      throw file.malformedZip("the end of the file in \(name)", "a complete .npz file")
    }
    section = FileSection(file, start..<start + entry.compressedSize)
    inflation = entry.method == 0 ? nil : try Inflation(file)
  }

  var size: Int { max(0, entry.size - checksum.count) }

  func read(into buffer: inout [UInt8]) throws(SnapshotError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try readSome(into: &buffer, in: done..<buffer.count)
      guard count > 0 else { break }
      done += count
    }
    checksum.add(buffer[..<done])
    guard checksum.count <= entry.size else { throw damaged("more bytes than the archive states") }
    if done < buffer.count, !isChecked {
      isChecked = true
      guard checksum.count == entry.size else {
        throw damaged("fewer bytes than the archive states")
      }
      guard checksum.value == entry.checksum else {
        throw damaged("bytes whose checksum is not the one that the archive states")
      }
    }
    return done
  }

  private func readSome(
    into buffer: inout [UInt8], in range: Range<Int>
  ) throws(SnapshotError) -> Int {
    guard let inflation else { return try section.read(into: &buffer, in: range) }
    guard let count = try inflation.read(into: &buffer, in: range, from: &section) else {
      throw damaged("packed bytes that do not unpack")
    }
    return count
  }

  private func damaged(_ found: String) -> SnapshotError {
    malformed(nil, found: found, expected: "an intact archive")
  }
}
