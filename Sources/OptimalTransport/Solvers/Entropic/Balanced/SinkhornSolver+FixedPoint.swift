extension SinkhornSolver {
  /// Iterates down the regularisations until both marginals are right.
  ///
  /// - Parameters:
  ///   - kernels: how sums over the pairs of the problem are made; `nil` where that is still to be decided.
  ///   - known: where to start; `nil` starts from nothing.
  ///   - bracket: what is known of the unregularised cost, for the reports of progress.
  /// - Throws: `SolverError`: `badOption`, `notConverged`, `cancelled`.
  func fixedPoint(
    _ problem: TransportProblem, _ kernels: KernelKind? = nil, from known: SinkhornStart? = nil,
    bracket: ProvedBounds? = nil, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    var run = try run(problem, kernels, bracket: bracket, progress)
    do throws(SolverError) {
      let start =
        if let known { known } else { try coarseStart(problem, run.iteration.blocks, progress) }
      return try run.fixedPoint(from: start)
    } catch {
      throw run.completed(error)
    }
  }

  /// Potentials f = g for a measure and itself.
  ///
  /// The soft transform T reverses distances in the direction of its dominant eigenvalue near the
  /// fixed point, −1; the mean of f and T(f) has eigenvalues in [0, ½] where the kernel is positive
  /// definite. Where it is not, eigenvalues stay below 1. So the distance about halves in every
  /// iteration at any regularisation, and larger ones first do not help.
  ///
  /// - Throws: `SolverError`, as `fixedPoint`.
  func symmetricFixedPoint(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    var run = try run(problem, nil, bracket: nil, progress)
    return try run.symmetricFixedPoint(
      from: try coarseStart(problem, run.iteration.blocks, isSymmetric: true, progress))
  }

  private func run(
    _ problem: TransportProblem, _ kernels: KernelKind?, bracket: ProvedBounds?,
    _ progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornRun<ExactMarginals> {
    let goal = try SinkhornGoal(
      solver: name, regularization: regularization, tolerance: marginalTolerance,
      toleranceName: "marginalTolerance", maximumIterations: maximumIterations, problem: problem)
    if loops.isShared {
      try loops.check([
        goal.regularization.value, goal.tolerance, Double(goal.maximumIterations),
      ])
    }
    return SinkhornRun(
      try SinkhornIteration(problem: problem, kernels: kernels, loops), to: goal,
      ExactMarginals(problem: problem),
      journal: SinkhornJournal(bracket: bracket, progress: progress, loops))
  }

  /// The start from coarser clouds.
  ///
  /// - Parameter isSymmetric: whether the two measures are the same and their potentials shall be.
  /// - Returns: `nil` where there is no coarser problem, and where it could not be solved.
  func coarseStart(
    _ problem: TransportProblem, _ blocks: BlockedGeometry?, isSymmetric: Bool = false,
    _ progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornStart? {
    guard let coarse = try CoarseProblem(of: problem, blocks) else { return nil }
    let own = regularization.own(in: problem.pairCosts.unit).stated(in: problem.pairCosts.unit)
    var solver = self
    solver.regularization = .absolute(max(own, coarse.finestRegularization))
    solver.marginalTolerance = CoarseProblem.tolerance(for: marginalTolerance)
    return try coarse.start { [solver] problem throws(SolverError) in
      isSymmetric
        ? try solver.symmetricFixedPoint(problem, progress: progress.forAnotherProblem)
        : try solver.fixedPoint(problem, progress: progress.forAnotherProblem)
    }
  }
}

extension SinkhornRun<ExactMarginals> {
  /// Iterates down the regularisations until both marginals are right.
  fileprivate mutating func fixedPoint(
    from start: SinkhornStart?
  ) throws(SolverError) -> SinkhornFixedPoint {
    var schedule = RegularizationSchedule(target: goal.regularization)
    if let start {
      (iteration.source, iteration.target) = (start.source, start.target)
      journal.iterations = start.iterations
      schedule = RegularizationSchedule(
        from: OwnRegularization(start.regularization.value / 3), target: goal.regularization)
    }
    let levelTolerance = max(goal.tolerance, RegularizationSchedule.levelTolerance)
    var extrapolation = LevelExtrapolation()
    for (level, next) in zip(schedule.levels, schedule.levels.dropFirst()) {
      set(level, tolerance: levelTolerance)
      let potential = try descend(to: levelTolerance).source.potential
      iteration.source = extrapolation.start(after: level, potential, at: next)
    }
    set(goal.regularization, tolerance: goal.tolerance)
    var tolerance = goal.tolerance
    while true {
      let sourceStep = try descend(to: tolerance).source
      // The half-step has made the target's marginal exact but for rounding, which grows as the
      // regularisation falls.
      let targetStep = try iteration.halfStep(.target, kernel)
      let point = SinkhornFixedPoint(
        iteration: iteration, kernel: kernel, sourceStep: sourceStep,
        targetStep: targetStep, iterations: journal.iterations)
      if point.marginalError <= goal.tolerance { return point }
      guard targetStep.marginalError < 0.5 * goal.tolerance else {
        throw failure(error: point.marginalError)
      }
      tolerance = goal.tolerance - 2 * targetStep.marginalError
      iteration.source = sourceStep.potential
    }
  }

  /// Takes the mean of f and its soft transform until both marginals are right.
  fileprivate mutating func symmetricFixedPoint(
    from start: SinkhornStart?
  ) throws(SolverError) -> SinkhornFixedPoint {
    if let start {
      iteration.source = start.symmetric(at: goal.regularization)
      iteration.target = iteration.source
      journal.iterations = start.iterations
    }
    set(goal.regularization, tolerance: goal.tolerance)
    while true {
      let step = try iteration.halfStep(.source, kernel)
      journal.iterations += 1
      // The same error stands on both sides.
      if step.marginalError <= goal.tolerance / 2 {
        return SinkhornFixedPoint(
          iteration: iteration, kernel: kernel, sourceStep: step, targetStep: step,
          iterations: journal.iterations)
      }
      guard journal.iterations < goal.maximumIterations else {
        throw failure(error: 2 * step.marginalError)
      }
      try journal.progress.report(.iteratingWithItself(error: step.marginalError))
      iteration.source = zip(iteration.source, step.potential).map { ($0 + $1) / 2 }
      iteration.target = iteration.source
    }
  }
}
