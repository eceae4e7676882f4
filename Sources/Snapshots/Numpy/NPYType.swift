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
  /// - Parameter count: how many numbers; the bytes are at least as many as they take.
  func decode(_ bytes: [UInt8], count: Int, into numbers: inout [Double]) {
    switch (kind, size) {
    case (.float, 8): load(bytes, count, &numbers) { Double(bitPattern: $0) }
    case (.float, _): load(bytes, count, &numbers) { Double(Float(bitPattern: $0)) }
    case (.signed, 1):
      load(bytes, count, &numbers) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, count, &numbers) { Double(Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, count, &numbers) { Double(Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, count, &numbers) { Double(Int64(bitPattern: $0)) }
    case (.unsigned, 1): load(bytes, count, &numbers) { (bits: UInt8) in Double(bits) }
    case (.unsigned, 2): load(bytes, count, &numbers) { (bits: UInt16) in Double(bits) }
    case (.unsigned, 4): load(bytes, count, &numbers) { (bits: UInt32) in Double(bits) }
    case (.unsigned, _): load(bytes, count, &numbers) { (bits: UInt64) in Double(bits) }
    }
  }

  /// Turns the bytes of integers into whole numbers. A negative one becomes `nil`.
  ///
  /// - Parameter count: how many numbers; the bytes are at least as many as they take.
  func decode(_ bytes: [UInt8], count: Int, into numbers: inout [UInt64?]) {
    switch (kind, size) {
    case (.signed, 1):
      load(bytes, count, &numbers) { (bits: UInt8) in UInt64(exactly: Int8(bitPattern: bits)) }
    case (.signed, 2): load(bytes, count, &numbers) { UInt64(exactly: Int16(bitPattern: $0)) }
    case (.signed, 4): load(bytes, count, &numbers) { UInt64(exactly: Int32(bitPattern: $0)) }
    case (.signed, _): load(bytes, count, &numbers) { UInt64(exactly: Int64(bitPattern: $0)) }
    case (_, 1): load(bytes, count, &numbers) { (bits: UInt8) in UInt64(bits) }
    case (_, 2): load(bytes, count, &numbers) { (bits: UInt16) in UInt64(bits) }
    case (_, 4): load(bytes, count, &numbers) { (bits: UInt32) in UInt64(bits) }
    case (_, _): load(bytes, count, &numbers) { (bits: UInt64) in bits }
    }
  }

  @inline(__always)
  private func load<Bits: FixedWidthInteger, Number>(
    _ bytes: [UInt8], _ count: Int, _ numbers: inout [Number], _ value: (Bits) -> Number
  ) {
    precondition(bytes.count >= count * size && numbers.count >= count)
    bytes.withUnsafeBytes { raw in
      for index in 0..<count {
        let bits = raw.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
        numbers[index] = value(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
      }
    }
  }
}
