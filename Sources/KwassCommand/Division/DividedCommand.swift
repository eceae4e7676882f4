import KineticTransport

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

extension DividedWork {
  /// Does all of it, together with the other ranks where there are some.
  func runWhole(on console: any Console) throws(CommandFailure) -> ExitCode {
    let group = try World.group()
    if group.size > 1 { return try GroupRun(work: self, group: group).run(on: console) }
    if let remark = World.remark { console.remark("kwass: \(remark)\n") }
    do throws(CommandFailure) {
      try checkOutputs()
      let progress = ProgressLine("reading", on: console)
      defer { progress.finish() }
      let workload = try workload(progress)
      let findings = try workload.findings(progress)
      return try give(workload.frame, findings, after: progress, on: console)
    } catch {
      recordFailure(error)
      throw error
    }
  }
}
