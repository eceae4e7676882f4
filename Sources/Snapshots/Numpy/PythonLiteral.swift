/// The few Python literals that stand in a `.npy` header: strings, truth values, tuples of sizes,
/// and the dictionary around them.
enum PythonLiteral: Equatable, CustomStringConvertible {
  case string(String)
  case boolean(Bool)
  case tuple([Int])
  /// Anything else, as it stands.
  case other(String)

  var description: String {
    switch self {
    case .string(let text): quoted(text)
    case .boolean(let value): value ? "True" : "False"
    case .tuple(let sizes): "(\(sizes.map(\.description).joined(separator: ", ")))"
    case .other(let text): quoted(text)
    }
  }

  /// The entries of a dictionary whose keys are strings; `nil` when the text is none.
  static func dictionary(_ text: [UInt8]) -> [String: PythonLiteral]? {
    var scanner = Scanner(text: text)
    guard scanner.skip("{") else { return nil }
    var entries: [String: PythonLiteral] = [:]
    while !scanner.skip("}") {
      guard let key = scanner.string(), scanner.skip(":"), let value = scanner.value(),
        entries.updateValue(value, forKey: key) == nil
      else { return nil }
      guard scanner.skip(",") || scanner.isAt("}") else { return nil }
    }
    return scanner.isAtEnd ? entries : nil
  }

  private struct Scanner {
    let text: [UInt8]
    var position = 0

    private static let blanks = Set(" \t\r\n".utf8)
    private static let wordEndings = Set(" \t\r\n,}".utf8)

    private mutating func skipBlanks() {
      while position < text.count, Self.blanks.contains(text[position]) {
        position += 1
      }
    }

    var isAtEnd: Bool {
      mutating get {
        skipBlanks()
        return position == text.count
      }
    }

    mutating func isAt(_ character: Unicode.Scalar) -> Bool {
      skipBlanks()
      return position < text.count && text[position] == UInt8(ascii: character)
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard isAt(character) else { return false }
      position += 1
      return true
    }

    mutating func string() -> String? {
      for quote in ["'", "\""] as [Unicode.Scalar] where skip(quote) {
        let start = position
        while position < text.count, text[position] != UInt8(ascii: quote) { position += 1 }
        guard position < text.count else { return nil }
        position += 1
        return String(decoding: text[start..<position - 1], as: UTF8.self)
      }
      return nil
    }

    mutating func value() -> PythonLiteral? {
      if isAt("'") || isAt("\"") { return string().map { .string($0) } }
      let start = position
      if skip("("), let sizes = tuple() { return .tuple(sizes) }
      position = start
      let ending = isAt("(") ? Set(")".utf8) : isAt("[") ? Set("]".utf8) : Self.wordEndings
      while position < text.count, !ending.contains(text[position]) { position += 1 }
      // A closing bracket belongs to the value, the comma or brace behind a word does not.
      if ending.count == 1 { position = min(position + 1, text.count) }
      let word = String(decoding: text[start..<position], as: UTF8.self)
      switch word {
      case "": return nil
      case "True": return .boolean(true)
      case "False": return .boolean(false)
      default: return .other(word)
      }
    }

    private mutating func tuple() -> [Int]? {
      var sizes: [Int] = []
      while !skip(")") {
        guard let size = integer() else { return nil }
        sizes.append(size)
        guard skip(",") || isAt(")") else { return nil }
      }
      return sizes
    }

    private mutating func integer() -> Int? {
      skipBlanks()
      let start = position
      while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position])
      {
        position += 1
      }
      // `Int` refuses what does not fit, and a minus sign is no digit: sizes are nonnegative.
      let size = Int(String(decoding: text[start..<position], as: UTF8.self))
      // numpy on Python 2 wrote long integers with this suffix.
      _ = skip("L")
      return size
    }
  }
}
