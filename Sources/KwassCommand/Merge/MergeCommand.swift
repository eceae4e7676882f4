import KineticTransport

/// The arguments of `kwass merge`.
struct MergeOptions: OptionGroup, Equatable {
  /// The files of the parts.
  var paths: [String]
  /// The options of the command itself that say how its results are given out.
  var outputs: [String]

  static let specification = [
    OptionSpecification("--json", "Print one JSON object, as the command itself does."),
    OptionSpecification("--csv", "FILE", "scan, limit: as the command itself."),
    FigureOutput.option(
      "Also draw what the command itself draws; compare of one snapshot reads it and its reference again"
    ),
    OptionSpecification("--axes", "x1,v1,...", "compare: as the command itself."),
    FigureOutput.option("matrix: also draw the tree of the nearest", named: "--dendrogram"),
    OptionSpecification("--pairs", "matrix: as the command itself."),
    OptionSpecification("--junit", "FILE", "compare: as the command itself."),
    OptionSpecification(
      "--report", "FILE", "compare: as the command itself, which reads two of the snapshots again."),
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    paths = try reader.operands(1...(.max), "the files of all parts")
    outputs = reader.given(Self.specification)
  }
}

/// Runs `kwass merge`.
struct MergeCommand: Command {
  static let name = "merge"
  static let summary = "Put together what the parts of a command have found."
  static let synopsis = "PART... [options]"
  static let explanation = """
    Prints what `kwass matrix`, `series`, `compare`, `scan` or `limit` prints, byte for byte, from the
    files of its parts, which `--part k/K -o FILE` has written. Snapshots are not read again. All
    parts of one division must be given, each once, and all must be of the same command with the same
    options and files. The exit status is that of the command.
    """
  static let example = "part-1.json part-2.json part-3.json --figure table.svg"

  let options: MergeOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let parts = try PartSet(paths: options.paths)
    let plan = parts.header.plan
    guard
      let command = Kwass.commands.lazy.compactMap({ $0 as? any DividedCommand.Type })
        .first(where: { $0.name == plan.command })
    else {
      throw CommandFailure(
        .badData, "\(options.paths[0]): kwass \(plan.command) is no command that has parts.")
    }
    let work: any DividedWork
    do throws(UsageError) {
      work = try command.work(of: options.outputs + plan.arguments)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    return try give(work, parts, on: console)
  }

  private func give<Work: DividedWork>(
    _ work: Work, _ parts: PartSet, on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    try work.checkOutputs()
    let progress = ProgressLine("merging", on: console)
    defer { progress.finish() }
    let frame: Work.Frame
    var findings: [Work.Finding] = []
    do throws(JSONError) {
      frame = try JSONDecoding.value(of: parts.frame)
      for finding in parts.findings { findings.append(try JSONDecoding.value(of: finding)) }
    } catch {
      throw CommandFailure(.badData, "\(options.paths[0]) and the other parts: \(error).")
    }
    return try work.give(frame, findings, after: progress, on: console)
  }
}
