import Foundation

/// A JSON text read back by a parser that is not ours.
enum ParsedJSON: Decodable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([ParsedJSON])
  case object([String: ParsedJSON])

  init(_ text: String) throws {
    self = try JSONDecoder().decode(ParsedJSON.self, from: Data(text.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([ParsedJSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: ParsedJSON].self))
    }
  }

  subscript(_ key: String) -> ParsedJSON {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  /// The number, or not-a-number when it is none.
  var number: Double { if case .number(let value) = self { value } else { .nan } }
  /// The numbers of an array.
  var numbers: [Double] { if case .array(let values) = self { values.map(\.number) } else { [] } }
  /// The elements of an array.
  var elements: [ParsedJSON] { if case .array(let values) = self { values } else { [] } }
  /// The keys of all objects within.
  var keys: Set<String> {
    switch self {
    case .object(let members):
      members.reduce(into: []) { keys, member in
        keys.insert(member.key)
        keys.formUnion(member.value.keys)
      }
    case .array(let values): values.reduce(into: []) { $0.formUnion($1.keys) }
    default: []
    }
  }
  /// The string; empty when it is none.
  var string: String { if case .string(let value) = self { value } else { "" } }
}
