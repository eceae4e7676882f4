/// Something that a command line asks for.
protocol Action: Sendable {
  /// Does it.
  ///
  /// - Returns: the status with which the process should end.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode
}

/// A command of kwass: its name, its help, its options and what it does. `Kwass.commands` lists all.
protocol Command: Action {
  /// All that its arguments say.
  associatedtype Options: OptionGroup

  /// What follows `kwass` to call it.
  static var name: String { get }
  /// What it does, in a sentence.
  static var summary: String { get }
  /// Its operands and most important options, as they follow its name.
  static var synopsis: String { get }
  /// What it does, in some lines.
  static var explanation: String { get }
  /// Arguments that are right, as they follow its name.
  static var example: String { get }
  /// Options that the explanation describes, and the list of options does not.
  static var explainedOptions: [OptionSpecification] { get }

  /// The options that its short help lists, by name; empty where they are few enough to list all.
  static var commonOptions: [String] { get }
  /// What its operand can be, where that is one of some words.
  static var operandChoices: [String] { get }

  /// Whether it computes on several threads, whose number an option limits.
  static var isParallel: Bool { get }

  /// The command with what its arguments say.
  init(options: Options)

  /// The options that say which part of the work is done; empty where it has no parts.
  static var divisionOptions: [OptionSpecification] { get }

  /// What arguments ask for: the command, or a part of its work.
  static func action(_ reader: ArgumentReader) throws(UsageError) -> any Action
}

extension Command {
  static var explainedOptions: [OptionSpecification] { [] }
  static var commonOptions: [String] { [] }
  static var operandChoices: [String] { [] }
  static var isParallel: Bool { false }
  static var divisionOptions: [OptionSpecification] { [] }

  static func action(_ reader: ArgumentReader) throws(UsageError) -> any Action {
    try Self(reader)
  }

  /// The options that its full help lists.
  static var listedOptions: [OptionSpecification] { Options.specification + sharedOptions }

  /// The options that it has beside its own.
  static var sharedOptions: [OptionSpecification] {
    divisionOptions + (isParallel ? ThreadOptions.specification : []) + ConsoleOptions.specification
      + [.help]
  }

  /// The arguments behind its name, told apart.
  ///
  /// - Throws: `UsageError`.
  static func reader(
    of arguments: some Sequence<String>
  ) throws(UsageError) -> ArgumentReader {
    try ArgumentReader(
      arguments, command: "kwass \(name)", options: listedOptions + explainedOptions)
  }

  /// What arguments behind its name say.
  ///
  /// - Throws: `UsageError`.
  static func options(in arguments: some Sequence<String>) throws(UsageError) -> Options {
    try Options(reader(of: arguments))
  }

  /// The command that arguments ask for.
  ///
  /// - Throws: `UsageError`.
  init(_ reader: ArgumentReader) throws(UsageError) { self.init(options: try Options(reader)) }

  /// Its help with the options that are used most.
  static var help: String {
    guard !commonOptions.isEmpty else { return fullHelp }
    let common = listedOptions.filter {
      commonOptions.contains($0.name) || $0 == OptionSpecification.help
    }
    return page(
      common,
      closing:
        "`kwass \(name) --help all` lists \(listedOptions.count - common.count) more options.")
  }

  /// Its help with all options.
  static var fullHelp: String { page(listedOptions) }

  private static func page(_ options: [OptionSpecification], closing: String? = nil) -> String {
    func call(_ arguments: String) -> String {
      ["kwass", name, arguments].filter { !$0.isEmpty }.joined(separator: " ")
    }
    return HelpText.page(
      synopsis: call(synopsis), body: explanation, options: options, closing: closing,
      example: call(example))
  }
}
