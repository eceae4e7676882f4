/// Columns of short texts, aligned to the right, with a line of headings.
struct Grid {
  private let headings: [String]
  private var rows: [(cells: [String], isAlarming: Bool)] = []

  init(_ headings: [String]) { self.headings = headings }

  /// Adds a row with a cell for each heading; an alarming one is shown in red on a terminal.
  mutating func add(_ cells: [String], isAlarming: Bool = false) {
    rows.append((cells, isAlarming))
  }

  /// The lines.
  func text(inColour: Bool) -> String {
    let widths = headings.indices.map { column in
      ([headings] + rows.map(\.cells)).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }
    return
      ([line(headings)]
      + rows.map { row in
        row.isAlarming ? alarming(line(row.cells), inColour: inColour) : line(row.cells)
      }).map { $0 + "\n" }.joined()
  }
}

/// A text in red, where there are colours.
func alarming(_ text: String, inColour: Bool) -> String {
  inColour ? "\u{1b}[31m\(text)\u{1b}[0m" : text
}

/// A number with so many significant digits, in decimals from 1e-4 to 1e6 and with a power of ten
/// beyond; a dash for none.
func significant(_ value: Double?, digits: Int = 5) -> String {
  guard let value, !value.isNaN else { return "–" }
  guard value.isFinite else { return value < 0 ? "-∞" : "∞" }
  guard value != 0 else { return "0" }
  // The shortest decimal that reads as the rounded number: the number of digits needed is few. A
  // subnormal number is first made a normal one, or the power of ten below it would be 0.
  var (magnitude, exponent) = (abs(value), 0)
  if !magnitude.isNormal { (magnitude, exponent) = (magnitude * 1e20, -20) }
  var power = 1.0
  while magnitude / power >= 10 { (power, exponent) = (power * 10, exponent + 1) }
  while magnitude / power < 1 { (power, exponent) = (power / 10, exponent - 1) }
  let unit = (1..<digits).reduce(1.0) { unit, _ in unit * 10 }
  let whole = (magnitude / power * unit).rounded()
  var digitsText = "\(Int(whole))"
  if digitsText.count > digits {
    digitsText.removeLast()
    exponent += 1
  }
  let sign = value < 0 ? "-" : ""
  if exponent < -4 || exponent >= 6 {
    return "\(sign)\(digitsText.prefix(1)).\(digitsText.dropFirst())e\(exponent)"
  }
  if exponent < 0 {
    return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digitsText)"
  }
  let padded = digitsText + String(repeating: "0", count: max(0, exponent + 1 - digitsText.count))
  let fraction = padded.dropFirst(exponent + 1)
  return "\(sign)\(padded.prefix(exponent + 1))\(fraction.isEmpty ? "" : ".\(fraction)")"
}

/// A time in five digits, or the word for one that is infinite; a dash for none.
func timeText(_ value: Double?, infinite word: String) -> String {
  value == .infinity ? word : significant(value)
}
