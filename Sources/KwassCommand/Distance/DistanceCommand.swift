import KineticTransport

/// Runs `kwass distance`.
struct DistanceCommand: Command {
  static let name = "distance"
  static let summary = "Measure the distance between two snapshots."
  static let synopsis = "A B [options]"
  static let explanation = """
    Measures the Wasserstein distance W between the snapshots A and B. W^p is the least cost of
    moving the masses of A, normalised to 1, to those of B. Printed are W, a bracket that is proved
    over all pairs of particles, and the cost W^p. The metrics combine. A and B are files; FILE#N is
    the iteration N of a file that has several.
    """
  static let example =
    "a.npz b.npz --p 2 --lambda 25 --box 1,free --json"

  static let commonOptions = [
    "--p", "--cost", "--lambda", "--space", "--box", "--accuracy", "--time-limit", "--max",
    "--plan", "--figure", "--json", "--species", "--scale",
  ]

  static let isParallel = true

  let options: DistanceOptions

  /// What there is to print, and why there is not more.
  private struct Outcome {
    let report: any Report
    /// The measures, for a figure; `nil` where particles were not kept.
    var inputs: DistanceInputs?
    /// With a plan and potentials; `nil` where there are none.
    var distance: KineticDistance?
    /// The status and the sentence for what was asked and not reached.
    var shortfall: CommandFailure?
  }

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try run(on: console, in: World.group())
  }

  /// Runs in a group, of which the first process prints.
  func run(
    on console: any Console, in group: any ProcessGroup
  ) throws(CommandFailure) -> ExitCode {
    let ranks = RankExchange(group: group)
    let own = ranks.console(console)
    if ranks.isAlone, let remark = World.remark { own.remark("kwass: \(remark)\n") }
    let progress = ProgressLine("reading", on: own)
    defer { progress.finish() }
    return try ranks.ending { () throws(CommandFailure) in
      if let coarsening = options.coarsening, ranks.isAlone || coarsening.isShared {
        let inputs = try CoarsenedInputs(options, coarsening.levels, progress, ranks)
        return try ranks.alone { () throws(CommandFailure) in
          try give(coarsened(inputs, progress), after: progress, on: own)
        }
      }
      guard options.coarsening == nil, options.measurement.isShared else {
        if !ranks.isAlone { own.remark("kwass: \(Self.isNotShared)\n") }
        return try ranks.alone { () throws(CommandFailure) in
          try give(outcomeAlone(progress), after: progress, on: own)
        }
      }
      let inputs = try inputs(progress, ranks)
      let outcome = try ranks.together { () throws(CommandFailure) in
        try measure(inputs, progress, in: group)
      }
      return try ranks.alone { () throws(CommandFailure) in
        try give(outcome, after: progress, on: own)
      }
    }
  }

  /// The work of one process.
  private func outcomeAlone(_ progress: ProgressLine) throws(CommandFailure) -> Outcome {
    guard let coarsening = options.coarsening else {
      return try measure(prepared(progress), progress, in: SingleProcess())
    }
    let ranks = RankExchange(group: SingleProcess())
    return try coarsened(CoarsenedInputs(options, coarsening.levels, progress, ranks), progress)
  }

  private func give(
    _ outcome: Outcome, after progress: ProgressLine, on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    progress.finish()
    let report = outcome.report
    try console.print(options.isJSON ? report.json.text + "\n" : report.text)
    // What was measured has been said by now, whatever becomes of the figure.
    if let inputs = outcome.inputs { try draw(inputs, outcome.distance, on: console) }
    if report.isDisproved {
      throw CommandFailure(
        .internal, "The verification did not confirm the result; please report this as an error.")
    }
    if let gate = options.measurement.gate.gate, let judged = report.judged {
      let verdict = gate.verdict(judged.distanceBounds)
      // A gate that is decided has its own status, whatever else was not reached.
      if verdict == .above || outcome.shortfall == nil {
        gate.sentence(judged.distanceBounds, distance: judged.distance).map {
          console.remark("kwass: \($0)\n")
        }
        return Gate.status([verdict])
      }
    }
    if let shortfall = outcome.shortfall { throw shortfall }
    return .success
  }

  /// Solves, with the work of all processes of a group; the first verifies and writes.
  private func measure(
    _ inputs: DistanceInputs, _ progress: ProgressLine, in group: any ProcessGroup
  ) throws(CommandFailure) -> Outcome {
    progress.begin("solving")
    let limit = TimeLimit(
      seconds: options.measurement.stopping.timeLimit ?? .infinity, progress: progress.handler)
    let stopwatch = Stopwatch()
    do throws(KineticMetricError) {
      if let bracket = try inputs.decidedBracket(options.measurement) {
        return Outcome(
          report: PartialReport(
            options: options, inputs: inputs, metric: try options.measurement.metric.metric(),
            bracket: bracket,
            outcome: .decided, seconds: stopwatch.seconds), inputs: inputs)
      }
      if let relaxation = options.measurement.entropic.relaxation {
        return Outcome(report: try relaxed(relaxation, inputs, limit, in: group), inputs: inputs)
      }
      if let solver = options.measurement.entropicSolver(in: group) {
        return Outcome(report: try entropic(solver, inputs, limit, in: group), inputs: inputs)
      }
    } catch {
      return try stopped(error, inputs, limit, seconds: stopwatch.seconds)
    }
    return try exact(inputs, progress, limit, in: group)
  }

  /// What to say where a solver was stopped or fell short of its goal.
  private func stopped(
    _ error: KineticMetricError, _ inputs: DistanceInputs, _ limit: TimeLimit, seconds: Double
  ) throws(CommandFailure) -> Outcome {
    let failure = CommandFailure(error, limit)
    guard let bracket = error.provedBracket,
      let metric = try? options.measurement.metric.metric()
    else { throw failure }
    return Outcome(
      report: PartialReport(
        options: options, inputs: inputs, metric: metric, bracket: bracket,
        outcome: .stopped(failure.sentence), seconds: seconds),
      inputs: inputs, shortfall: failure)
  }

  /// The states with the plan and the potentials, where there are some.
  private func draw(
    _ inputs: DistanceInputs, _ distance: KineticDistance?, on console: any Console
  ) throws(CommandFailure) {
    var figure = StateFigure(
      inputs, of: [options.sourcePath, options.targetPath], axes: options.axes,
      plan: distance?.solution.plan)
    try figure.draw(to: options.figurePath, on: console)
    guard let distance else { return }
    figure.title = "Kantorovich potentials of \(figure.title)"
    try FigureOutput.draw(to: options.potentialFigurePath, on: console) {
      () throws(CommandFailure) in
      try figure.figure(
        of: distance.solution.potentials,
        unit: inputs.coordinates.unit(ofCostIn: distance.metric, inputs.space))
    }
  }
}

extension DistanceCommand {
  /// Particles that are merged into cells.
  private func coarsened(
    _ inputs: CoarsenedInputs, _ progress: ProgressLine
  ) throws(CommandFailure) -> Outcome {
    progress.begin("solving")
    let limit = TimeLimit(
      seconds: options.measurement.stopping.timeLimit ?? .infinity, progress: progress.handler)
    let stopwatch = Stopwatch()
    let outcome = try CoarsenedMeasurement(options: options, inputs: inputs, limit: limit).run()
    let metric = try attempt { () throws(KineticMetricError) in
      try options.measurement.metric.metric()
    }
    let report = CoarsenedReport(
      options: options, inputs: inputs, metric: metric, outcome: outcome,
      seconds: stopwatch.seconds)
    let wanted = options.measurement.stopping.accuracy == nil ? nil : report.unreached
    return Outcome(
      report: report,
      shortfall: outcome.failure ?? wanted.map { CommandFailure(.inaccurate, $0) })
  }

  /// Transport problems whose plans are known.
  private func exact(
    _ inputs: DistanceInputs, _ progress: ProgressLine, _ limit: TimeLimit,
    in group: any ProcessGroup
  ) throws(CommandFailure) -> Outcome {
    let stopwatch = Stopwatch()
    var drawn: [Double] = []
    let distance: KineticDistance
    do throws(KineticMetricError) {
      distance = try inputs.distance(
        options.measurement, in: group, progress: limit.handler)
      for repetition in inputs.repetitions {
        drawn.append(try repetition.distance(options.measurement, progress: limit.handler).distance)
      }
    } catch {
      return try stopped(error, inputs, limit, seconds: stopwatch.seconds)
    }
    let seconds = stopwatch.seconds
    var verification: Verification?
    var shortfall: CommandFailure?
    if options.verifies, group.rank == 0 {
      progress.begin("verifying")
      do throws(SolverError) {
        verification = try distance.solution.verify(progress: limit.handler)
      } catch {
        shortfall = CommandFailure(KineticMetricError.solver(error), limit)
      }
    }
    if group.rank == 0 {
      progress.begin("writing")
      try write(distance.solution)
    }
    return Outcome(
      report: DistanceReport(
        options: options, inputs: inputs, distance: distance, seconds: seconds,
        verification: verification,
        drawn: drawn.isEmpty ? [] : [distance.distance] + drawn),
      inputs: inputs, distance: distance, shortfall: shortfall)
  }

  private func write(_ solution: TransportSolution) throws(CommandFailure) {
    if let path = options.planPath {
      try attempt { () throws(SnapshotError) in
        try SolutionFile.write(solution.plan, to: path)
      }
    }
    if let path = options.potentialsPath {
      try attempt { () throws(SnapshotError) in
        try SolutionFile.write(solution.potentials, to: path)
      }
    }
  }

  /// Sinkhorn's problem where no plan is needed.
  private func entropic(
    _ solver: any EntropicTransportSolver, _ inputs: DistanceInputs, _ limit: TimeLimit,
    in group: any ProcessGroup
  ) throws(KineticMetricError) -> EntropicReport {
    let stopwatch = Stopwatch()
    func report(
      _ options: DistanceOptions, _ solver: any EntropicTransportSolver
    ) throws(KineticMetricError) -> EntropicReport {
      let distance = try options.measurement.metric.metric().entropicDistance(
        from: inputs.source, to: inputs.target, space: inputs.space, solver: solver,
        measuresDivergence: options.measurement.entropic.measuresDivergence, progress: limit.handler
      )
      return EntropicReport(
        options: options, inputs: inputs, distance: distance,
        seconds: stopwatch.seconds)
    }
    let first = try report(options, solver)
    guard let gate = options.measurement.gate.gate,
      gate.verdict(first.distance.distanceBounds) == .undecided,
      let refined = options.measurement.refined, let finer = refined.entropicSolver(in: group)
    else { return first }
    var finerOptions = options
    finerOptions.measurement = refined
    return try report(finerOptions, finer)
  }

  /// Unbalanced and partial transport.
  private func relaxed(
    _ relaxation: MarginalRelaxation, _ inputs: DistanceInputs, _ limit: TimeLimit,
    in group: any ProcessGroup
  ) throws(KineticMetricError) -> RelaxedReport {
    let stopwatch = Stopwatch()
    let solver = UnbalancedSinkhornSolver(
      regularization: options.measurement.solving.fixedRegularization ?? 1, relaxation: relaxation,
      group: group)
    let cost = try options.measurement.metric.metric().unbalancedCost(
      from: inputs.source, to: inputs.target, space: inputs.space, solver: solver,
      progress: limit.handler)
    return RelaxedReport(
      options: options, inputs: inputs, metric: cost.metric, relaxation: relaxation,
      solution: cost.solution, parts: cost.costParts, costBounds: cost.costBounds,
      seconds: stopwatch.seconds)
  }
}
