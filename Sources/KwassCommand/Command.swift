/// A command of kwass: its name, its help, its options and what it does. `Kwass.commands` lists all.
protocol Command: Sendable {
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

  /// Whether it computes on several threads, whose number an option limits.
  static var isParallel: Bool { get }

  /// The command with what its arguments say.
  init(options: Options)

  /// Does it.
  ///
  /// - Returns: the status with which the process should end.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode
}

extension Command {
  static var explainedOptions: [OptionSpecification] { [] }
  static var isParallel: Bool { false }

  /// The options that its help lists.
  static var listedOptions: [OptionSpecification] {
    Options.specification + (isParallel ? ThreadOptions.specification : []) + [.help]
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

  /// Its help.
  static var help: String {
    func call(_ arguments: String) -> String {
      ["kwass", name, arguments].filter { !$0.isEmpty }.joined(separator: " ")
    }
    return HelpText.page(
      synopsis: call(synopsis), body: explanation, options: listedOptions, example: call(example))
  }
}
