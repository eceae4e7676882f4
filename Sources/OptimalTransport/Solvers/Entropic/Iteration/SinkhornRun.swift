/// A run of Sinkhorn's iteration, down the regularisations to the one that is wanted.
///
/// It owns the potentials, the kernel of the regularisation that is under way, the memory of the
/// acceleration and the account of the iterations; the condition on the marginals says what a half-step is,
/// so that balanced, unbalanced and partial problems share all else.
struct SinkhornRun<Condition: MarginalCondition> {
  /// Where it is to end.
  let goal: SinkhornGoal
  let condition: Condition
  /// The potentials as they are.
  var iteration: SinkhornIteration
  /// The kernel of the regularisation that is under way.
  private(set) var kernel: any GibbsKernel

  var journal: SinkhornJournal
  var monitor: ConvergenceMonitor
  private var acceleration: AndersonAcceleration
  /// Whether the potentials are those of an iteration of this run.
  private var hasIterated = false
  /// The least error at this regularisation, and the potential of the source after it.
  private var best: (error: Double, potential: [Double])

  /// The number of steps that the acceleration combines.
  private static var accelerationDepth: Int { 8 }
  /// The number of iterations without progress, at errors that rounding explains, after which
  /// there will be none.
  private static var fruitlessIterations: Int { 100 }

  /// A run that starts from some potentials.
  init(
    _ iteration: SinkhornIteration, to goal: SinkhornGoal, _ condition: Condition,
    journal: SinkhornJournal
  ) {
    self.goal = goal
    self.condition = condition
    self.journal = journal
    self.iteration = iteration
    kernel = iteration.kernel(goal.regularization)
    monitor = ConvergenceMonitor(tolerance: goal.tolerance)
    acceleration = AndersonAcceleration(
      depth: Self.accelerationDepth, weights: iteration.masses(.source))
    best = (.infinity, iteration.source)
  }

  // MARK: One regularisation

  /// Goes on with another regularisation.
  ///
  /// - Parameter tolerance: the error of the marginals that is wanted there.
  mutating func set(_ regularization: OwnRegularization, tolerance: Double) {
    kernel = iteration.kernel(
      regularization, tolerance: condition.omissionTolerance(tolerance))
  }

  /// Iterates at the present regularisation until the marginals are right up to a tolerance; returns the
  /// source's half-step, not yet taken.
  ///
  /// Accelerated sweeps as long as they are quick, then Newton's method where the plan is sparse.
  @discardableResult
  mutating func descend(to tolerance: Double) throws(SolverError) -> SettledSteps<Condition.Step> {
    forgetSteps()
    best.potential = iteration.source
    monitor = ConvergenceMonitor(tolerance: tolerance)
    while true {
      try takeTargetStep()
      var step = try condition.halfStep(.source, iteration, kernel)
      hasIterated = true
      journal.iterations += 1
      monitor.add(step.error)
      if let settled = try settled(step) { return settled }
      try account(for: step.error)
      if monitor.isSlow, try newton(&step) {
        if let settled = try settled(step) { return settled }
        forgetSteps()
      }
      accelerate(after: step)
    }
  }

  /// Takes a half-step on the target, to which η belongs.
  private mutating func takeTargetStep() throws(SolverError) {
    let step = try condition.halfStep(.target, iteration, kernel)
    iteration.target = step.potential
    iteration.multiplier = step.multiplier
  }

  private func settled(
    _ step: Condition.Step
  ) throws(SolverError) -> SettledSteps<Condition.Step>? {
    try condition.settled(step, iteration, kernel, tolerance: monitor.tolerance)
  }

  private mutating func forgetSteps() {
    acceleration.reset()
    best.error = .infinity
  }

  /// The potential of the source with which to go on. A step that raised the error is taken back.
  private mutating func accelerate(after step: Condition.Step) {
    if step.error <= 2 * best.error {
      if step.error < best.error { best = (step.error, step.potential) }
      iteration.source = condition.admissible(
        acceleration.next(after: iteration.source, image: step.potential))
    } else {
      acceleration.reset()
      if !condition.plainStepsNeverRaiseErrors { best.error = .infinity }
      iteration.source = best.potential
    }
  }

  // MARK: The account

  /// Tells of an iteration, and gives up where there is no hope.
  mutating func account(for error: Double) throws(SolverError) {
    let isStuck =
      monitor.iterationsWithoutProgress > Self.fruitlessIterations
      && monitor.least < iteration.roundingError(kernel)
    guard journal.iterations < goal.maximumIterations, !isStuck else {
      throw failure(error: monitor.least)
    }
    let (condition, iteration, kernel, count) = (condition, iteration, kernel, journal.iterations)
    try journal.report { bracket in
      condition.stage(iteration: count, error: error, bracket: bracket)
    } proof: { () throws(SolverError) in
      try condition.bracket(iteration, kernel, iterations: count)
    }
  }

  /// Why the run ends short of its goal.
  func failure(error: Double) -> SolverError {
    goal.missed(
      by: error, named: condition.errorName, iterations: journal.iterations,
      rounding: iteration.roundingError(kernel))
  }

  /// An error with which the run ended; where it was stopped, with what the potentials prove and what was
  /// proved on the way.
  func completed(_ error: SolverError) -> SolverError {
    guard case .cancelled(nil) = error else { return error }
    // Before the first iteration there is nothing to prove that bounds without a solver do not tell sooner.
    guard hasIterated else { return .cancelled(nil) }
    let now = SolverWatch.finally { () throws(SolverError) in
      try condition.bracket(iteration, kernel, iterations: journal.iterations)
    }
    return .cancelled(
      PartialBracket(
        joining: [now, journal.bracket].compactMap(\.self).map {
          PartialBracket(costBounds: $0, origin: "the last potentials of Sinkhorn's iteration")
        }))
  }
}
