import KineticTransport

/// The arguments of `kwass compare`.
struct CompareOptions: OptionGroup, Equatable {
  /// The reference snapshot, or several of them as a directory, a pattern or a file of iterations.
  var reference: String
  /// The snapshots to judge, likewise.
  var operands: [String]
  /// The largest distance that passes.
  var allowance: Allowance
  /// How often a reference is split for the noise floor.
  var splits: Int
  /// How many random divisions a p-value takes; `nil` for none.
  var permutations: Int?
  /// Settles all random choices.
  var seed: UInt64
  /// How distances are measured.
  var measurement: MeasurementOptions
  /// Where to write the verdicts as JUnit XML; `nil` for nowhere.
  var junitPath: String?
  /// Where to write a page about the comparison; `nil` for nowhere.
  var reportPath: String?
  /// Where to draw what was compared; `nil` for nowhere.
  var figurePath: String?
  /// What a figure of one pair shows.
  var axes: FigureAxes
  /// Whether to print JSON.
  var isJSON: Bool
  /// What was given on the command line.
  var arguments: ReportArguments

  /// The files to write.
  var outputs: [String] {
    [junitPath, reportPath, figurePath].compactMap(\.self).filter { $0 != FigureOutput.sketch }
  }

  /// Whether no more than a bracket was wanted of a distance, or found.
  func leavesBracket(_ judgement: Judgement) -> Bool {
    measurement.gate.decidesOnly || judgement.outcome.interruption != nil
  }

  static let specification =
    GateOptions.toleranceSpecification + [
      StoppingOptions.timeLimitSpecification,
      OptionSpecification(
        "--splits", "N", "Random splits of REFERENCE for the noise floor. Default: 5."),
      OptionSpecification(
        "--permutations", "N",
        "Also test whether FILE and REFERENCE may be samples of one state, by N random divisions of all "
          + "their particles: a p-value of at least 1/(N + 1)."),
      OptionSpecification(
        "--seed", "S", "A whole number that settles splits and divisions. Default: 1."),
      OptionSpecification("--json", "Print one JSON object."),
      OptionSpecification(
        "--junit", "FILE",
        "Also write the verdicts as JUnit XML, a test for each FILE. One that is above the tolerance or "
          + "undecided is a failure; where the comparison itself fails, each is an error."),
      OptionSpecification(
        "--report", "FILE",
        "Also write a page like that of kwass report, .html: all verdicts, and figures and distances of the "
          + "snapshot that is the furthest from its reference."),
      FigureOutput.option(
        "Also draw what was compared, for one FILE both densities and their difference, for several their "
          + "distances with brackets beside the tolerance"),
    ] + FigureAxes.specification + MeasurementOptions.specification + [
      MeasurementOptions.matchSpecification
    ]
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let operands = try reader.operands(2...(.max), "REFERENCE and at least one FILE")
    (reference, self.operands) = (operands[0], Array(operands.dropFirst()))
    let text = try reader.required(reader.text("--tolerance"), "--tolerance")
    guard let allowance = Allowance(text) else {
      throw .badValue(option: "--tolerance", value: text, requirement: Allowance.requirement)
    }
    self.allowance = allowance
    measurement = try MeasurementOptions(
      reader, gate: GateOptions(tolerance: allowance.number, reader),
      stopping: StoppingOptions(timeLimitOf: reader))
    splits = try reader.integer("--splits", "a whole number from 1 to 1000", in: 1...1000) ?? 5
    permutations = try reader.integer(
      "--permutations", "a whole number from 1 to 100000", in: 1...100_000)
    seed = try reader.seed() ?? 1
    isJSON = reader.has("--json")
    junitPath = reader.text("--junit")
    reportPath = try reader.page("--report")
    figurePath = try reader.figure("--figure")
    axes = try FigureAxes(reader, isUsed: figurePath != nil)
    arguments = ReportArguments(
      reader, command: CompareCommand.name, stopping: [StoppingOptions.timeLimitSpecification])
    if Set(outputs).count < outputs.count {
      throw .conflict("Two of --junit, --report and --figure name the same file.")
    }
    if let output = outputs.first(where: operands.contains) {
      throw .conflict("The output \(output) would replace the snapshot of that name.")
    }
    if permutations != nil, measurement.match != nil || measurement.gate.decidesOnly {
      throw .conflict(
        "--permutations needs the distance itself; \(measurement.match == nil ? "--gate-only" : "--match") "
          + "cannot go with it.")
    }
  }
}
