/// What a member of an archive holds.
protocol ZipContent {
  /// Writes the bytes, the same each time.
  func write(to sink: inout some ByteSink & ~Copyable) throws(SnapshotError)
}

/// Writes a zip archive of stored members, with the 64-bit extension where sizes need it.
///
/// Members are not compressed: doubles of full precision hardly shrink. All dates are 1 January
/// 1980, so that the same contents give the same bytes.
struct ZipWriter: ~Copyable {
  private var file: OutputFile
  private var members: [ZipMember] = []
  private var offset = 0
  /// Sizes and offsets from here on are written in the 64-bit extension.
  private let wideLimit: Int

  init(path: String, wideLimit: Int = 0xffff_ffff) throws(SnapshotError) {
    file = try OutputFile(path: path)
    self.wideLimit = wideLimit
  }

  /// Writes a member. It is gone through twice, first for the checksum, which stands before it.
  mutating func add(_ name: String, _ content: some ZipContent) throws(SnapshotError) {
    var checksum = Checksum()
    try content.write(to: &checksum)
    try begin(name, checksum)
    try content.write(to: &file)
  }

  private mutating func begin(_ name: String, _ checksum: Checksum) throws(SnapshotError) {
    let member = ZipMember(
      name: name, method: 0, checksum: checksum.value, compressedSize: checksum.count,
      size: checksum.count, headerOffset: offset)
    members.append(member)
    var header = ZipDirectory.signature
    let extra = wideExtra(member.size >= wideLimit ? [member.size, member.size] : [])
    appendCommonFields(member, extraSize: extra.count, to: &header)
    header += member.name.utf8
    header += extra
    try file.write(header)
    offset += header.count + member.size
  }

  /// The fields that a member's header and its entry in the directory share.
  private func appendCommonFields(
    _ member: ZipMember, extraSize: Int, to bytes: inout [UInt8]
  ) {
    let size = member.size >= wideLimit ? 0xffff_ffff : member.size
    bytes.append(integer: extraSize == 0 ? 20 : 45, size: 2)
    // Names are UTF-8.
    bytes.append(integer: 0x0800, size: 2)
    bytes.append(integer: 0, size: 2)
    // Midnight of 1 January 1980.
    bytes.append(integer: 0, size: 2)
    bytes.append(integer: 0x0021, size: 2)
    bytes.append(integer: Int(member.checksum), size: 4)
    bytes.append(integer: size, size: 4)
    bytes.append(integer: size, size: 4)
    bytes.append(integer: member.name.utf8.count, size: 2)
    bytes.append(integer: extraSize, size: 2)
  }

  private func wideExtra(_ sizes: [Int]) -> [UInt8] {
    guard !sizes.isEmpty else { return [] }
    var extra: [UInt8] = []
    extra.append(integer: 1, size: 2)
    extra.append(integer: 8 * sizes.count, size: 2)
    for size in sizes { extra.append(integer: size, size: 8) }
    return extra
  }

  /// Writes the directory and puts the file in its place.
  consuming func commit() throws(SnapshotError) {
    var directory: [UInt8] = []
    for member in members {
      let isFar = member.headerOffset >= wideLimit
      let extra = wideExtra(
        (member.size >= wideLimit ? [member.size, member.size] : [])
          + (isFar ? [member.headerOffset] : []))
      directory.append(integer: 0x0201_4b50, size: 4)
      directory.append(integer: extra.isEmpty ? 20 : 45, size: 2)
      appendCommonFields(member, extraSize: extra.count, to: &directory)
      directory.append(integer: 0, size: 6)
      directory.append(integer: 0, size: 4)
      directory.append(integer: isFar ? 0xffff_ffff : member.headerOffset, size: 4)
      directory += member.name.utf8
      directory += extra
    }
    let size = directory.count
    let isWide = offset >= wideLimit || size >= wideLimit
    if isWide {
      directory.append(integer: 0x0606_4b50, size: 4)
      directory.append(integer: 44, size: 8)
      directory.append(integer: 45, size: 2)
      directory.append(integer: 45, size: 2)
      directory.append(integer: 0, size: 8)
      directory.append(integer: members.count, size: 8)
      directory.append(integer: members.count, size: 8)
      directory.append(integer: size, size: 8)
      directory.append(integer: offset, size: 8)
      directory.append(integer: 0x0706_4b50, size: 4)
      directory.append(integer: 0, size: 4)
      directory.append(integer: offset + size, size: 8)
      directory.append(integer: 1, size: 4)
    }
    directory.append(integer: 0x0605_4b50, size: 4)
    directory.append(integer: 0, size: 4)
    directory.append(integer: members.count, size: 2)
    directory.append(integer: members.count, size: 2)
    directory.append(integer: isWide ? 0xffff_ffff : size, size: 4)
    directory.append(integer: isWide ? 0xffff_ffff : offset, size: 4)
    directory.append(integer: 0, size: 2)
    try file.write(directory)
    try file.commit()
  }
}

extension [UInt8] {
  /// Appends the lowest bytes of a nonnegative integer, the lowest first.
  mutating func append(integer: Int, size: Int) {
    for byte in 0..<size { append(UInt8(truncatingIfNeeded: integer >> (8 * byte))) }
  }
}
