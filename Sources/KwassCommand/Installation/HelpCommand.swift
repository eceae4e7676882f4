/// The arguments of `kwass help`.
struct HelpOptions: OptionGroup, Equatable {
  /// The command to describe; `nil` for the program.
  var topic: String?

  static let specification: [OptionSpecification] = []

  init(_ reader: ArgumentReader) throws(UsageError) {
    topic = try reader.operands(0...1, "one command at most").first
    let names = Kwass.commands.map { $0.name }
    if let topic, !names.contains(topic) {
      throw .unknownCommand(
        topic, hint: Spelling.hint(for: topic, among: names), known: names)
    }
  }
}

/// Runs `kwass help`.
struct HelpCommand: Command {
  static let name = "help"
  static let summary = "Describe a command with all of its options."
  static let synopsis = "[COMMAND]"
  static let explanation = """
    Describes a command with all of its options, as `kwass COMMAND --help all` does, or without
    COMMAND the program. `kwass COMMAND --help` lists the options that are used most.
    """
  static let example = "distance"

  static var operandChoices: [String] { Kwass.commands.map { $0.name } }

  let options: HelpOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let command = Kwass.commands.first { $0.name == options.topic }
    try console.print(command.map { $0.fullHelp } ?? Kwass.help)
    return .success
  }
}
