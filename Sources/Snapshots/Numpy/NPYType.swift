/// How the numbers of a numpy array are stored: kind, size and byte order.
struct NPYType: Equatable {
  enum Kind: Character {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
  }

  var kind: Kind
  /// The bytes of one number.
  var size: Int
  var isBigEndian: Bool

  /// What is written.
  static let float64 = NPYType(kind: .float, size: 8, isBigEndian: false)
  /// What is written for whole numbers.
  static let uint64 = NPYType(kind: .unsigned, size: 8, isBigEndian: false)
  /// What is written for indices.
  static let int64 = NPYType(kind: .signed, size: 8, isBigEndian: false)

  private init(kind: Kind, size: Int, isBigEndian: Bool) {
    self.kind = kind
    self.size = size
    self.isBigEndian = isBigEndian
  }

  /// The type with numpy's name, such as `<f8`; `nil` for other types than f4, f8 and integers.
  init?(_ name: String) {
    let characters = Array(name)
    guard characters.count == 3, "<>|=".contains(characters[0]),
      let kind = Kind(rawValue: characters[1]), let size = characters[2].wholeNumberValue,
      (kind == .float ? [4, 8] : [1, 2, 4, 8]).contains(size),
      size == 1 || characters[0] != "|"
    else { return nil }
    // "=" is the order of the machine that reads, which is little-endian wherever Swift runs.
    self.init(kind: kind, size: size, isBigEndian: characters[0] == ">")
  }

  /// numpy's name.
  var name: String { "\(size == 1 ? "|" : isBigEndian ? ">" : "<")\(kind.rawValue)\(size)" }

  /// Turns bytes into doubles; integers beyond 2^53 are rounded to the nearest.
  ///
  /// - Parameters:
  ///   - first: which number of the bytes comes first, and `stride`: how many numbers on the next one is.
  ///   - count: how many numbers; the bytes are at least as many as they take.
  func decode(
    _ bytes: [UInt8], first: Int = 0, stride: Int = 1, count: Int, into numbers: inout [Double]
  ) {
    let step = Step(first: first, stride: stride, count: count)
    switch (kind, size) {
    case (.float, 8): load(bytes, step, &numbers) { Double(bitPattern: $0) }
    case (.float, _): load(bytes, step, &numbers) { Double(Float(bitPattern: $0)) }
    case (.signed, 1):
      load(bytes, step, &numbers) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, step, &numbers) { Double(Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, step, &numbers) { Double(Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, step, &numbers) { Double(Int64(bitPattern: $0)) }
    case (.unsigned, 1): load(bytes, step, &numbers) { (bits: UInt8) in Double(bits) }
    case (.unsigned, 2): load(bytes, step, &numbers) { (bits: UInt16) in Double(bits) }
    case (.unsigned, 4): load(bytes, step, &numbers) { (bits: UInt32) in Double(bits) }
    case (.unsigned, _): load(bytes, step, &numbers) { (bits: UInt64) in Double(bits) }
    }
  }

  /// Turns the bytes of integers into whole numbers. A negative one becomes `nil`.
  ///
  /// - Parameter count: how many numbers; the bytes are at least as many as they take.
  func decode(_ bytes: [UInt8], count: Int, into numbers: inout [UInt64?]) {
    let step = Step(first: 0, stride: 1, count: count)
    switch (kind, size) {
    case (.signed, 1):
      load(bytes, step, &numbers) { (bits: UInt8) in UInt64(exactly: Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, step, &numbers) { UInt64(exactly: Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, step, &numbers) { UInt64(exactly: Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, step, &numbers) { UInt64(exactly: Int64(bitPattern: $0)) }
    case (_, 1): load(bytes, step, &numbers) { (bits: UInt8) in UInt64(bits) }
    case (_, 2): load(bytes, step, &numbers) { (bits: UInt16) in UInt64(bits) }
    case (_, 4): load(bytes, step, &numbers) { (bits: UInt32) in UInt64(bits) }
    case (_, _): load(bytes, step, &numbers) { (bits: UInt64) in bits }
    }
  }

  /// Which numbers of some bytes are wanted.
  private struct Step {
    let first: Int
    let stride: Int
    let count: Int
  }

  @inline(__always)
  private func load<Bits: FixedWidthInteger, Number>(
    _ bytes: [UInt8], _ step: Step, _ numbers: inout [Number], _ value: (Bits) -> Number
  ) {
    let last = step.first + (step.count - 1) * step.stride
    precondition(step.count <= 0 || bytes.count >= (last + 1) * MemoryLayout<Bits>.size)
    precondition(numbers.count >= step.count && step.first >= 0 && step.stride > 0)
    bytes.withUnsafeBytes { raw in
      numbers.withUnsafeMutableBufferPointer { numbers in
        var offset = step.first &* MemoryLayout<Bits>.size
        for index in 0..<step.count {
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: Bits.self)
          numbers[index] = value(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
          offset &+= step.stride &* MemoryLayout<Bits>.size
        }
      }
    }
  }
}
