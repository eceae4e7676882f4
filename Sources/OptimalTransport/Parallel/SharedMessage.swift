/// What a process of a group tells the others.
struct SharedMessage {
  private(set) var bytes: [UInt8] = []
  private var next = 0
  private var isShort = false

  private static let headerCount = 2

  init(checksum: UInt64, isStopped: Bool = false) { append([checksum, isStopped ? 1 : 0]) }

  /// A message that was sent.
  init(_ bytes: [UInt8]) throws(ProcessGroupError) {
    self.bytes = bytes
    guard bytes.count >= Self.headerCount * MemoryLayout<UInt64>.size else {
      throw ProcessGroupError("Of what a process of a group has sent \(bytes.count) bytes arrived.")
    }
    next = Self.headerCount * MemoryLayout<UInt64>.size
  }

  /// What the message belongs to.
  var checksum: UInt64 { header(0) }
  /// Whether its sender was stopped.
  var isStopped: Bool { header(1) != 0 }

  private func header(_ place: Int) -> UInt64 {
    bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: place * MemoryLayout<UInt64>.size, as: UInt64.self)
    }
  }

  mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) {
    elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Whether what was read is what was sent.
  var isReadThrough: Bool { !isShort && next == bytes.count }

  /// The next so many elements; none where there are fewer.
  mutating func read<Element: BitwiseCopyable>(_ count: Int) -> [Element] {
    let stride = MemoryLayout<Element>.stride
    guard count >= 0, count <= (bytes.count - next) / stride else {
      isShort = true
      return []
    }
    defer { next += count * stride }
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[next..<next + count * stride]))
      }
      initialized = count
    }
  }
}

/// A number that tells most arrays apart.
struct MessageChecksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  init(_ numbers: [Double], _ counts: Int...) {
    for number in numbers { add(number.bitPattern) }
    for count in counts + [numbers.count] { add(UInt64(bitPattern: Int64(count))) }
  }

  /// The same with one more number.
  func adding(_ count: Int) -> MessageChecksum {
    var result = self
    result.add(UInt64(bitPattern: Int64(count)))
    return result
  }

  /// A step of FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo, 1991) on 64 bits at once; the rotation brings high bits
  /// down, where the product would leave them at the top.
  private mutating func add(_ bits: UInt64) {
    value = (value ^ bits) &* 0x100_0000_01b3
    value = value << 29 | value >> 35
  }
}
