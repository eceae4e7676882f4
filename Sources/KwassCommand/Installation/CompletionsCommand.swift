/// The arguments of `kwass completions`.
struct CompletionsOptions: OptionGroup, Equatable {
  /// The shells for which there are completions.
  enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish
  }

  /// The shell.
  var shell: Shell

  static let specification: [OptionSpecification] = []

  init(_ reader: ArgumentReader) throws(UsageError) {
    let names = Shell.allCases.map(\.rawValue)
    let name = try reader.operands(1...1, "a shell: \(UsageError.list(names))")[0]
    guard let shell = Shell(rawValue: name) else {
      throw .badValue(
        option: "SHELL", value: name,
        requirement: UsageError.list(names) + Spelling.hint(for: name, among: names))
    }
    self.shell = shell
  }
}

/// Runs `kwass completions`.
struct CompletionsCommand: Command {
  static let name = "completions"
  static let summary = "Print what a shell needs to complete the arguments of kwass."
  static let synopsis = "bash|zsh|fish"
  static let explanation = """
    Prints a script that has a shell complete commands, options and their values. scripts/install
    puts it where the shell finds it.
    """
  static let example = "bash"

  static let operandChoices = CompletionsOptions.Shell.allCases.map(\.rawValue)

  let options: CompletionsOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let table = CommandTable.own
    let script =
      switch options.shell {
      case .bash: Completions.bash(table)
      case .zsh: Completions.zsh(table)
      case .fish: Completions.fish(table)
      }
    try console.print(script)
    return .success
  }
}
