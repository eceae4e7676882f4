import KineticTransport

/// The distance of merged particles, with more and more cells until the bracket of all particles is as tight
/// as wanted.
struct CoarsenedMeasurement {
  let options: DistanceOptions
  let inputs: CoarsenedInputs
  let limit: TimeLimit

  /// What was found for one number of cells.
  struct Step {
    /// The merged particles of both snapshots.
    let clouds: [CoarseCloud]
    /// The distance of the merged particles and its proved bracket; `nil` where the solver was stopped.
    let cells: (distance: Double, bounds: ProvedBounds)?
    /// The bracket of the distance of all particles.
    let bounds: ProvedBounds
    /// The solver, and why.
    let method: String
    let iterations: Int
    /// Why the solver was stopped.
    var failure: CommandFailure?
  }

  /// What the tightest bracket rests on, and why there is none that is tighter.
  struct Outcome {
    /// All that was found, the last with the most cells.
    var steps: [Step]
    /// What all steps prove together.
    var bounds: ProvedBounds
    /// Why the solver stopped too early.
    var failure: CommandFailure?
  }

  /// So much of the wanted width may be left by the solver.
  private static let solverShare = 0.25

  private var isAutomatic: Bool { options.coarsening == .automatic }
  private var accuracy: Double? {
    options.measurement.stopping.accuracy ?? (isAutomatic ? 0.01 : nil)
  }

  func run() throws(CommandFailure) -> Outcome {
    var outcome = Outcome(steps: [], bounds: ProvedBounds(lower: 0, upper: .infinity))
    var level: Int? = 0
    while let number = level {
      let step: Step
      do throws(CommandFailure) {
        step = try self.step(inputs.clouds.map { $0[number] }, after: outcome.steps.last)
      } catch {
        guard !outcome.steps.isEmpty else { throw error }
        outcome.failure = error
        return outcome
      }
      outcome.steps.append(step)
      outcome.bounds = outcome.bounds.intersection(step.bounds)
      outcome.failure = step.failure
      level = step.failure == nil ? next(after: number, outcome) : nil
    }
    return outcome
  }

  /// The next number of cells to try: the first of which so little is lost that the bracket may become tight
  /// enough, or else the largest.
  private func next(after level: Int, _ outcome: Outcome) -> Int? {
    guard isAutomatic, let accuracy, let last = outcome.steps.last else { return nil }
    let isDecided =
      options.measurement.gate.gate.map { $0.verdict(outcome.bounds) != .undecided } ?? true
    let levels = inputs.clouds[0].indices
    guard outcome.bounds.relativeWidth > accuracy || !isDecided, level + 1 < levels.count,
      !last.clouds.allSatisfy(\.isExact)
    else { return nil }
    return levels.dropFirst(level + 1).first { number in
      let lost = inputs.clouds.reduce(0) { $0 + ($1[number].loss ?? 0) }
      return lost <= (1 - Self.solverShare) * accuracy * (last.cells?.bounds.upper ?? 0)
    } ?? levels.count - 1
  }

  private func step(_ clouds: [CoarseCloud], after last: Step?) throws(CommandFailure) -> Step {
    let lost = clouds.reduce(0) { $0 + ($1.loss ?? 0) }
    let solver = solver(lost: lost, near: last?.cells?.bounds.upper)
    do throws(CoarseningError) {
      // Sinkhorn's iteration proves its bracket without a plan, which may be far larger than the cells.
      if let solver = solver as? any EntropicTransportSolver {
        let found = try clouds[0].entropicDistance(
          to: clouds[1], solver: solver, progress: limit.handler)
        let cells = found.cells.distanceBounds
        return step(
          clouds, cells: (cells.upper, cells), found.distanceBounds, found.cells.solution, nil)
      }
      let found = try clouds[0].distance(to: clouds[1], solver: solver, progress: limit.handler)
      return step(
        clouds, cells: (found.cells.distance, found.cells.distanceBounds), found.distanceBounds,
        found.cells.solution, found.cells.solution.ending.phrase)
    } catch {
      return try stopped(clouds, error)
    }
  }

  private func step(
    _ clouds: [CoarseCloud], cells: (distance: Double, bounds: ProvedBounds),
    _ bounds: ProvedBounds, _ solution: some SolvedTransport, _ ending: String?
  ) -> Step {
    let choice =
      solution.choice
      ?? "asked for with --method \(options.measurement.solving.method.rawValue)"
    let reason = [choice, ending].compactMap(\.self).joined(separator: "; ")
    return Step(
      clouds: clouds, cells: cells, bounds: bounds, method: "\(solution.method) (\(reason))",
      iterations: solution.effort.iterations)
  }

  /// What was proved of the cells where the solver did not end.
  private func stopped(
    _ clouds: [CoarseCloud], _ error: CoarseningError
  ) throws(CommandFailure) -> Step {
    guard case .metric(let error) = error else { throw CommandFailure(error, nil) }
    let failure = CommandFailure(error, limit)
    guard case .solver(let reason) = error, let bracket = reason.bracket,
      bracket.costBounds.upper.isFinite
    else { throw failure }
    return Step(
      clouds: clouds, cells: nil,
      bounds: bracket.costBounds.root(options.measurement.metric.exponent),
      method: "stopped early; \(bracket.origin)", iterations: 0, failure: failure)
  }

  /// A solver that stops where coarsening loses more than it could still gain.
  private func solver(lost: Double, near distance: Double?) -> any TransportSolver {
    var measurement = options.measurement
    measurement.gate = GateOptions()
    guard isAutomatic, let accuracy else { return measurement.solver }
    var width = Self.solverShare * accuracy
    if let distance, distance > 0 {
      width = min(0.5, max(width, Self.solverShare * lost / distance))
    }
    measurement.stopping.accuracy = width
    return measurement.solver
  }
}
