#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What it costs when a marginal of the plan differs from the measure. Strengths are costs for a
/// unit of mass, in the unit of the ground cost.
public enum MarginalRelaxation: Sendable, Hashable {
  /// τ KL(marginal | measure), with KL(p | q) = Σ p log(p/q) − p + q: unbalanced transport.
  case kullbackLeibler(strength: Double)
  /// τ Σ |marginal − measure|: partial transport. No mass is moved where that costs more than 2τ.
  case totalVariation(strength: Double)

  /// τ.
  public var strength: Double {
    switch self {
    case .kullbackLeibler(let strength), .totalVariation(let strength): strength
    }
  }
}

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
    let unit = problem.pairCosts.unitExponent
    let strength = relaxation.strength.scaled(by: -unit)
    guard strength > 0, strength.isFinite, strength > 1e-200 else {
      throw .badOption(
        name: "relaxation strength", value: "\(relaxation.strength)",
        requirement: "positive and finite, and not vanishing beside the largest cost")
    }
    var iteration = SinkhornIteration(problem: problem)
    var iterations = 0
    for level in RegularizationSchedule(target: own).levels.dropLast() {
      _ = try descend(
        &iteration, iteration.kernel(level), strength, problem,
        to: max(tolerance, SinkhornSolver.levelTolerance), &iterations, progress)
    }
    let kernel = iteration.kernel(own)
    let (source, target) = try descend(
      &iteration, kernel, strength, problem, to: tolerance, &iterations, progress)
    return UnbalancedSolution(
      problem: problem, solver: self, iteration: iteration, kernel: kernel, source: source,
      target: target, iterations: iterations)
  }

  /// Iterates at one regularisation until no half-step would change the plan by more than a
  /// tolerance; returns both half-steps, not taken.
  private func descend(
    _ iteration: inout SinkhornIteration, _ kernel: GibbsKernel, _ strength: Double,
    _ problem: TransportProblem, to goal: Double, _ iterations: inout Int,
    _ progress: ProgressHandler?
  ) throws(SolverError) -> (source: HalfStep, target: HalfStep) {
    var acceleration = AndersonAcceleration(depth: 8, weights: iteration.masses(.source))
    var best = (error: Double.infinity, potential: iteration.source)
    while true {
      iteration.target = halfStep(.target, iteration, kernel, strength, problem).potential
      let step = halfStep(.source, iteration, kernel, strength, problem)
      iterations += 1
      if step.change <= goal / 2 {
        let targetStep = halfStep(.target, iteration, kernel, strength, problem)
        if step.change + targetStep.change <= goal { return (step, targetStep) }
      }
      guard iterations < maximumIterations else {
        throw .notConverged(
          solver: "unbalanced sinkhorn",
          reason: "after \(iterations) iterations the change of the marginals was "
            + "\(step.change.twoDigits), above the tolerance \(tolerance.twoDigits). More "
            + "iterations, a larger regularization or a larger tolerance would help.")
      }
      try progress.report(
        "unbalanced Sinkhorn iteration \(iterations), change \(step.change.twoDigits)")
      if step.change <= 2 * best.error {
        if step.change < best.error { best = (step.change, step.potential) }
        iteration.source = acceleration.next(after: iteration.source, image: step.potential)
      } else {
        acceleration.reset()
        best.error = .infinity
        iteration.source = best.potential
      }
    }
  }

  /// What a half-step on a side would do.
  struct HalfStep: Sendable {
    let potential: [Double]
    /// The plan's marginal on that side as it is.
    let marginal: [Double]
    /// By how much the half-step would change it, over √(mass of α · mass of β).
    let change: Double
  }

  private func halfStep(
    _ side: TransportSide, _ iteration: SinkhornIteration, _ kernel: GibbsKernel,
    _ strength: Double, _ problem: TransportProblem
  ) -> HalfStep {
    let (here, there) =
      side == .source ? (problem.source, problem.target) : (problem.target, problem.source)
    let epsilon = 1.4426950408889634 / kernel.scale
    let balanced = iteration.halfStep(side, kernel).potential
    let old = iteration.potential(side)
    var (potential, marginal, change) = (balanced, balanced, CompensatedSum())
    let scale = (here.rawMass / there.rawMass).squareRoot()
    for index in old.indices {
      // The soft transform for the other measure with all its mass.
      let soft = balanced[index] - epsilon * log(there.rawMass)
      switch relaxation {
      case .kullbackLeibler: potential[index] = soft * (strength / (strength + epsilon))
      case .totalVariation: potential[index] = min(max(soft, -strength), strength)
      }
      let mass = here.rawMass * here.masses[index]
      marginal[index] = mass > 0 ? mass * exp((old[index] - soft) / epsilon) : 0
      let part = mass > 0 ? here.masses[index] * scale : 0
      guard part > 0 else { continue }
      change.add(
        part * exp((old[index] - soft) / epsilon)
          * abs(expm1((potential[index] - old[index]) / epsilon)))
    }
    return HalfStep(
      potential: potential, marginal: marginal,
      change: change.value.isNaN ? .infinity : change.value)
  }
}
