import Libc

/// Entropic transport between measures whose masses need not agree: minimises over all plans π ≥ 0
/// ⟨π, c⟩ + ε KL(π | α⊗β) + D(π1 | α) + D(πᵀ1 | β).
///
/// Here α and β are the measures with the masses that they were given (`rawMass` times `masses`), and
/// D is the relaxation. The same iteration as Sinkhorn's: a half-step takes the soft transform and
/// then the proximal map of the relaxation. Source: L. Chizat, G. Peyré, B. Schmitzer and F.-X.
/// Vialard, "Scaling algorithms for unbalanced optimal transport problems" (2018), arXiv:1607.05816.
public struct UnbalancedSinkhornSolver: Sendable {
  /// ε, in the unit of the problem's ground cost.
  public var regularization: Double
  /// The cost of marginals that differ from the measures.
  public var relaxation: MarginalRelaxation
  /// The iteration stops when another half-step on either side would change the plan's marginals,
  /// added up over both, by at most this part of √(mass of α · mass of β).
  public var tolerance: Double
  /// The most iterations, all regularisation levels counted.
  public var maximumIterations: Int

  /// A solver.
  public init(
    regularization: Double, relaxation: MarginalRelaxation, tolerance: Double = 1e-6,
    maximumIterations: Int = 10_000
  ) {
    self.regularization = regularization
    self.relaxation = relaxation
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Solves the unbalanced problem.
  ///
  /// - Throws: `SolverError`: `badOption`, `notConverged`, `cancelled`.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) -> UnbalancedSolution {
    let own = try SinkhornSolver(
      regularization: regularization, marginalTolerance: tolerance,
      maximumIterations: maximumIterations
    ).ownRegularization(problem)
    let strength = try strength(problem)
    let trivial = RelaxedBracket(of: problem, relaxation: relaxation).trivial
    return try SolverWatch.watching(progress, fallback: { trivial }) {
      progress throws(SolverError) in
      var iteration = SinkhornIteration(problem: problem)
      var level = own
      do throws(SolverError) {
        return try solve(problem, own, strength, &iteration, &level, progress)
      } catch {
        guard case .cancelled(nil) = error else { throw error }
        throw .cancelled(bracket(of: iteration, at: level, strength, problem))
      }
    }
  }

  private func solve(
    _ problem: TransportProblem, _ own: Double, _ strength: Double,
    _ iteration: inout SinkhornIteration, _ current: inout Double, _ progress: ProgressHandler?
  ) throws(SolverError) -> UnbalancedSolution {
    var iterations = 0
    for level in RegularizationSchedule(target: own).levels.dropLast() {
      current = level
      _ = try descend(
        &iteration, iteration.kernel(level), strength, problem,
        to: max(tolerance, SinkhornSolver.levelTolerance), &iterations, progress)
    }
    current = own
    let kernel = iteration.kernel(own)
    let (source, target, multiplier) = try descend(
      &iteration, kernel, strength, problem, to: tolerance, &iterations, progress)
    return try UnbalancedSolution(
      problem: problem, solver: self,
      point: UnbalancedFixedPoint(
        iteration: iteration, kernel: kernel, source: source, target: target,
        multiplier: multiplier),
      iterations: iterations)
  }

  /// τ in the problem's own unit, or the mass that is to be moved.
  private func strength(_ problem: TransportProblem) throws(SolverError) -> Double {
    switch relaxation {
    case .kullbackLeibler(let strength), .totalVariation(let strength):
      let own = strength.scaled(by: -problem.pairCosts.unitExponent)
      guard own > 1e-200, own.isFinite else {
        throw .badOption(
          name: "relaxation strength", value: "\(strength)",
          requirement: "positive and finite, and not vanishing beside the largest cost")
      }
      return own
    case .movedMass(let mass):
      let most = min(problem.source.rawMass, problem.target.rawMass)
      guard mass > 0, mass <= most else {
        throw .badOption(
          name: "moved mass", value: "\(mass)",
          requirement: "positive and at most \(most), the smaller of the two masses")
      }
      return mass
    }
  }

  /// Iterates at one regularisation until no half-step would change the plan by more than a
  /// tolerance; returns both half-steps, not taken, and η.
  private func descend(
    _ iteration: inout SinkhornIteration, _ kernel: GibbsKernel, _ strength: Double,
    _ problem: TransportProblem, to goal: Double, _ iterations: inout Int,
    _ progress: ProgressHandler?
  ) throws(SolverError) -> (source: HalfStep, target: HalfStep, multiplier: Double) {
    var acceleration = AndersonAcceleration(depth: 8, weights: iteration.masses(.source))
    var best = (error: Double.infinity, potential: iteration.source)
    while true {
      let first = try halfStep(.target, iteration, kernel, strength, 0, problem)
      iteration.target = first.potential
      let multiplier = first.multiplier
      let step = try halfStep(.source, iteration, kernel, strength, multiplier, problem)
      iterations += 1
      if step.change <= goal / 2 {
        let targetStep = try halfStep(.target, iteration, kernel, strength, multiplier, problem)
        if step.change + targetStep.change <= goal {
          return (step, targetStep, multiplier)
        }
      }
      guard iterations < maximumIterations else {
        throw .notConverged(
          solver: "unbalanced sinkhorn",
          reason: "after \(iterations) iterations the change of the marginals was "
            + "\(step.change.twoDigits), above the tolerance \(tolerance.twoDigits). More "
            + "iterations, a larger regularization or a larger tolerance would help.")
      }
      try progress.report(
        .iteratingRelaxed(iterations, change: step.change))
      if step.change <= 2 * best.error {
        if step.change < best.error { best = (step.change, step.potential) }
        iteration.source = admissible(
          acceleration.next(after: iteration.source, image: step.potential), strength)
      } else {
        acceleration.reset()
        best.error = .infinity
        iteration.source = best.potential
      }
    }
  }

  /// Potentials brought back to where the dual objective is finite, which acceleration may leave.
  private func admissible(_ potential: [Double], _ strength: Double) -> [Double] {
    switch relaxation {
    case .kullbackLeibler: potential
    case .totalVariation: potential.map { min(max($0, -strength), strength) }
    case .movedMass: potential.map { min($0, 0) }
    }
  }

  /// What a half-step on a side would do.
  struct HalfStep: Sendable {
    let potential: [Double]
    /// The plan's marginal on that side as it is.
    let marginal: [Double]
    /// By how much the half-step would change it, over √(mass of α · mass of β).
    let change: Double
    /// η after the half-step: what both potentials together lack in the exponent of the plan. 0
    /// unless the moved mass is given.
    let multiplier: Double
  }

  /// - Parameter oldMultiplier: η as it is; matters for the marginal and the change only.
  func halfStep(
    _ side: TransportSide, _ iteration: SinkhornIteration, _ kernel: GibbsKernel,
    _ strength: Double, _ oldMultiplier: Double, _ problem: TransportProblem
  ) throws(SolverError) -> HalfStep {
    let (here, there) =
      side == .source ? (problem.source, problem.target) : (problem.target, problem.source)
    let epsilon = 1.4426950408889634 / kernel.scale
    let balanced = try iteration.halfStep(side, kernel).potential
    let old = iteration.potential(side)
    var (potential, marginal, change) = (balanced, balanced, CompensatedSum())
    let scale = (here.rawMass / there.rawMass).squareRoot()
    // The soft transform for the other measure with all its mass.
    let softs = balanced.map { $0 - epsilon * log(there.rawMass) }
    var multiplier = 0.0
    if case .movedMass(let mass) = relaxation {
      multiplier = MarginalRelaxation.multiplier(
        soft: softs, masses: here.masses.map { $0 * here.rawMass }, epsilon: epsilon, mass: mass)
    }
    for index in old.indices {
      let soft = softs[index]
      switch relaxation {
      case .movedMass: potential[index] = min(0, soft - multiplier)
      case .kullbackLeibler: potential[index] = soft * (strength / (strength + epsilon))
      case .totalVariation: potential[index] = min(max(soft, -strength), strength)
      }
      let mass = here.rawMass * here.masses[index]
      marginal[index] = mass > 0 ? mass * exp((old[index] + oldMultiplier - soft) / epsilon) : 0
      let part = mass > 0 ? here.masses[index] * scale : 0
      guard part > 0 else { continue }
      change.add(
        part * exp((old[index] + oldMultiplier - soft) / epsilon)
          * abs(
            expm1((potential[index] + multiplier - old[index] - oldMultiplier) / epsilon)))
    }
    if case .movedMass(let mass) = relaxation {
      // A sum of marginals that rounding keeps away from the mass is no convergence either.
      let error = abs(CompensatedSum(marginal).value - mass)
      change.add(error / (here.rawMass * there.rawMass).squareRoot())
    }
    return HalfStep(
      potential: potential, marginal: marginal,
      change: change.value.isNaN ? .infinity : change.value, multiplier: multiplier)
  }
}

/// Potentials that no half-step changes any more, in the problem's own unit.
struct UnbalancedFixedPoint: Sendable {
  let iteration: SinkhornIteration
  let kernel: GibbsKernel
  let source: UnbalancedSinkhornSolver.HalfStep
  let target: UnbalancedSinkhornSolver.HalfStep
  /// η, 0 unless the moved mass is given.
  let multiplier: Double
}
