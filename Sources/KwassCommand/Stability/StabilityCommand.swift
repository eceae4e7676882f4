import KineticTransport

/// Runs `kwass stability`.
struct StabilityCommand: Command {
  static let name = "stability"
  static let summary =
    "Set the bounds of a stability theorem beside the true distance of two solutions."
  static let synopsis = "A B --system NAME --until T [options]"
  static let explanation = """
    Follows two solutions that start from the snapshots A and B, and the optimal plan between them.
    At the sampled times it computes the true distance (W_1 for Theorem 2.1, W_2 for Theorem 3.1, each
    proved), and sets beside it the cost of the carried plan, the functional Q(t) of the theorem, and
    the bounds: the new one, and Dobrushin's or Loeper's. Every inequality of the theorem and its
    proof is checked; one that is violated is named, and the exit status is then 1. Hypotheses are
    checked, and where one fails nothing is claimed. Theorems: M. Iacobelli, "A new perspective on
    Wasserstein distances for kinetic problems" (2022).

    With --theorem mean-field and agents that align (--system cucker-smale, motsch-tadmor, s-model
    or w-model), every snapshot but the last is a start of few agents, and the last one the fine
    start that they approximate. For each of them W_1 to the fine solution is computed at the
    sampled times, and set beside the cost of the carried plan, which is never smaller; printed are
    the suprema over time and their quotients by W_1 at the start, which the mean-field limit says
    to be bounded whatever the number of agents, and the largest difference of the strengths of
    alignment. Source: R. Shvydkoy and T. Teolis (2024), Theorem 3.2.
    """
  static let example =
    "a.npz b.npz --system vlasov --kernel cos:.1 --until 2 --figure bounds.svg"

  static let commonOptions = [
    "--theorem", "--system", "--until", "--every", "--kernel", "--epsilon", "--mesh", "--step",
    "--box", "--json", "--csv", "--figure",
  ]

  static let isParallel = true

  let options: StabilityRequest

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    switch options {
    case .pair(let options): try StabilityRun(options: options).run(on: console)
    case .meanField(let options): try MeanFieldRun(options: options).run(on: console)
    }
  }
}

/// What `kwass stability` studies.
enum StabilityRequest: OptionGroup {
  /// A theorem for two solutions.
  case pair(StabilityOptions)
  /// The mean-field limit of agents.
  case meanField(MeanFieldOptions)

  static let specification = StabilityOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    guard reader.text("--theorem") == MeanFieldOptions.theorem else {
      self = .pair(try StabilityOptions(reader))
      return
    }
    self = .meanField(
      try MeanFieldOptions(
        ArgumentReader(
          reader.arguments, command: "kwass stability --theorem \(MeanFieldOptions.theorem)",
          options: MeanFieldOptions.specification + StabilityCommand.sharedOptions)))
  }
}

/// Sets a stability theorem beside the truth.
private struct StabilityRun {
  let options: StabilityOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    if let path = options.table {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    try FigureOutput.check([options.figure, options.constantFigure, options.phaseFigure])
    let inputs = try StabilityInputs(options, progress)
    let report = try study(inputs, progress)
    let text = StabilityText(options: options, inputs: inputs, report: report)
    if let path = options.table {
      try attempt { () throws(SnapshotError) in try DataFile.write(Array(text.csv.utf8), to: path) }
    }
    try draw(report, inputs, on: console)
    progress.finish()
    try console.print(
      options.isJSON ? text.json.text + "\n" : text.text(inColour: console.isOutputTerminal))
    return report.violations.isEmpty ? .success : .exceeded
  }

  private func study(
    _ inputs: StabilityInputs, _ progress: ProgressLine
  ) throws(CommandFailure) -> StabilityReport {
    let start = inputs.first.time
    guard options.until > start else {
      throw CommandFailure(
        .usage, "--until \(options.until) does not lie after the time \(start) of the snapshots.")
    }
    let every = options.every ?? (options.until - start) / 10
    let times = try SampledTimes.steps(of: every, from: start, until: options.until)
    do throws(StabilityError) {
      progress.begin("solving for the initial plan")
      let theorem = try theorem(inputs.first.field)
      do throws(FlowError) {
        for flow in [inputs.first, inputs.second] { _ = try flow.stepCount(to: options.until) }
      } catch {
        throw StabilityError.flow(error)
      }
      let flow = try CoupledFlow.optimal(
        first: inputs.first, second: inputs.second, exponent: theorem.exponent,
        progress: progress.handler)
      return try StabilityStudy(
        flow: flow, theorem: theorem, times: times,
        tolerance: options.system.stepError
      ).run(progress: progress.handler)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func theorem(_ field: any ForceField) throws(StabilityError) -> any StabilityTheorem {
    switch options.theorem {
    case .vlasov:
      guard let bound = field.curvatureBound else { throw .noCurvatureBound(field: field.name) }
      return try VlasovTheorem(curvature: bound)
    case .vlasovPoisson:
      var hypothesis = try VlasovPoissonHypothesis(
        epsilon: options.system.epsilon ?? 1, growth: options.growth,
        loeperRate: options.loeperRate, cells: options.cells)
      hypothesis.smallness = options.smallness ?? hypothesis.smallness
      hypothesis.loeperScale = options.loeperScale ?? hypothesis.loeperScale
      return VlasovPoissonTheorem(hypothesis)
    }
  }

  private func draw(
    _ report: StabilityReport, _ inputs: StabilityInputs, on console: any Console
  ) throws(CommandFailure) {
    try FigureOutput.draw(report.boundsChart, to: options.figure, on: console)
    try FigureOutput.draw(report.constantChart, to: options.constantFigure, on: console)
    guard options.phaseFigure != nil else { return }
    let end = report.trajectory.end
    let measures = try attempt { () throws(FlowError) in
      [try end.first.measure, try end.second.measure]
    }
    try StateFigure(
      title: "Both solutions at time \(plain(end.time))", names: ShortNames.of(options.paths),
      measures: measures, coordinates: inputs.coordinates
    ).draw(to: options.phaseFigure, on: console)
  }
}
