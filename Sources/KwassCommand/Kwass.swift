import BuildInformation
import KineticTransport
import Libc

/// The program `kwass`.
public enum Kwass {
  /// The version, as `kwass --version` prints it.
  public static let version = BuildInformation.version

  /// The arguments of the process, without its name. Ones that are no UTF-8 keep all of their bytes
  /// (`FileName`).
  public static var processArguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { start in
        FileName.text(UnsafeRawBufferPointer(start: start, count: strlen(start)))
      }
    }
  }

  /// All commands, in the order of the help.
  static let commands: [any Command.Type] = [
    DistanceCommand.self, SampleCommand.self, InfoCommand.self, EvolveCommand.self,
    StabilityCommand.self, ScanCommand.self, LimitCommand.self, CoefficientsCommand.self,
    ConvertCommand.self, SeriesCommand.self, MatrixCommand.self, CompareCommand.self,
    MergeCommand.self, ReportCommand.self, HelpCommand.self, CompletionsCommand.self,
    ManualCommand.self,
  ]

  /// What a command line asks for.
  enum Request {
    /// A text: a help or the version.
    case text(String)
    /// A command or a part of one, how many threads it may use, and what it may say.
    case command(any Action, ThreadOptions, ConsoleOptions)
  }

  /// Understands and runs a command line.
  ///
  /// - Parameters:
  ///   - arguments: what follows the name of the program.
  ///   - console: where results, errors and progress go.
  /// - Returns: the status with which the process should end.
  public static func run(arguments: [String], console: some Console) -> ExitCode {
    do throws(InstructionSetError) {
      try InstructionSet.checkEnvironment()
    } catch {
      console.report("kwass: \(error)\n")
      return .usage
    }
    do throws(ThreadLimitError) {
      try ThreadLimit.checkEnvironment()
    } catch {
      console.report("kwass: \(error)\n")
      return .usage
    }
    do throws(UsageError) {
      let request = try request(arguments)
      do throws(CommandFailure) {
        switch request {
        case .text(let text):
          try console.print(text)
          return .success
        case .command(let command, let threads, let configuration):
          return try threads.limiting { () throws(CommandFailure) in
            try command.run(on: configuration.console(console))
          }
        }
      } catch {
        console.report("kwass: \(error.sentence)\n")
        return error.status
      }
    } catch {
      let name = commands.first { $0.name == arguments.first }.map { " \($0.name)" } ?? ""
      if World.isFirst { console.report("kwass: \(error) See `kwass\(name) --help`.\n") }
      return .usage
    }
  }

  /// Understands a command line.
  ///
  /// - Throws: `UsageError`.
  static func request(_ arguments: [String]) throws(UsageError) -> Request {
    let names = commands.map { $0.name }
    guard let first = arguments.first else { throw .missingCommand(known: names) }
    switch first {
    case "--help", "-h": return .text(help)
    case "--version":
      let rest = try ArgumentReader(
        arguments.dropFirst(), command: "kwass --version", options: [verboseOption])
      _ = try rest.operands(0...0, "no operand")
      return .text("kwass \(version)\n" + (rest.has(verboseOption.name) ? licenses : ""))
    case _ where first.hasPrefix("-"):
      throw .unknownOption(
        first, command: "kwass", hint: Spelling.hint(for: first, among: options.map(\.name)))
    default: break
    }
    guard let command = commands.first(where: { $0.name == first }) else {
      throw .unknownCommand(
        first, hint: Spelling.hint(for: first, among: names), known: names)
    }
    let words = arguments.prefix { $0 != "--" }
    if let place = words.firstIndex(where: { $0 == "--help" || $0 == "-h" || $0 == "--help=all" }) {
      let isFull = words[place].hasSuffix("=all") || words.dropFirst(place + 1).first == "all"
      return .text(isFull ? command.fullHelp : command.help)
    }
    let reader = try command.reader(of: arguments.dropFirst())
    return .command(
      try command.action(reader), try ThreadOptions(reader), try ConsoleOptions(reader))
  }
}

extension Kwass {
  static let options: [OptionSpecification] = [
    .help, OptionSpecification("--version", "Show the version."), verboseOption,
  ]

  private static let verboseOption = OptionSpecification(
    "--verbose", "With --version, show the libraries of this build and their licenses too.")

  /// The libraries that this program is linked with.
  static var licenses: String { BuildInformation.text(of: BuildInformation.command) }

  /// What the program does.
  static let description = """
    Measures how far apart two states of a kinetic system are: Wasserstein distances of
    positions and velocities, each with a proved bracket.
    """

  /// What the status says with which the program ends.
  static let exitStatuses = """
    Exit status: 0 success, 1 a distance above
    --max or --tolerance or a violated inequality, 2 a distance whose bracket does not tell which
    side of that it is on, 3 an accuracy that was not reached, 4 the time limit (with 2, 3 and 4
    what is proved is printed), 64 wrong usage, 65 bad data or a problem that cannot be solved, 66
    a file that is missing or cannot be opened, 70 a failed verification, 71 too little memory, 73
    an output that cannot be created, 74 an error of the system while reading or writing.
    """

  /// The help of the program as a whole.
  static var help: String {
    HelpText.page(
      synopsis: "kwass COMMAND [arguments]",
      body: """
        \(description)

        Commands:
        \(HelpText.table(commands.map { ($0.name, $0.summary) }))

        `kwass COMMAND --help` describes each of them with its most common options, and `kwass help
        COMMAND` with all. \(exitStatuses)
        """,
      options: options, example: "kwass distance a.csv b.csv")
  }
}

extension Console {
  /// Writes to the standard output, with what goes wrong as the failure of a command.
  func print(_ text: String) throws(CommandFailure) {
    do throws(ConsoleError) {
      try write(text)
    } catch {
      throw CommandFailure(error)
    }
  }
}
