import OptimalTransport

/// What the lines of a `.csv` file that begin with `#` state: `time=0.5`, `box=1,free`.
struct CSVRemarks {
  private(set) var time: Double?
  private(set) var box: ProductDomain?

  /// What is wrong with such a line.
  struct Problem {
    let found: String
    let expected: String
  }

  /// Takes a line without its `#`. Whatever is not `time=` or `box=` is free text.
  mutating func take(_ line: String) -> Problem? {
    for (key, values) in Self.entries(of: line) {
      let problem: Problem? =
        switch key {
        case "time": takeTime(values)
        case "box": takeBox(values)
        default: nil
        }
      if let problem { return problem }
    }
    return nil
  }

  /// The keys of a line with the values that stand behind the equals sign with commas between.
  /// Blanks around the equals sign and after commas are allowed.
  private static func entries(of line: String) -> [(key: String, values: [Substring])] {
    var words: [String] = []
    for part in line.split(whereSeparator: { $0.isWhitespace || $0 == ";" }) {
      let joins = "=,".contains(part.first ?? " ") || "=,".contains(words.last?.last ?? " ")
      if joins, !words.isEmpty {
        words[words.count - 1] += part
      } else {
        words.append(String(part))
      }
    }
    var entries: [(key: String, values: [Substring])] = []
    for word in words {
      var isInEntry = false
      for piece in word.split(separator: ",", omittingEmptySubsequences: false) {
        if let equals = piece.firstIndex(of: "=") {
          entries.append((piece[..<equals].lowercased(), [piece[piece.index(after: equals)...]]))
          isInEntry = true
        } else if isInEntry {
          entries[entries.count - 1].values.append(piece)
        }
      }
    }
    return entries
  }

  private mutating func takeTime(_ values: [Substring]) -> Problem? {
    guard values.count == 1, let value = Double(values[0]), value.isFinite else {
      return Problem(
        found: "the time \(quoted(values.joined(separator: ",")))", expected: "a finite number")
    }
    guard time == nil || time == value else {
      return Problem(found: "a second time, \(value)", expected: "one time")
    }
    time = value
    return nil
  }

  private mutating func takeBox(_ values: [Substring]) -> Problem? {
    var axes: [CoordinateAxis] = []
    for (index, value) in values.enumerated() {
      guard let axis = CoordinateAxis(notation: value) else {
        return Problem(
          found: "\(quoted(value)) for axis \(index + 1) of the box",
          expected: "a positive length or free")
      }
      axes.append(axis)
    }
    guard let value = try? ProductDomain(axes), box == nil || box == value else {
      return Problem(found: "a second box", expected: "one box")
    }
    box = value
    return nil
  }
}
