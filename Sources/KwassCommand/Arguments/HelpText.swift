/// The layout of help texts.
enum HelpText {
  /// A help text.
  ///
  /// - Parameter closing: a sentence below the options.
  static func page(
    synopsis: String, body: String, options: [OptionSpecification], closing: String? = nil,
    example: String
  ) -> String {
    let rows = options.map { option in
      ("\(option.name)\(option.value.map { " \($0)" } ?? "")", option.summary)
    }
    return """
      \(synopsis)

      \(body)

      Options:
      \(table(rows))
      \(closing.map { "\n\($0)\n" } ?? "")
      Example:
        \(example)

      """
  }

  /// Names and explanations in two columns.
  static func table(_ rows: [(name: String, summary: String)]) -> String {
    let width = min(28, rows.map(\.name.count).max() ?? 0)
    return rows.map { name, summary in
      let lines = wrapped(summary, width: 96 - width)
      let indentation = String(repeating: " ", count: width + 4)
      let first =
        name.count > width
        ? "  \(name)\n\(indentation)"
        : "  \(name)\(String(repeating: " ", count: width - name.count + 2))"
      return first + lines.joined(separator: "\n\(indentation)")
    }.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].count + 1 + word.count <= width {
        lines[last] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
