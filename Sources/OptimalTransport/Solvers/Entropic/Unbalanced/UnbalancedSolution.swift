import Libc

/// The solution of an unbalanced or partial entropic problem.
///
/// The plan is π_ij = α_i β_j exp((f_i + g_j + η − c_ij)/ε) and is not stored; η is 0 unless the moved
/// mass is given. All costs are in the unit of the ground cost times mass.
public struct UnbalancedSolution: SolvedTransport {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// The name of the solver.
  public let method = UnbalancedSinkhornSolver.name
  /// Always `nil`: the caller chooses the regularization.
  public var choice: String? { nil }
  /// ε, in the unit of the ground cost.
  public let regularization: Double
  /// The cost of marginals that differ from the measures.
  public let relaxation: MarginalRelaxation
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
  /// What solving took; the iterations are pairs of half-steps, all levels of regularisation counted.
  public let effort: SolverEffort

  /// The mass that is moved, Σ π_ij.
  public var movedMass: Double { CompensatedSum(sourceMarginal).value }

  /// The state of the iteration.
  let point: UnbalancedFixedPoint

  /// The solution of a fixed point.
  ///
  /// - Parameters:
  ///   - regularization: ε.
  ///   - stopwatch: runs since solving began.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  init(
    problem: TransportProblem, regularization: OwnRegularization, relaxation: MarginalRelaxation,
    point: UnbalancedFixedPoint, _ stopwatch: Stopwatch
  ) throws(SolverError) {
    let unit = problem.pairCosts.unit
    let (iteration, multiplier) = (point.iteration, point.iteration.multiplier)
    let rawMass = problem.source.rawMass * problem.target.rawMass
    var (transport, total, dual) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (mass, row) in zip(problem.source.masses, try point.rowSums()) where mass > 0 {
      transport.add(rawMass * mass * row.cost)
    }
    var (moved, penalty) = (CompensatedSum(), CompensatedSum())
    for (measure, potentials, marginal) in [
      (problem.source, iteration.source, point.sourceStep.marginal),
      (problem.target, iteration.target, point.targetStep.marginal),
    ] {
      for index in potentials.indices where measure.masses[index] > 0 {
        let mass = measure.rawMass * measure.masses[index]
        let (potential, reached) = (potentials[index], marginal[index])
        moved.add(reached / 2)
        total.add(reached * potential)
        switch relaxation {
        case .kullbackLeibler(let strength):
          let own = unit.own(strength)
          penalty.add(own * ((reached > 0 ? reached * log(reached / mass) : 0) - reached + mass))
          dual.add(-own * mass * expm1(-potential / own))
        case .totalVariation(let strength):
          penalty.add(unit.own(strength) * abs(reached - mass))
          dual.add(mass * potential)
        case .movedMass:
          dual.add(mass * potential)
        }
      }
    }
    total.add(moved.value * multiplier)
    total.add(penalty.value)
    if case .movedMass(let mass) = relaxation { dual.add(mass * multiplier) }
    let rest = regularization.value * (rawMass - moved.value)
    self.problem = problem
    self.regularization = regularization.stated(in: unit)
    self.relaxation = relaxation
    self.point = point
    transportCost = unit.stated(transport.value)
    relaxedCost = unit.stated(transport.value + penalty.value)
    totalCost = unit.stated(total.value + rest)
    dualCost = unit.stated(dual.value + rest)
    potentials = iteration.potentials(in: unit)
    self.multiplier = unit.stated(multiplier)
    sourceMarginal = point.sourceStep.marginal
    targetMarginal = point.targetStep.marginal
    residual = point.error
    effort = SolverEffort(stopwatch, iterations: point.iterations)
  }
}

extension UnbalancedSolution {
  /// The part of `transportCost` that some axes make, as `EntropicSolution.transportCost(ofAxes:)`.
  ///
  /// - Returns: `nil` unless blocks of positive weight cover all axes.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs that matter.
  public func transportCost(ofAxes axes: Range<Int>) throws(SolverError) -> Double? {
    try point.transportCost(
      problem, ofAxes: axes, scale: problem.source.rawMass * problem.target.rawMass)
  }
}
