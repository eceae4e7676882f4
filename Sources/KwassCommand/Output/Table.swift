/// Lines of a name and a text, the texts aligned.
struct Table {
  private var rows: [(name: String, text: String)] = []

  /// Adds a line; a text of several lines goes on below itself.
  mutating func add(_ name: String, _ text: String) { rows.append((name, text)) }

  /// The lines, each indented by so many blanks.
  func text(indentedBy indentation: Int = 0) -> String {
    let width = rows.map(\.name.count).max() ?? 0
    let margin = String(repeating: " ", count: indentation)
    return rows.map { name, text in
      let padding = String(repeating: " ", count: width - name.count)
      return "\(margin)\(name)\(padding)  \(text)\n"
    }.joined()
  }
}

/// A number in few characters, for people: whole numbers without a point, others with all digits.
func plain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

/// A number with two significant digits, where more would only pretend.
func rough(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return plain(value) }
  var exponent = 0
  var magnitude = abs(value)
  while magnitude >= 9.95 { (magnitude, exponent) = (magnitude / 10, exponent + 1) }
  while magnitude < 0.995 { (magnitude, exponent) = (magnitude * 10, exponent - 1) }
  let tenths = Int((magnitude * 10).rounded())
  return "\(value < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)e\(exponent)"
}

/// Seconds to the millisecond.
func plainSeconds(_ seconds: Double) -> String {
  "\((seconds * 1000).rounded() / 1000) s"
}

/// A number as a field of a table in a file; nothing for one that is not there or not finite.
func csvField(_ value: Double?) -> String {
  value.flatMap { $0.isFinite ? $0.description : nil } ?? ""
}
