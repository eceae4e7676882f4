/// The arguments of `kwass manual`: none.
struct ManualOptions: OptionGroup, Equatable {
  static let specification: [OptionSpecification] = []

  init(_ reader: ArgumentReader) throws(UsageError) {
    _ = try reader.operands(0...0, "no operand")
  }
}

/// Runs `kwass manual`.
struct ManualCommand: Command {
  static let name = "manual"
  static let summary = "Print the manual page."
  static let synopsis = ""
  static let explanation = """
    Prints the manual page of kwass with all of its commands, as man reads it:
    `kwass manual | man -l -`. scripts/install puts it where man finds it.
    """
  static let example = ""

  let options: ManualOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try console.print(ManualPage.text(.own))
    return .success
  }
}

/// The manual page, in the language of man.
enum ManualPage {
  static func text(_ table: CommandTable) -> String {
    var lines = [
      ".TH KWASS 1 \"\" \"kwass \(Kwass.version)\" \"User Commands\"", ".SH NAME",
      "kwass \\- Wasserstein distances of kinetic equations, each with a proved bracket",
      ".SH SYNOPSIS", ".B kwass", "COMMAND [arguments]", ".SH DESCRIPTION",
    ]
    lines += paragraphs(Kwass.description)
    lines += [".SH OPTIONS"] + table.options.flatMap(item)
    lines.append(".SH COMMANDS")
    for command in table.commands {
      let call = ["kwass", command.name, command.synopsis].filter { !$0.isEmpty }
      let example = ["kwass", command.name, command.example].filter { !$0.isEmpty }
      lines += [".SS \(line(call.joined(separator: " ")))"] + paragraphs(command.explanation)
      // The others are described in the explanation.
      lines += command.options.filter { !$0.summary.isEmpty }.flatMap(item)
      lines += [
        ".PP", "Example:", ".PP", ".nf", line("  " + example.joined(separator: " ")), ".fi",
      ]
    }
    lines += [".SH EXIT STATUS"] + paragraphs(Kwass.exitStatuses)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func item(_ option: OptionSpecification) -> [String] {
    [
      ".TP", ".B " + line(option.name) + (option.value.map { " \\fI\(line($0))\\fR" } ?? ""),
      line(option.summary),
    ]
  }

  private static func paragraphs(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.isEmpty ? ".PP" : line(String($0))
    }
  }

  /// A line of text: with hyphens that can be searched, and no dot or quote that man would read as a request.
  private static func line(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
