import Libc

/// The solution of an unbalanced or partial entropic problem.
///
/// The plan is π_ij = α_i β_j exp((f_i + g_j + η − c_ij)/ε) and is not stored; η is 0 unless the moved
/// mass is given. All costs are in the unit of the ground cost times mass.
public struct UnbalancedSolution: Sendable {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// ⟨π, c⟩.
  public let transportCost: Double
  /// ⟨π, c⟩ + D(π1 | α) + D(πᵀ1 | β): what the plan costs without regularisation. D is 0 where the
  /// moved mass is given.
  public let relaxedCost: Double
  /// ⟨π, c⟩ + ε KL(π | α⊗β) + D(π1 | α) + D(πᵀ1 | β).
  public let totalCost: Double
  /// The dual objective, a lower bound of the least `totalCost`, whatever the tolerance.
  public let dualCost: Double
  /// f and g, in the unit of the ground cost.
  public let potentials: Potentials
  /// η, in the unit of the ground cost: what moving a little more mass would cost for a unit of it.
  public let multiplier: Double
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

  /// The solver, with its options.
  let solver: UnbalancedSinkhornSolver
  /// The state of the iteration.
  let point: UnbalancedFixedPoint

  init(
    problem: TransportProblem, solver: UnbalancedSinkhornSolver, point: UnbalancedFixedPoint,
    iterations: Int
  ) throws(SolverError) {
    let unit = problem.pairCosts.unitExponent
    let (iteration, kernel, multiplier) = (point.iteration, point.kernel, point.multiplier)
    let epsilon = solver.regularization.scaled(by: -unit)
    let rawMass = problem.source.rawMass * problem.target.rawMass
    let rowCosts = try kernel.meanCosts(
      offsets: iteration.offsets(.target, kernel),
      shifts: iteration.source.map { ($0 + multiplier) * kernel.scale })
    var (transport, total, dual) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (mass, cost) in zip(problem.source.masses, rowCosts) where mass > 0 {
      transport.add(rawMass * mass * cost)
    }
    var (moved, penalty) = (CompensatedSum(), CompensatedSum())
    for (measure, potentials, marginal) in [
      (problem.source, iteration.source, point.source.marginal),
      (problem.target, iteration.target, point.target.marginal),
    ] {
      for index in potentials.indices where measure.masses[index] > 0 {
        let mass = measure.rawMass * measure.masses[index]
        let (potential, reached) = (potentials[index], marginal[index])
        moved.add(reached / 2)
        total.add(reached * potential)
        switch solver.relaxation {
        case .kullbackLeibler(let strength):
          let own = strength.scaled(by: -unit)
          penalty.add(own * ((reached > 0 ? reached * log(reached / mass) : 0) - reached + mass))
          dual.add(-own * mass * expm1(-potential / own))
        case .totalVariation(let strength):
          penalty.add(strength.scaled(by: -unit) * abs(reached - mass))
          dual.add(mass * potential)
        case .movedMass:
          dual.add(mass * potential)
        }
      }
    }
    total.add(moved.value * multiplier)
    total.add(penalty.value)
    if case .movedMass(let mass) = solver.relaxation { dual.add(mass * multiplier) }
    let rest = epsilon * (rawMass - moved.value)
    self.problem = problem
    self.solver = solver
    self.point = point
    transportCost = transport.value.scaled(by: unit)
    relaxedCost = (transport.value + penalty.value).scaled(by: unit)
    totalCost = (total.value + rest).scaled(by: unit)
    dualCost = (dual.value + rest).scaled(by: unit)
    potentials = Potentials(
      source: iteration.source.map { $0.scaled(by: unit) },
      target: iteration.target.map { $0.scaled(by: unit) })
    self.multiplier = multiplier.scaled(by: unit)
    sourceMarginal = point.source.marginal
    targetMarginal = point.target.marginal
    residual = point.source.change + point.target.change
    self.iterations = iterations
  }
}
