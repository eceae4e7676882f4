/// Why a text is no JSON, or not the JSON that is expected; a phrase.
struct JSONError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension JSON {
  /// Understands a text (RFC 8259), whose keys it does not compare with each other.
  ///
  /// - Throws: `JSONError` with the place.
  init(_ text: some Sequence<UInt8>) throws(JSONError) {
    var reader = JSONReader(bytes: Array(text))
    self = try reader.document()
  }

  /// The value of a key; `nil` where there is none.
  subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// Goes through the bytes of a JSON text.
private struct JSONReader {
  let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  /// Deeper nesting would take the stack of a thread.
  private static let largestDepth = 128

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value()
    skipBlanks()
    guard place == bytes.count else { throw unexpected("the end") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSON {
    skipBlanks()
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.largestDepth else {
      throw JSONError("more than \(Self.largestDepth) levels at byte \(place)")
    }
    switch current {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func object() throws(JSONError) -> JSON {
    var members: [JSON.Member] = []
    try list(until: "}") { (reader: inout JSONReader) throws(JSONError) in
      reader.skipBlanks()
      let key = try reader.string()
      reader.skipBlanks()
      try reader.take(":")
      members.append(.init(key, try reader.value()))
    }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSON {
    var elements: [JSON] = []
    try list(until: "]") { (reader: inout JSONReader) throws(JSONError) in
      elements.append(try reader.value())
    }
    return .array(elements)
  }

  /// What stands between brackets, with commas between.
  private mutating func list(
    until end: Unicode.Scalar, _ element: (inout JSONReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    place += 1
    skipBlanks()
    if current == UInt8(ascii: end) {
      place += 1
      return
    }
    while true {
      try element(&self)
      skipBlanks()
      if current == UInt8(ascii: end) { break }
      try take(",")
    }
    place += 1
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSONError) -> JSON {
    guard bytes[place...].starts(with: text.utf8) else { throw unexpected("a value") }
    place += text.utf8.count
    return value
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = place
    while let byte = current, Self.numberBytes.contains(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      place = start
      throw unexpected("a value")
    }
    return .number(value)
  }

  private static let numberBytes = Set("+-.0123456789eE".utf8)

  // MARK: Strings

  private mutating func string() throws(JSONError) -> String {
    try take("\"")
    var text: [UInt8] = []
    while let byte = current {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: text, as: UTF8.self) else {
          throw JSONError("a string that is no UTF-8 before byte \(place)")
        }
        return text
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20:
        place -= 1
        throw unexpected("a character of a string")
      default: text.append(byte)
      }
    }
    throw unexpected("the end of a string")
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "b"): 8,
    UInt8(ascii: "f"): 12, UInt8(ascii: "\""): 34, UInt8(ascii: "\\"): 92, UInt8(ascii: "/"): 47,
  ]

  private mutating func escaped() throws(JSONError) -> [UInt8] {
    guard let byte = current else { throw unexpected("an escape") }
    place += 1
    if let plain = Self.escapes[byte] { return [plain] }
    guard byte == UInt8(ascii: "u") else { throw unexpected("an escape") }
    var code = try codeUnit()
    if 0xd800..<0xdc00 ~= code {
      try take("\\")
      try take("u")
      let second = try codeUnit()
      guard 0xdc00..<0xe000 ~= second else { throw unexpected("the second half of a character") }
      code = 0x10000 + (code - 0xd800) << 10 + (second - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw unexpected("a character") }
    return Array(String(scalar).utf8)
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    let digits = String(decoding: bytes[place...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
      let value = UInt32(digits, radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    place += 4
    return value
  }

  // MARK: Bytes

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = current, byte == 32 || 9...10 ~= byte || byte == 13 { place += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) throws(JSONError) {
    guard current == UInt8(ascii: scalar) else { throw unexpected("\"\(scalar)\"") }
    place += 1
  }

  private func unexpected(_ expectation: String) -> JSONError {
    JSONError("expected \(expectation) at byte \(place)")
  }
}
