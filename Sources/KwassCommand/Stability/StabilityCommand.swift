import KineticTransport

/// Runs `kwass stability`.
struct StabilityCommand {
  private let options: StabilityOptions
  private let console: any Console

  init(_ options: StabilityOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    for path in [options.table, options.figure, options.constantFigure, options.phaseFigure]
      .compactMap(\.self)
    {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    let inputs = try StabilityInputs(options, progress)
    let report = try study(inputs, progress)
    let text = StabilityText(options: options, inputs: inputs, report: report)
    if let path = options.table {
      try attempt { () throws(SnapshotError) in try DataFile.write(Array(text.csv.utf8), to: path) }
    }
    try draw(report)
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
        tolerance: options.system.tolerance
      ).run(progress: progress.handler)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func theorem(_ field: any ForceField) throws(StabilityError) -> StabilityTheorem {
    switch options.theorem {
    case .vlasov:
      guard let bound = field.curvatureBound else { throw .noCurvatureBound(field: field.name) }
      return try .vlasov(curvature: bound)
    case .vlasovPoisson:
      var hypothesis = try VlasovPoissonHypothesis(
        epsilon: options.system.epsilon ?? 1, growth: options.growth,
        loeperRate: options.loeperRate, cells: options.cells)
      hypothesis.smallness = options.smallness ?? hypothesis.smallness
      hypothesis.loeperScale = options.loeperScale ?? hypothesis.loeperScale
      return .vlasovPoisson(hypothesis)
    }
  }

  private func draw(_ report: StabilityReport) throws(CommandFailure) {
    let charts = [
      (options.figure, report.boundsChart), (options.constantFigure, report.constantChart),
      (options.phaseFigure, report.phaseChart),
    ]
    do throws(FigureError) {
      for case (let path?, let chart) in charts { try Gnuplot().draw(chart, to: path) }
    } catch {
      throw CommandFailure(error)
    }
  }
}
