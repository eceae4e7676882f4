import KineticTransport

/// A JSON value that keeps the order of its keys and every digit of its numbers.
enum JSON: Equatable, Sendable {
  case object([Member])
  case array([JSON])
  case string(String)
  /// Written with the fewest digits that read back as the same double; what is not finite is
  /// written as `null`, since JSON has no word for it.
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case null

  /// A key and its value.
  struct Member: Equatable, Sendable {
    let key: String
    let value: JSON

    init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// What a command prints: an object that begins with the version of kwass and the schema of the
  /// others of its members (Documentation/CommandReference.md, "JSON").
  static func document(_ command: String, _ members: [Member]) -> JSON {
    .object(
      [.init("version", .string(Kwass.version)), .init("schema", .string("kwass-\(command)-1"))]
        + members)
  }

  /// A number, or `null` for none.
  static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

  /// A time, or the word for one that is infinite; `null` for none.
  static func time(_ value: Double?, infinite word: String) -> JSON {
    guard let value else { return .null }
    return value == .infinity ? .string(word) : .number(value)
  }

  /// The text: objects with a line for each member, arrays on one line.
  var text: String { text(indentation: "") }

  /// The text on one line.
  var line: String { text(indentation: nil) }

  /// - Parameter indentation: what stands before each line; `nil` for a single one.
  private func text(indentation: String?) -> String {
    switch self {
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let inner = indentation.map { $0 + "  " }
      let lines = members.map { member in
        "\(inner ?? "")\(Self.quoted(member.key)): \(member.value.text(indentation: inner))"
      }
      guard let indentation else { return "{\(lines.joined(separator: ", "))}" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indentation)}"
    case .array(let elements):
      return "[\(elements.map { $0.text(indentation: indentation) }.joined(separator: ", "))]"
    case .string(let text): return Self.quoted(text)
    case .number(let value): return value.isFinite ? value.description : "null"
    case .integer(let value): return value.description
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    }
  }

  /// A string in quotation marks, escaped as RFC 8259 section 7 demands.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in FileName.shown(text).unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
