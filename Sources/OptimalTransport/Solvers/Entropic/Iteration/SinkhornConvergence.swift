import Libc

/// Potentials whose plan has the marginals of the problem up to the solver's tolerance.
struct SinkhornFixedPoint: Sendable {
  let iteration: SinkhornIteration
  let kernel: GibbsKernel
  /// Both sides of the plan as they are.
  let sourceStep: HalfStep
  let targetStep: HalfStep
  let iterations: Int

  var marginalError: Double { sourceStep.marginalError + targetStep.marginalError }
}

extension SinkhornSolver {
  /// The marginal error at which a level other than the last is left for the next.
  static let levelTolerance = 0.003
  /// The number of steps that the acceleration combines.
  private static let accelerationDepth = 8
  /// The number of iterations without progress, at errors that rounding explains, after which
  /// there will be none.
  private static let patience = 100
  /// Up to so many pairs, all of them enter the Newton equations.
  private static let smallProblem = 500_000
  /// In larger problems, the part of a_i b_j below which an entry does not enter, and the most
  /// entries, 12 bytes each, with which the equations are solved.
  private static let newtonThreshold = 1e-8
  private static let newtonEntries = 4_000_000
  /// So many Newton steps must lower the error by a fifth at least.
  private static let newtonTrial = 40
  /// The first shift of the Newton equations, over the marginal error.
  private static let newtonDamping = 0.01

  /// Iterates down the regularisations until both marginals are right.
  ///
  /// - Parameters:
  ///   - known: where to start; `nil` starts from nothing.
  ///   - bracket: what is known of the unregularised cost, for the reports of progress.
  func fixedPoint(
    _ problem: TransportProblem, from known: SinkhornStart? = nil, bracket: ProvedBounds? = nil,
    progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    let target = try ownRegularization(problem)
    var state = SinkhornState(
      iteration: SinkhornIteration(problem: problem),
      journal: SinkhornJournal(problem: problem, bracket: bracket, progress: progress),
      level: target)
    do throws(SolverError) {
      return try fixedPoint(problem, target, from: known, &state, progress)
    } catch {
      guard case .cancelled(nil) = error else { throw error }
      throw .cancelled(state.bracket(of: problem))
    }
  }

  private func fixedPoint(
    _ problem: TransportProblem, _ target: Double, from known: SinkhornStart?,
    _ state: inout SinkhornState, _ progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    var schedule = RegularizationSchedule(target: target)
    let start = if let known { known } else { try coarseStart(problem, state.iteration, progress) }
    if let start {
      (state.iteration.source, state.iteration.target) = (start.source, start.target)
      state.journal.iterations = start.iterations
      schedule = RegularizationSchedule(from: start.regularization / 3, target: target)
    }
    let levelTolerance = max(marginalTolerance, Self.levelTolerance)
    var former: (level: Double, source: [Double])?
    for (level, next) in zip(schedule.levels, schedule.levels.dropFirst()) {
      state.level = level
      let step = try descend(
        &state.iteration, state.iteration.kernel(level, tolerance: levelTolerance),
        to: levelTolerance, &state.journal)
      state.iteration.source = step.potential
      if let former {
        let factor = (level - next) / (former.level - level)
        state.iteration.source = zip(step.potential, former.source).map { $0 + factor * ($0 - $1) }
      }
      former = (level, step.potential)
    }
    state.level = target
    let kernel = state.iteration.kernel(target, tolerance: marginalTolerance)
    var tolerance = marginalTolerance
    while true {
      let sourceStep = try descend(&state.iteration, kernel, to: tolerance, &state.journal)
      // The half-step has made the target's marginal exact but for rounding, which grows as the
      // regularisation falls.
      let targetStep = try state.iteration.halfStep(.target, kernel)
      let point = SinkhornFixedPoint(
        iteration: state.iteration, kernel: kernel, sourceStep: sourceStep,
        targetStep: targetStep, iterations: state.journal.iterations)
      if point.marginalError <= marginalTolerance { return point }
      guard targetStep.marginalError < 0.5 * marginalTolerance else {
        throw failure(
          state.iteration, kernel, error: point.marginalError, state.journal.iterations)
      }
      tolerance = marginalTolerance - 2 * targetStep.marginalError
      state.iteration.source = sourceStep.potential
    }
  }

  /// Iterates at one regularisation until the source's marginal is right up to a tolerance, with
  /// the target's exact to rounding; returns the source's half-step, not yet taken.
  ///
  /// Accelerated sweeps as long as they are quick, then Newton's method where the plan is sparse.
  private func descend(
    _ iteration: inout SinkhornIteration, _ kernel: GibbsKernel, to tolerance: Double,
    _ journal: inout SinkhornJournal
  ) throws(SolverError) -> HalfStep {
    var acceleration = AndersonAcceleration(
      depth: Self.accelerationDepth, weights: iteration.masses(.source))
    var best = (error: Double.infinity, potential: iteration.source)
    var monitor = ConvergenceMonitor(tolerance: tolerance)
    while true {
      iteration.target = try iteration.halfStep(.target, kernel).potential
      var step = try iteration.halfStep(.source, kernel)
      try account(for: step, iteration, kernel, &monitor, &journal)
      if step.marginalError <= tolerance { return step }
      if monitor.isSlow {
        try newton(&iteration, &step, kernel, &monitor, &journal)
        if step.marginalError <= tolerance { return step }
        acceleration.reset()
        best.error = .infinity
      }
      // A plain step never raises the error; an accelerated one that did is taken back.
      if step.marginalError <= 2 * best.error {
        if step.marginalError < best.error {
          best = (step.marginalError, step.potential)
        }
        iteration.source = acceleration.next(after: iteration.source, image: step.potential)
      } else {
        acceleration.reset()
        iteration.source = best.potential
      }
    }
  }

  /// Newton steps as long as they help and the plan is sparse. The damping falls after steps
  /// that help, even if little, for it is the damping that holds them back; it rises after others,
  /// which are not taken.
  private func newton(
    _ iteration: inout SinkhornIteration, _ step: inout HalfStep, _ kernel: GibbsKernel,
    _ monitor: inout ConvergenceMonitor, _ journal: inout SinkhornJournal
  ) throws(SolverError) {
    let start = step.marginalError
    var damping = Self.newtonDamping
    var (steps, reference) = (0, start)
    while step.marginalError > monitor.tolerance, damping <= 10 {
      guard let next = try newtonStep(from: iteration, step, kernel, damping: damping) else {
        break
      }
      let ratio = next.step.marginalError / step.marginalError
      if ratio < 1 { (iteration, step) = next }
      damping *= ratio < 0.5 ? 0.1 : ratio < 1 ? 0.3 : 5
      try account(for: next.step, iteration, kernel, &monitor, &journal)
      steps += 1
      guard steps % Self.newtonTrial == 0 else { continue }
      guard step.marginalError < 0.8 * reference else { break }
      reference = step.marginalError
    }
    monitor.restart(longer: !(step.marginalError < 0.5 * start))
  }

  /// Counts an iteration, and gives up where there is no hope.
  private func account(
    for step: HalfStep, _ iteration: SinkhornIteration, _ kernel: GibbsKernel,
    _ monitor: inout ConvergenceMonitor, _ journal: inout SinkhornJournal
  ) throws(SolverError) {
    journal.iterations += 1
    monitor.add(step.marginalError)
    guard step.marginalError > monitor.tolerance else { return }
    let isStuck =
      monitor.iterationsWithoutProgress > Self.patience
      && monitor.least < Self.roundingError(of: iteration, kernel)
    guard journal.iterations < maximumIterations, !isStuck else {
      throw failure(iteration, kernel, error: monitor.least, journal.iterations)
    }
    try journal.report(step, iteration, kernel)
  }

  /// The iteration and its next half-step after a Newton step; `nil` when the plan is not sparse.
  private func newtonStep(
    from iteration: SinkhornIteration, _ step: HalfStep, _ kernel: GibbsKernel, damping: Double
  ) throws(SolverError) -> (iteration: SinkhornIteration, step: HalfStep)? {
    // Iterations on grids cost far less than the plan's entries.
    guard kernel.grid == nil else { return nil }
    let pairs = kernel.count(.source) * kernel.count(.target)
    let isSmall = pairs <= Self.smallProblem
    let coupling = try SparseCoupling(
      iteration, kernel, threshold: isSmall ? 1e-200 : Self.newtonThreshold,
      limit: max(Self.smallProblem, min(pairs / 8, Self.newtonEntries)))
    guard let coupling else { return nil }
    let masses = iteration.masses(.source)
    let gradient = masses.indices.map { index in
      masses[index] > 0 ? -masses[index] * step.excessRatio(index) : 0
    }
    let newton = try NewtonStep(
      coupling, gradient: gradient, columns: kernel.count(.target),
      shift: damping * step.marginalError, tolerance: 0.03)
    // A flow that is too small by a factor k needs a change of log k, for which the equations say
    // k − 1.
    let unit = 1.4426950408889634 / kernel.scale
    var next = iteration
    next.source = zip(iteration.source, newton.change).map { potential, change in
      let size = abs(change)
      let shortened = size <= 1 ? size : 1 + log(size)
      return potential + unit * (change < 0 ? -shortened : shortened)
    }
    guard next.source.allSatisfy(\.isFinite) else { return nil }
    next.target = try next.halfStep(.target, kernel).potential
    return (next, try next.halfStep(.source, kernel))
  }

  /// Potentials f = g for a measure and itself.
  ///
  /// The soft transform T reverses distances in the direction of its dominant eigenvalue near the
  /// fixed point, −1; the mean of f and T(f) has eigenvalues in [0, ½] where the kernel is positive
  /// definite. Where it is not, eigenvalues stay below 1. So the distance about halves in every
  /// iteration at any regularisation, and larger ones first do not help.
  func symmetricFixedPoint(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    let target = try ownRegularization(problem)
    var iteration = SinkhornIteration(problem: problem)
    var iterations = 0
    if let start = try coarseStart(problem, iteration, isSymmetric: true, progress) {
      // f is −ε/2 times the logarithm of the blurred density, which hardly depends on ε.
      let ratio = target / start.regularization
      iteration.source = start.source.map { $0 * ratio }
      iteration.target = iteration.source
      iterations = start.iterations
    }
    // The same error stands on both sides.
    let kernel = iteration.kernel(target, tolerance: marginalTolerance)
    let step = try symmetricDescend(
      &iteration, kernel, to: marginalTolerance / 2, &iterations, progress)
    return SinkhornFixedPoint(
      iteration: iteration, kernel: kernel, sourceStep: step, targetStep: step,
      iterations: iterations)
  }

  private func symmetricDescend(
    _ iteration: inout SinkhornIteration, _ kernel: GibbsKernel, to tolerance: Double,
    _ iterations: inout Int, _ progress: ProgressHandler?
  ) throws(SolverError) -> HalfStep {
    while true {
      let step = try iteration.halfStep(.source, kernel)
      iterations += 1
      if step.marginalError <= tolerance { return step }
      guard iterations < maximumIterations else {
        throw failure(iteration, kernel, error: 2 * step.marginalError, iterations)
      }
      try progress.report(
        .iteratingWithItself(error: step.marginalError))
      iteration.source = zip(iteration.source, step.potential).map { ($0 + $1) / 2 }
      iteration.target = iteration.source
    }
  }

  // MARK: Failure

  /// The regularisation in the problem's own unit.
  ///
  /// - Throws: `SolverError.badOption` for options that make no sense.
  func ownRegularization(_ problem: TransportProblem) throws(SolverError) -> Double {
    guard regularization > 0, regularization.isFinite else {
      throw .badOption(
        name: "regularization", value: "\(regularization)", requirement: "positive and finite")
    }
    guard marginalTolerance > 0, marginalTolerance < 1 else {
      throw .badOption(
        name: "marginalTolerance", value: "\(marginalTolerance)",
        requirement: "above 0 and below 1, the total mass")
    }
    guard maximumIterations > 0 else {
      throw .badOption(
        name: "maximumIterations", value: "\(maximumIterations)", requirement: "at least 1")
    }
    let own = regularization.scaled(by: -problem.pairCosts.unitExponent)
    guard own > 1e-200, own < 1e200 else {
      throw .badOption(
        name: "regularization", value: "\(regularization)",
        requirement: "within a factor of 1e200 of the largest cost, about "
          + 1.0.scaled(by: problem.pairCosts.unitExponent).twoDigits)
    }
    return own
  }

  /// About the marginal error that the rounding of the potentials causes by itself.
  private static func roundingError(
    of iteration: SinkhornIteration, _ kernel: GibbsKernel
  ) -> Double {
    let largest = (iteration.source + iteration.target).reduce(1) { max($0, abs($1)) }
    return 16 * CostRounding.unit * kernel.scale * largest
  }

  private func failure(
    _ iteration: SinkhornIteration, _ kernel: GibbsKernel, error: Double, _ iterations: Int
  ) -> SolverError {
    let rounding = Self.roundingError(of: iteration, kernel)
    let advice =
      error < rounding
      ? "At this regularization rounding alone causes errors up to about \(rounding.twoDigits): a "
        + "larger tolerance or a larger regularization would help."
      : "More iterations, a larger regularization or a larger tolerance would help."
    return .notConverged(
      solver: name,
      reason: "after \(iterations) iterations towards regularization \(regularization) the "
        + "marginal error was \(error.twoDigits), above the tolerance "
        + "\(marginalTolerance.twoDigits). \(advice)")
  }
}
