/// Makes JSON of values that can be encoded, from which `JSONDecoding` makes the same values again, with all
/// bits of their numbers.
///
/// Numbers that are not finite, for which JSON has no word, are strings.
final class JSONEncoding: Encoder {
  /// The JSON of a value.
  ///
  /// - Throws: what the value throws.
  static func json(_ value: some Encodable) throws -> JSON {
    let encoding = JSONEncoding()
    try encoding.put(value)
    return encoding.json
  }

  private enum Content {
    case empty
    case value(JSON)
    case object([(key: String, value: JSONEncoding)])
    case array([JSONEncoding])
  }

  private var content = Content.empty

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  private var json: JSON {
    switch content {
    case .empty: .null
    case .value(let value): value
    case .object(let members): .object(members.map { .init($0.key, $0.value.json) })
    case .array(let elements): .array(elements.map(\.json))
    }
  }

  /// The words for numbers that are not finite.
  static func word(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }

  fileprivate func put(_ value: some Encodable) throws {
    switch value {
    case let value as Bool: content = .value(.boolean(value))
    case let value as String: content = .value(.string(value))
    case let value as Double:
      content = .value(value.isFinite ? .number(value) : .string(Self.word(value)))
    case let value as any FixedWidthInteger:
      content = .value(Int(exactly: value).map { .integer($0) } ?? .string("\(value)"))
    default: try value.encode(to: self)
    }
  }

  fileprivate func member(_ key: any CodingKey) -> JSONEncoding {
    let child = JSONEncoding()
    guard case .object(var members) = content else {
      content = .object([(key.stringValue, child)])
      return child
    }
    // Taken out of the property, so that the array grows in its place.
    content = .empty
    members.append((key.stringValue, child))
    content = .object(members)
    return child
  }

  fileprivate func element() -> JSONEncoding {
    let child = JSONEncoding()
    guard case .array(var elements) = content else {
      content = .array([child])
      return child
    }
    content = .empty
    elements.append(child)
    content = .array(elements)
    return child
  }

  fileprivate var count: Int {
    if case .array(let elements) = content { elements.count } else { 0 }
  }

  func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = content { content = .object([]) }
    return KeyedEncodingContainer(Members<Key>(encoding: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = content { content = .array([]) }
    return Elements(encoding: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoding: self) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { _ = encoding.member(key) }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoding.member(key).put(value)
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { encoding.member(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoding.member(key).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoding }
  func superEncoder(forKey key: Key) -> any Encoder { encoding.member(key) }
}

private struct Elements: UnkeyedEncodingContainer {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { [] }
  var count: Int { encoding.count }

  func encodeNil() { _ = encoding.element() }
  func encode<Value: Encodable>(_ value: Value) throws { try encoding.element().put(value) }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> { encoding.element().container(keyedBy: type) }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    encoding.element().unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoding.element() }
}

private struct Single: SingleValueEncodingContainer {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { [] }

  func encodeNil() {}
  func encode<Value: Encodable>(_ value: Value) throws { try encoding.put(value) }
}
