/// Lines of a name and a text, the texts aligned.
struct Table {
  private(set) var rows: [(name: String, text: String)] = []

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
