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
  /// Numbers of single precision.
  static let float32 = NPYType(kind: .float, size: 4, isBigEndian: false)
  /// Short integers.
  static let int32 = NPYType(kind: .signed, size: 4, isBigEndian: false)
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
  ///   - numbers: where they go; the bytes are at least as many as they take.
  func decode(
    _ bytes: UnsafeRawBufferPointer, first: Int = 0, stride: Int = 1,
    into numbers: UnsafeMutableBufferPointer<Double>
  ) {
    let step = Step(first: first, stride: stride, count: numbers.count)
    switch (kind, size) {
    case (.float, 8): load(bytes, step, numbers) { Double(bitPattern: $0) }
    case (.float, _): load(bytes, step, numbers) { Double(Float(bitPattern: $0)) }
    case (.signed, 1):
      load(bytes, step, numbers) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, step, numbers) { Double(Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, step, numbers) { Double(Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, step, numbers) { Double(Int64(bitPattern: $0)) }
    case (.unsigned, 1): load(bytes, step, numbers) { (bits: UInt8) in Double(bits) }
    case (.unsigned, 2): load(bytes, step, numbers) { (bits: UInt16) in Double(bits) }
    case (.unsigned, 4): load(bytes, step, numbers) { (bits: UInt32) in Double(bits) }
    case (.unsigned, _): load(bytes, step, numbers) { (bits: UInt64) in Double(bits) }
    }
  }

  /// Turns the bytes of integers into whole numbers. A negative one becomes `nil`.
  ///
  /// - Parameter numbers: where they go; the bytes are at least as many as they take.
  func decode(
    _ bytes: UnsafeRawBufferPointer, into numbers: UnsafeMutableBufferPointer<UInt64?>
  ) {
    let step = Step(first: 0, stride: 1, count: numbers.count)
    switch (kind, size) {
    case (.signed, 1):
      load(bytes, step, numbers) { (bits: UInt8) in UInt64(exactly: Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, step, numbers) { UInt64(exactly: Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, step, numbers) { UInt64(exactly: Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, step, numbers) { UInt64(exactly: Int64(bitPattern: $0)) }
    case (_, 1): load(bytes, step, numbers) { (bits: UInt8) in UInt64(bits) }
    case (_, 2): load(bytes, step, numbers) { (bits: UInt16) in UInt64(bits) }
    case (_, 4): load(bytes, step, numbers) { (bits: UInt32) in UInt64(bits) }
    case (_, _): load(bytes, step, numbers) { (bits: UInt64) in bits }
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
    _ bytes: UnsafeRawBufferPointer, _ step: Step, _ numbers: UnsafeMutableBufferPointer<Number>,
    _ value: (Bits) -> Number
  ) {
    let last = step.first + (step.count - 1) * step.stride
    precondition(step.count <= 0 || bytes.count >= (last + 1) * MemoryLayout<Bits>.size)
    precondition(numbers.count >= step.count && step.first >= 0 && step.stride > 0)
    guard step.count > 0, let start = bytes.baseAddress, let into = numbers.baseAddress else {
      return
    }
    let from = start + step.first * MemoryLayout<Bits>.size
    // A loop for each case is one that the compiler can turn into vector instructions.
    if isBigEndian {
      Self.load(from, step.stride, into, step.count) { value(Bits(bigEndian: $0)) }
    } else if step.stride == 1 {
      Self.load(from, 1, into, step.count) { value(Bits(littleEndian: $0)) }
    } else {
      Self.load(from, step.stride, into, step.count) { value(Bits(littleEndian: $0)) }
    }
  }

  @inline(__always)
  private static func load<Bits: FixedWidthInteger, Number>(
    _ bytes: UnsafeRawPointer, _ stride: Int, _ numbers: UnsafeMutablePointer<Number>, _ count: Int,
    _ value: (Bits) -> Number
  ) {
    let step = stride &* MemoryLayout<Bits>.size
    for index in 0..<count {
      (numbers + index).initialize(
        to: value(bytes.loadUnaligned(fromByteOffset: index &* step, as: Bits.self)))
    }
  }
}
