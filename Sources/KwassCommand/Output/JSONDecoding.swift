/// Makes values again of the JSON that `JSONEncoding` made of them.
struct JSONDecoding: Decoder {
  /// A value.
  ///
  /// - Throws: `JSONError` where the JSON is not of such a value.
  static func value<Value: Decodable>(
    _: Value.Type = Value.self, of json: JSON
  ) throws(JSONError) -> Value {
    do {
      return try JSONDecoding(json: json).get()
    } catch let error as JSONError {
      throw error
    } catch {
      throw JSONError("a value that cannot be: \(error)")
    }
  }

  let json: JSON

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  fileprivate func get<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
    let found: Any?
    switch Value.self {
    case is Bool.Type: if case .boolean(let value) = json { found = value } else { found = nil }
    case is String.Type: if case .string(let value) = json { found = value } else { found = nil }
    case is Double.Type: found = number
    case let type as any FixedWidthInteger.Type: found = integer(type)
    default: return try Value(from: self)
    }
    guard let value = found as? Value else {
      throw JSONError("expected \(Value.self), found \(json.line.prefix(40))")
    }
    return value
  }

  private var number: Double? {
    switch json {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .string(let word):
      [Double.nan, .infinity, -.infinity].first { JSONEncoding.word($0) == word }
    default: nil
    }
  }

  private func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
    switch json {
    case .integer(let value): Integer(exactly: value)
    case .string(let text): Integer(text)
    default: nil
    }
  }

  func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = json else {
      throw JSONError("expected an object, found \(json.line.prefix(40))")
    }
    return KeyedDecodingContainer(Members(members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = json else {
      throw JSONError("expected an array, found \(json.line.prefix(40))")
    }
    return Elements(elements: elements)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoding: self) }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [JSON.Member]
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

  private func decoding(_ key: Key) throws -> JSONDecoding {
    guard let member = members.first(where: { $0.key == key.stringValue }) else {
      throw JSONError("found no \"\(key.stringValue)\"")
    }
    return JSONDecoding(json: member.value)
  }

  func contains(_ key: Key) -> Bool { members.contains { $0.key == key.stringValue } }
  func decodeNil(forKey key: Key) throws -> Bool { try decoding(key).json == .null }
  func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
    try decoding(key).get()
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try decoding(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoding(key).unkeyedContainer()
  }
  func superDecoder() -> any Decoder { JSONDecoding(json: .object(members)) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoding(key) }
}

private struct Elements: UnkeyedDecodingContainer {
  let elements: [JSON]
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  init(elements: [JSON]) { self.elements = elements }

  private mutating func next() throws -> JSONDecoding {
    guard !isAtEnd else { throw JSONError("an array of \(elements.count) that ends too early") }
    defer { currentIndex += 1 }
    return JSONDecoding(json: elements[currentIndex])
  }

  mutating func decodeNil() -> Bool {
    guard !isAtEnd, elements[currentIndex] == .null else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value { try next().get() }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
  let decoding: JSONDecoding
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { decoding.json == .null }
  func decode<Value: Decodable>(_: Value.Type) throws -> Value { try decoding.get() }
}
