import KineticTransport

/// Something that a command line asks for.
protocol Action: Sendable {
  /// Does it.
  ///
  /// - Returns: the status with which the process should end.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode
}

/// Work in units that several processes can share out among them: what is found of each unit can be kept, and
/// all that is printed follows from it.
protocol DividedWork: Sendable {
  /// What is printed beside the findings, the same for all processes.
  associatedtype Frame: Codable & Sendable
  /// What is found of a unit.
  associatedtype Finding: Codable & Sendable

  /// Checks that the files of the results can be written, before the work begins.
  func checkOutputs() throws(CommandFailure)
  /// The files that are read, by their paths.
  func inputs() throws(CommandFailure) -> [String]
  /// Reads them and says what is to be done.
  func workload(_ progress: ProgressLine) throws(CommandFailure) -> Workload<Frame, Finding>
  /// Prints what was found.
  ///
  /// - Parameter findings: those of all units, in their order.
  func give(
    _ frame: Frame, _ findings: [Finding], after progress: ProgressLine, on console: any Console
  ) throws(CommandFailure) -> ExitCode
}

extension DividedWork {
  /// Does all of it in this process.
  func runWhole(on console: any Console) throws(CommandFailure) -> ExitCode {
    try checkOutputs()
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let workload = try workload(progress)
    let findings = try workload.findings(progress)
    return try give(workload.frame, findings, after: progress, on: console)
  }
}

/// A command whose work can be done in parts.
protocol DividedCommand: Command {
  /// The options that say how results are given out, which do not change them.
  static var outputOptions: [String] { get }

  /// What it does.
  var work: any DividedWork { get }
}

extension DividedCommand {
  static var divisionOptions: [OptionSpecification] { PartOptions.specification }

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try work.runWhole(on: console)
  }

  /// All of the work, or the part of it that is asked for.
  static func action(_ reader: ArgumentReader) throws(UsageError) -> any Action {
    let command = try Self(reader)
    guard let options = try PartOptions(reader, outputs: outputOptions) else { return command }
    return PartRun(
      command: name, arguments: reader.arguments(without: PartOptions.others), options: options,
      work: command.work)
  }

  /// The work that arguments ask for.
  static func work(of arguments: [String]) throws(UsageError) -> any DividedWork {
    try Self(options: options(in: arguments)).work
  }
}
