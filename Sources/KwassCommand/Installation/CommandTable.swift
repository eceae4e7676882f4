/// All commands with their options, as what is installed beside the program needs them.
struct CommandTable: Sendable {
  /// A command.
  struct Entry: Sendable {
    let name: String
    let summary: String
    let synopsis: String
    let explanation: String
    let example: String
    let options: [OptionSpecification]
    /// What the operand can be; empty for files and other things.
    let operands: [String]
  }

  /// The commands in the order of the help.
  let commands: [Entry]
  /// The options of the program itself.
  let options: [OptionSpecification]

  /// The commands of this program.
  static var own: CommandTable {
    CommandTable(
      commands: Kwass.commands.map { command in
        Entry(
          name: command.name, summary: command.summary, synopsis: command.synopsis,
          explanation: command.explanation, example: command.example,
          options: command.listedOptions + command.explainedOptions,
          operands: command.operandChoices)
      }, options: Kwass.options)
  }
}

extension OptionSpecification {
  /// What a shell can offer for the value: the words in `a|b|c`; names in capitals stand for anything.
  var choices: [String] {
    (value ?? "").split(separator: "|").map(String.init).filter { word in
      word.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }
    }
  }

  /// Whether the value is a file or a folder.
  var takesFile: Bool {
    guard let value else { return false }
    return ["FILE", "FOLDER", "DIRECTORY", "PATH"].contains { value.contains($0) }
  }
}
