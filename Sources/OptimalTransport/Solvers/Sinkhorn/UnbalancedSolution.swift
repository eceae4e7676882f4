import TransportKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The solution of an unbalanced or partial entropic problem.
///
/// The plan is π_ij = α_i β_j exp((f_i + g_j − c_ij)/ε) and is not stored. All costs are in the unit
/// of the ground cost times mass.
public struct UnbalancedSolution: Sendable {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// ⟨π, c⟩.
  public let transportCost: Double
  /// ⟨π, c⟩ + ε KL(π | α⊗β) + D(π1 | α) + D(πᵀ1 | β).
  public let totalCost: Double
  /// The dual objective, a lower bound of the least `totalCost`, whatever the tolerance.
  public let dualCost: Double
  /// f and g, in the unit of the ground cost.
  public let potentials: Potentials
  /// The mass that leaves each source point, Σ_j π_ij.
  public let sourceMarginal: [Double]
  /// The mass that arrives at each target point, Σ_i π_ij.
  public let targetMarginal: [Double]
  /// What another half-step on either side would change, as the solver's `tolerance` counts it.
  public let residual: Double
  /// Pairs of half-steps.
  public let iterations: Int

  /// The mass that is moved, Σ π_ij.
  public var movedMass: Double { CompensatedSum(sourceMarginal).value }

  init(
    problem: TransportProblem, solver: UnbalancedSinkhornSolver, iteration: SinkhornIteration,
    kernel: GibbsKernel, source: UnbalancedSinkhornSolver.HalfStep,
    target: UnbalancedSinkhornSolver.HalfStep, iterations: Int
  ) {
    let unit = problem.pairCosts.unitExponent
    let epsilon = solver.regularization.scaled(by: -unit)
    let strength = solver.relaxation.strength.scaled(by: -unit)
    let rawMass = problem.source.rawMass * problem.target.rawMass
    let rowCosts = kernel.reduce(
      .source, offsets: iteration.offsets(.target, kernel),
      shifts: iteration.source.map { $0 * kernel.scale }, withCosts: true, initial: 0.0
    ) { sum, _, range, terms, costs in sum += tk_dot(terms, costs, range.count) }
    var (transport, total, dual) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (mass, cost) in zip(problem.source.masses, rowCosts) where mass > 0 {
      transport.add(rawMass * mass * cost)
    }
    var moved = CompensatedSum()
    for (measure, potentials, marginal) in [
      (problem.source, iteration.source, source.marginal),
      (problem.target, iteration.target, target.marginal),
    ] {
      for index in potentials.indices where measure.masses[index] > 0 {
        let mass = measure.rawMass * measure.masses[index]
        let (potential, reached) = (potentials[index], marginal[index])
        moved.add(reached / 2)
        total.add(reached * potential)
        switch solver.relaxation {
        case .kullbackLeibler:
          total.add(
            strength * ((reached > 0 ? reached * log(reached / mass) : 0) - reached + mass))
          dual.add(-strength * mass * expm1(-potential / strength))
        case .totalVariation:
          total.add(strength * abs(reached - mass))
          dual.add(mass * potential)
        }
      }
    }
    let rest = epsilon * (rawMass - moved.value)
    self.problem = problem
    transportCost = transport.value.scaled(by: unit)
    totalCost = (total.value + rest).scaled(by: unit)
    dualCost = (dual.value + rest).scaled(by: unit)
    potentials = Potentials(
      source: iteration.source.map { $0.scaled(by: unit) },
      target: iteration.target.map { $0.scaled(by: unit) })
    sourceMarginal = source.marginal
    targetMarginal = target.marginal
    residual = source.change + target.change
    self.iterations = iterations
  }
}
