/// What stands between the fields of a line of text.
public enum CSVSeparator: String, Sendable, CaseIterable {
  /// A comma.
  case comma
  /// A semicolon, as where numbers have a decimal comma.
  case semicolon
  /// A tab.
  case tab
  /// Any number of blanks and tabs.
  case blank

  /// The character; `nil` for blanks, of which there may be several.
  var byte: UInt8? {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .blank: nil
    }
  }

  /// Several of them, in a word.
  var plural: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .blank: "blanks"
    }
  }

  /// The separator of a file, by its first line that is no remark: a semicolon that stands outside quotation
  /// marks, else a comma, else a tab; else blanks, where there are some between words.
  ///
  /// - Parameter hasDecimalComma: whether commas stand in numbers.
  static func detected(
    in line: UnsafeBufferPointer<UInt8>, hasDecimalComma: Bool
  ) -> CSVSeparator {
    var found: Set<UInt8> = []
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted {
        found.insert(byte)
      }
    }
    // Tabs around commas or semicolons are blanks.
    for separator in [CSVSeparator.semicolon, .comma, .tab]
    where separator != .comma || !hasDecimalComma {
      if let byte = separator.byte, found.contains(byte) { return separator }
    }
    var scanner = FieldScanner(line[...], .blank)
    return scanner.next() != nil && scanner.next() != nil ? .blank : .comma
  }
}

/// Goes through the fields of a line, each without the blanks and the quotation marks around it.
struct FieldScanner {
  typealias Field = Slice<UnsafeBufferPointer<UInt8>>

  private let line: Field
  private let separator: UInt8?
  private var start: Int
  private var isFinished = false

  init(_ line: Field, _ separator: CSVSeparator) {
    self.line = line
    self.separator = separator.byte
    start = line.startIndex
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// The next field; `nil` behind the last one.
  mutating func next() -> Field? {
    guard !isFinished else { return nil }
    if separator == nil {
      while start < line.endIndex, Self.isBlank(line[start]) { start += 1 }
      guard start < line.endIndex else {
        isFinished = true
        return nil
      }
    }
    var end = self.end(ofQuotation: start)
    if let separator {
      while end < line.endIndex, line[end] != separator { end += 1 }
    } else {
      while end < line.endIndex, !Self.isBlank(line[end]) { end += 1 }
    }
    let field = Self.bare(line[start..<end])
    if end < line.endIndex {
      start = end + 1
    } else {
      isFinished = true
    }
    return field
  }

  /// Behind a text in quotation marks that begins here, in which separators mean nothing; else here.
  private func end(ofQuotation start: Int) -> Int {
    var position = start
    while position < line.endIndex, line[position] == 0x20 { position += 1 }
    guard position < line.endIndex, line[position] == UInt8(ascii: "\"") else { return start }
    position += 1
    while position < line.endIndex, line[position] != UInt8(ascii: "\"") { position += 1 }
    return min(position + 1, line.endIndex)
  }

  /// A field without the blanks around it.
  static func trimmed(_ field: Field) -> Field {
    var (start, end) = (field.startIndex, field.endIndex)
    while start < end, isBlank(field[start]) { start += 1 }
    while start < end, isBlank(field[end - 1]) { end -= 1 }
    return field[start..<end]
  }

  private static func bare(_ field: Field) -> Field {
    let field = trimmed(field)
    guard field.count >= 2, field.first == UInt8(ascii: "\""), field.last == UInt8(ascii: "\"")
    else { return field }
    return trimmed(field[(field.startIndex + 1)..<(field.endIndex - 1)])
  }
}
