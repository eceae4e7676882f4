import Libc

/// The condition that marginals cost little where they differ from the measures, or that a given mass is
/// moved.
struct RelaxedMarginals: MarginalCondition {
  let problem: TransportProblem
  let relaxation: MarginalRelaxation
  /// The strength in the problem's own unit, or the mass that is to be moved.
  let strength: Double

  var solver: String { UnbalancedSinkhornSolver.name }
  var errorName: String { "the change of the marginals" }
  var plainStepsNeverRaiseErrors: Bool { false }

  /// What a half-step on a side would do: the soft transform, and then the proximal map of the relaxation.
  func halfStep(
    _ side: TransportSide, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel
  ) throws(SolverError) -> RelaxedHalfStep {
    let (here, there) =
      side == .source ? (problem.source, problem.target) : (problem.target, problem.source)
    let (epsilon, kernelScale) = (kernel.regularization.value, kernel.scale)
    let (old, oldMultiplier) = (iteration.potential(side), iteration.multiplier)
    // The soft transform for the other measure with all its mass.
    let softs = try iteration.logSums(side, kernel).map {
      -$0 / kernelScale - epsilon * log(there.rawMass)
    }
    let multiplier = multiplier(softs, here, epsilon)
    var (potential, marginal, change) = (softs, softs, CompensatedSum())
    let scale = (here.rawMass / there.rawMass).squareRoot()
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
    return RelaxedHalfStep(
      potential: potential, marginal: marginal,
      change: change.value.isNaN ? .infinity : change.value, multiplier: multiplier)
  }

  private func multiplier(
    _ softs: [Double], _ measure: DiscreteMeasure, _ epsilon: Double
  ) -> Double {
    guard case .movedMass(let mass) = relaxation else { return 0 }
    return MarginalRelaxation.multiplier(
      soft: softs, masses: measure.masses.map { $0 * measure.rawMass }, epsilon: epsilon,
      mass: mass)
  }

  /// Nothing: the sums of the kernel themselves are what a bracket is made of.
  func omissionTolerance(_ tolerance: Double) -> Double { 0 }

  func admissible(_ potential: [Double]) -> [Double] {
    switch relaxation {
    case .kullbackLeibler: potential
    case .totalVariation: potential.map { min(max($0, -strength), strength) }
    case .movedMass: potential.map { min($0, 0) }
    }
  }

  /// Newton's equations here are those of exact marginals.
  func newtonGradient(_ step: RelaxedHalfStep, _ iteration: SinkhornIteration) -> [Double]? { nil }

  func settled(
    _ step: RelaxedHalfStep, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel,
    tolerance: Double
  ) throws(SolverError) -> SettledSteps<RelaxedHalfStep>? {
    guard step.change <= tolerance / 2 else { return nil }
    let target = try halfStep(.target, iteration, kernel)
    return step.change + target.change <= tolerance
      ? SettledSteps(source: step, target: target) : nil
  }

  /// The fixed point where an iteration has settled.
  func fixedPoint(
    _ iteration: SinkhornIteration, _ kernel: any GibbsKernel,
    _ settled: SettledSteps<RelaxedHalfStep>, iterations: Int
  ) throws(SolverError) -> UnbalancedFixedPoint {
    let target =
      if let target = settled.target { target } else {
        try halfStep(.target, iteration, kernel)
      }
    return UnbalancedFixedPoint(
      iteration: iteration, kernel: kernel, sourceStep: settled.source, targetStep: target,
      iterations: iterations)
  }

  func stage(iteration: Int, error: Double, bracket: ProvedBounds?) -> SolverStage {
    .iteratingRelaxed(iteration, change: error)
  }

  func bracket(
    _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, iterations: Int
  ) throws(SolverError) -> ProvedBounds {
    var iteration = iteration
    // The multiplier belongs to a half-step on the target.
    let first = try halfStep(.target, iteration, kernel)
    (iteration.target, iteration.multiplier) = (first.potential, first.multiplier)
    let point = UnbalancedFixedPoint(
      iteration: iteration, kernel: kernel, sourceStep: try halfStep(.source, iteration, kernel),
      targetStep: try halfStep(.target, iteration, kernel), iterations: iterations)
    return try UnbalancedSolution(
      problem: problem, regularization: kernel.regularization, relaxation: relaxation,
      point: point, Stopwatch()
    ).unregularizedCostBounds()
  }
}

/// What a half-step with relaxed marginals would do.
struct RelaxedHalfStep: MarginalStep {
  let potential: [Double]
  /// The plan's marginal on its side as it is.
  let marginal: [Double]
  /// By how much the half-step would change it, over √(mass of α · mass of β).
  let change: Double
  let multiplier: Double

  var error: Double { change }
}

/// Potentials that no half-step changes any more.
typealias UnbalancedFixedPoint = FixedPoint<RelaxedHalfStep>
