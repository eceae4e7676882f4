import KineticTransport

/// Runs `kwass distance`.
struct DistanceCommand {
  private let options: DistanceOptions
  private let console: any Console

  init(_ options: DistanceOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    let report: any Report
    do throws(CommandFailure) {
      report = try measure(progress)
      progress.finish()
    } catch {
      progress.finish()
      throw error
    }
    try console.print(options.isJSON ? report.json.text + "\n" : report.text)
    if report.isDisproved {
      throw CommandFailure(
        .internal, "The verification did not confirm the result; please report this as an error.")
    }
    if let maximum = options.maximum, let distance = report.value, distance > maximum {
      console.report(
        "kwass: The distance \(distance) exceeds --max \(plain(maximum)).\n")
      return .exceeded
    }
    return .success
  }

  private func measure(_ progress: ProgressLine) throws(CommandFailure) -> any Report {
    let inputs = try DistanceInputs(options, progress)
    for path in [options.planPath, options.potentialsPath].compactMap(\.self) {
      try checked { () throws(SnapshotError) in try SolutionFile.checkCreatable(path) }
    }
    progress.begin("solving")
    let limit = TimeLimit(seconds: options.timeLimit ?? .infinity, progress: progress.handler)
    if let relaxation = options.relaxation {
      return try relaxed(relaxation, inputs, progress, limit)
    }
    if let solver = options.entropicSolver { return try entropic(solver, inputs, limit) }
    let clock = ContinuousClock()
    let start = clock.now
    let distance = try distance(of: inputs, limit)
    let repeated = try inputs.repetitions.map {
      inputs throws(CommandFailure) -> Double in try self.distance(of: inputs, limit).distance
    }
    let seconds = (clock.now - start) / .seconds(1)

    var verification: Verification?
    if options.verifies {
      progress.begin("verifying")
      verification = distance.solution.verify()
    }
    progress.begin("writing")
    if let path = options.planPath {
      try checked { () throws(SnapshotError) in
        try SolutionFile.write(distance.solution.plan, to: path)
      }
    }
    if let path = options.potentialsPath {
      try checked { () throws(SnapshotError) in
        try SolutionFile.write(distance.solution.potentials, to: path)
      }
    }
    return DistanceReport(
      options: options, inputs: inputs, distance: distance, seconds: seconds,
      verification: verification,
      drawn: repeated.isEmpty ? [] : [distance.distance] + repeated)
  }

  private func distance(
    of inputs: DistanceInputs, _ limit: TimeLimit
  ) throws(CommandFailure) -> KineticDistance {
    do throws(KineticMetricError) {
      return try inputs.distance(options, progress: limit.handler)
    } catch {
      throw CommandFailure(error, limit)
    }
  }
}

extension DistanceCommand {
  /// Sinkhorn's problem where no plan is needed.
  private func entropic(
    _ solver: EntropicSolver, _ inputs: DistanceInputs, _ limit: TimeLimit
  ) throws(CommandFailure) -> EntropicReport {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(KineticMetricError) {
      let distance = try options.metric().entropicDistance(
        from: inputs.source, to: inputs.target, space: inputs.space, solver: solver,
        measuresDivergence: options.measuresDivergence, progress: limit.handler)
      return EntropicReport(
        options: options, inputs: inputs, distance: distance,
        seconds: (clock.now - start) / .seconds(1))
    } catch {
      throw CommandFailure(error, limit)
    }
  }

  /// Unbalanced and partial transport.
  private func relaxed(
    _ relaxation: MarginalRelaxation, _ inputs: DistanceInputs, _ progress: ProgressLine,
    _ limit: TimeLimit
  ) throws(CommandFailure) -> RelaxedReport {
    let clock = ContinuousClock()
    let start = clock.now
    do throws(KineticMetricError) {
      let metric = try options.metric()
      let problem = try metric.problem(
        from: inputs.source, to: inputs.target, space: inputs.space)
      let solver = UnbalancedSinkhornSolver(
        regularization: options.fixedRegularization ?? 1, relaxation: relaxation)
      let solution: UnbalancedSolution
      do throws(SolverError) {
        solution = try solver.solve(problem, progress: limit.handler)
      } catch {
        throw KineticMetricError.solver(error)
      }
      progress.begin("proving the bracket")
      return RelaxedReport(
        options: options, inputs: inputs, metric: metric, relaxation: relaxation,
        solution: solution, bounds: solution.unregularizedBounds(),
        seconds: (clock.now - start) / .seconds(1))
    } catch {
      throw CommandFailure(error, limit)
    }
  }
}

extension CommandFailure {
  /// Why there is no distance; where the time was up, how far the solver had come.
  fileprivate init(_ error: KineticMetricError, _ limit: TimeLimit) {
    guard case .solver(.cancelled) = error, let report = limit.interrupted else {
      self.init(error)
      return
    }
    self.init(
      .badData,
      "The time limit of \(plain(limit.seconds)) s was reached; the solver had come to: "
        + "\(report.stage). More time, a larger tolerance or regularization, or fewer particles "
        + "would help.")
  }
}

/// Runs something that reads or writes a file.
func checked<Result>(
  _ body: () throws(SnapshotError) -> Result
) throws(CommandFailure) -> Result {
  do throws(SnapshotError) {
    return try body()
  } catch {
    throw CommandFailure(error)
  }
}
