import KineticTransport
import Libc

/// The program `kwass`.
public enum Kwass {
  /// The version, as `kwass --version` prints it.
  public static let version = "0.1.0"

  /// The arguments of the process, without its name. Ones that are no UTF-8 keep all of their bytes
  /// (`FileName`).
  public static var processArguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { start in
        FileName.text(UnsafeRawBufferPointer(start: start, count: strlen(start)))
      }
    }
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
      let command = try Command(arguments: arguments)
      do throws(CommandFailure) {
        return try run(command, console: console)
      } catch {
        console.report("kwass: \(error.sentence)\n")
        return error.status
      }
    } catch {
      let topic = HelpTopic.allCases.first { $0.commandName == arguments.first } ?? .overview
      let name = topic.commandName.map { " \($0)" } ?? ""
      console.report("kwass: \(error) See `kwass\(name) --help`.\n")
      return .usage
    }
  }

  private static func run(
    _ command: Command, console: some Console
  ) throws(CommandFailure) -> ExitCode {
    switch command {
    case .help(let topic):
      try console.print(topic.text)
      return .success
    case .version:
      try console.print("kwass \(version)\n")
      return .success
    case .distance(let options):
      return try options.threads.limiting { () throws(CommandFailure) in
        try DistanceCommand(options, console).run()
      }
    case .sample(let options): return try SampleCommand(options, console).run()
    case .info(let options): return try InfoCommand(options, console).run()
    case .evolve(let options):
      return try options.threads.limiting { () throws(CommandFailure) in
        try EvolveCommand(options, console).run()
      }
    case .stability(let options):
      return try options.threads.limiting { () throws(CommandFailure) in
        try StabilityCommand(options, console).run()
      }
    case .meanField(let options):
      return try options.threads.limiting { () throws(CommandFailure) in
        try MeanFieldCommand(options, console).run()
      }
    case .coefficients(let options): return try CoefficientsCommand(options, console).run()
    case .scan(let options):
      return try options.threads.limiting { () throws(CommandFailure) in
        try ScanCommand(options, console).run()
      }
    case .convert(let options): return try ConvertCommand(options, console).run()
    case .series(let options):
      return try options.distance.threads.limiting { () throws(CommandFailure) in
        try SeriesCommand(options, console).run()
      }
    case .matrix(let options):
      return try options.distance.threads.limiting { () throws(CommandFailure) in
        try MatrixCommand(options, console).run()
      }
    case .compare(let options):
      return try options.distance.threads.limiting { () throws(CommandFailure) in
        try CompareCommand(options, console).run()
      }
    }
  }
}

extension Console {
  /// Writes to the standard output.
  func print(_ text: String) throws(CommandFailure) {
    do throws(ConsoleError) {
      try write(text)
    } catch {
      throw CommandFailure(error)
    }
  }
}
