import CKwass
import OptimalTransport
import PhaseSpace

/// One call that measures how far apart two measures are.
struct Measurement {
  let source: PhaseSpaceMeasure
  let target: PhaseSpaceMeasure
  let choice: MetricChoice
  let options: OptionsChoice
  let watch: Watch

  private var metric: KineticMetric { choice.metric }
  private var space: ComparedSpace { choice.space(of: source) }

  /// What was found, and the failure of work that ended early with a bracket.
  ///
  /// - Parameter previous: from which solution to start; afterwards the one that was found.
  func run(from previous: inout TransportSolution?) throws(Failure) -> (Outcome, Failure?) {
    var warm = previous
    defer { previous = warm }
    do throws(KineticMetricError) {
      return (
        try SolverWatch.with(proofs: watch.allowsProof) { () throws(KineticMetricError) in
          guard let threads = options.threads else { return try solved(from: &warm) }
          return try ThreadLimit.with(threads) { () throws(KineticMetricError) in
            try solved(from: &warm)
          }
        }, nil
      )
    } catch {
      return try ended(error)
    }
  }

  /// Makes sure that what solving takes can be had.
  func requireMemory() throws(Failure) {
    let points = Double(source.count) + Double(target.count)
    var bytes = points * Memory.bytesPerPoint(of: options.method)
    let coordinates = Double(source.particles.dimension) * 8
    bytes += points * coordinates * 6
    if case .entropic = options.method, options.wantsPlan {
      bytes +=
        48 * min(Double(options.maximumPlanEntries), Double(source.count) * Double(target.count))
    }
    try Memory.require(bytes, for: "a problem of \(Int(points)) points")
  }

  /// A bracket and why there is no more; the failure itself where nothing was proved.
  private func ended(_ error: KineticMetricError) throws(Failure) -> (Outcome, Failure?) {
    let failure = Failure(error)
    guard case .solver(let solverError) = error else { throw failure }
    switch solverError {
    case .goalNotReached(_, _, let bracket):
      return (
        Outcome(ended: KWASS_ENDED_NOT_REACHED, bracket: bracket, exponent: metric.exponent),
        failure
      )
    case .cancelled(let bracket):
      let isTime = watch.reason == .clock
      let status = isTime ? KWASS_TIME_LIMIT : KWASS_STOPPED
      return (
        Outcome(
          ended: isTime ? KWASS_ENDED_TIME_LIMIT : KWASS_ENDED_STOPPED, bracket: bracket,
          exponent: metric.exponent), Failure(status, failure.message)
      )
    default: throw failure
    }
  }

  private func solved(
    from previous: inout TransportSolution?
  ) throws(KineticMetricError) -> Outcome {
    switch options.method {
    case .exact(let solver):
      return try solved(by: options.exactSolver(solver), from: &previous)
    case .unbalanced(let regularization, let relaxation):
      return Outcome(
        try metric.unbalancedCost(
          from: source, to: target, space: space,
          solver: options.unbalancedSolver(regularization, relaxation), progress: watch.handler))
    case .entropic(let regularization):
      let solver = options.entropicSolver(regularization, exponent: metric.exponent)
      // A nonlinear distance is found from plans.
      guard metric.nonlinearity == nil || options.wantsDivergence else {
        return try solved(by: solver, from: &previous)
      }
      return try entropic(solver)
    }
  }

  private func solved(
    by solver: any TransportSolver, from previous: inout TransportSolution?
  ) throws(KineticMetricError) -> Outcome {
    let continued = Continuation(of: solver, from: previous)
    let distance = try metric.distance(
      from: source, to: target, space: space, solver: continued, progress: watch.handler)
    previous = distance.solution
    var outcome = Outcome(
      distance, parts: distance.costParts(from: source, to: target),
      gradient: options.wantsGradient
        ? try distance.gradient(from: source, to: target) : nil)
    outcome.isWarm = continued.isWarm(source, target)
    return outcome
  }

  private func entropic(_ solver: any EntropicTransportSolver) throws(KineticMetricError) -> Outcome
  {
    let distance = try metric.entropicDistance(
      from: source, to: target, space: space, solver: solver,
      measuresDivergence: options.wantsDivergence, progress: watch.handler)
    do throws(KineticMetricError) {
      return Outcome(
        distance, plan: options.wantsPlan ? try plan(of: distance.solution) : nil,
        gradient: options.wantsGradient ? try distance.gradient(from: source, to: target) : nil)
    } catch {
      // What was proved is not lost where only the rest was stopped.
      guard case .solver(.cancelled) = error else { throw error }
      throw .solver(
        .cancelled(
          PartialBracket(costBounds: distance.costBounds, origin: "the entropic solution")))
    }
  }

  private func plan(of solution: EntropicSolution) throws(KineticMetricError) -> TransportPlan {
    do throws(SolverError) {
      return try options.sinkhorn(.absolute(solution.regularization)).coupling(
        of: solution, progress: watch.handler)
    } catch {
      throw .solver(error)
    }
  }
}

/// A solver that starts from an earlier solution where it can and the numbers of points agree.
private struct Continuation: WarmStartingSolver {
  private let solver: any TransportSolver
  private let previous: TransportSolution?

  init(of solver: any TransportSolver, from previous: TransportSolution?) {
    self.solver = solver
    self.previous = solver is any WarmStartingSolver ? previous : nil
  }

  var name: String { solver.name }

  func isWarm(_ source: PhaseSpaceMeasure, _ target: PhaseSpaceMeasure) -> Bool {
    guard let problem = previous?.problem else { return false }
    return problem.source.masses == source.masses && problem.target.masses == target.masses
  }

  func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    guard let previous else { return try solver.solve(problem, progress: progress) }
    return try solve(problem, from: previous, progress: progress)
  }

  func solve(
    _ problem: TransportProblem, from previous: TransportSolution, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    guard let warm = solver as? any WarmStartingSolver else {
      return try solver.solve(problem, progress: progress)
    }
    return try warm.solve(problem, from: previous, progress: progress)
  }
}
