/// A pattern for the names of files: `*` stands for anything, `%T` for a number, and `%06T` for a number
/// with zeros before it until it has six digits, as in the `iterationFormat` of openPMD.
struct NamePattern {
  private enum Piece: Equatable {
    case character(Character)
    case anything
    /// A number of at least so many digits; of more only without a zero at its beginning.
    case number(width: Int)
  }

  private let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var rest = text[...]
    while let first = rest.first {
      if first == "*" {
        pieces.append(.anything)
        rest = rest.dropFirst()
      } else if let (width, length) = Self.number(rest) {
        pieces.append(.number(width: width))
        rest = rest.dropFirst(length)
      } else {
        pieces.append(.character(first))
        rest = rest.dropFirst()
      }
    }
    self.pieces = pieces
  }

  /// The width of the number for which the beginning of a text stands, 1 for any, and the length of that
  /// beginning; `nil` where it stands for itself.
  private static func number(_ text: Substring) -> (width: Int, length: Int)? {
    guard text.first == "%" else { return nil }
    let digits = text.dropFirst().prefix { $0.isASCII && $0.isNumber }
    guard text.dropFirst(1 + digits.count).first == "T" else { return nil }
    if digits.isEmpty { return (1, 2) }
    guard digits.first == "0", let width = Int(digits), 1...64 ~= width else { return nil }
    return (width, 2 + digits.count)
  }

  /// Whether anything in it does not stand for itself.
  var isPattern: Bool {
    pieces.contains { if case .character = $0 { false } else { true } }
  }

  /// Whether a name is of this pattern.
  ///
  /// - Complexity: O(pieces · length²) at most.
  func matches(_ name: String) -> Bool {
    let name = Array(name)
    // How much of the name the pieces so far may stand for.
    var ends: Set<Int> = [0]
    for piece in pieces {
      var next: Set<Int> = []
      for start in ends {
        switch piece {
        case .character(let character):
          if start < name.count, name[start] == character { next.insert(start + 1) }
        case .anything: next.formUnion(start...name.count)
        case .number(let width):
          let digits = name[start...].prefix { $0.isASCII && $0.isNumber }.count
          guard digits >= width else { continue }
          let isPadded = width > 1 && name[start] == "0"
          next.formUnion(start + width...(isPadded ? start + width : start + digits))
        }
      }
      ends = next
    }
    return ends.contains(name.count)
  }
}
