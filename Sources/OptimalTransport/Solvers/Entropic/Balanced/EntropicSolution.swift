import Libc

/// The solution of an entropic transport problem: minimise ⟨π, c⟩ + ε KL(π | μ⊗ν).
///
/// The plan is π_ij = a_i b_j exp((f_i + g_j − c_ij)/ε) and is not stored. It has the marginals up
/// to `marginalError`. KL(π | μ⊗ν) = Σ π_ij log(π_ij / (a_i b_j)) − Σ π_ij + 1. All costs are in the
/// unit of the problem's ground cost; where the regularisation ε exceeds the largest cost, their
/// rounding errors are those of ε.
public struct EntropicSolution: SolvedTransport {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// The name of the solver.
  public let method = SinkhornSolver.name
  /// How an adaptive solver found the regularization, in a phrase; `nil` where the caller chose.
  public internal(set) var choice: String?
  /// ε, in the unit of the cost.
  public let regularization: Double
  /// The regularisations that were tried on the way to ε, in the unit of the cost, from large to small; ε is
  /// the last.
  public internal(set) var regularizations: [Double]
  /// The bracket of the *unregularised* least cost that was proved while solving, as an adaptive solver does;
  /// `nil` where none was.
  public internal(set) var provedCostBounds: ProvedBounds?
  /// ⟨π, c⟩ of the plan as it is. Neither an upper nor a lower bound of the least cost by itself.
  public let transportCost: Double
  /// ⟨π, c⟩ + ε KL(π | μ⊗ν) of the plan as it is.
  public let entropicCost: Double
  /// Σ a_i f_i + Σ b_j g_j + ε (1 − Σ π_ij), the dual objective: a lower bound of the least entropic
  /// cost OT_ε(μ, ν), whatever the marginal error. At convergence it equals `entropicCost`.
  public let dualCost: Double
  /// Σ_i |Σ_j π_ij − a_i| + Σ_j |Σ_i π_ij − b_j|, recomputed from the potentials.
  public let marginalError: Double
  /// What solving took; the iterations are pairs of half-steps, all levels of regularisation counted.
  public let effort: SolverEffort
  /// How far at most `dualCost` is below OT_ε(μ, ν), by weak duality and but for rounding.
  package let dualGap: Double
  /// The state of the iteration, in the problem's own unit.
  let point: SinkhornFixedPoint

  /// f and g, the Schrödinger potentials, in the unit of the cost. They are not feasible for the
  /// unregularised problem.
  public var potentials: Potentials {
    point.iteration.potentials(in: problem.pairCosts.unit)
  }

  /// The solution of a fixed point.
  ///
  /// - Parameter stopwatch: runs since solving began.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  init(
    problem: TransportProblem, regularization: Regularization, point: SinkhornFixedPoint,
    _ stopwatch: Stopwatch
  ) throws(SolverError) {
    let iteration = point.iteration
    let unit = problem.pairCosts.unit
    let own = regularization.own(in: unit)
    var (transport, entropic, dual) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (mass, row) in zip(problem.source.masses, try point.rowSums()) where mass > 0 {
      transport.add(mass * row.cost)
    }
    for (side, step) in [
      (TransportSide.source, point.sourceStep), (.target, point.targetStep),
    ] {
      let masses = iteration.masses(side)
      for (index, potential) in iteration.potential(side).enumerated() where masses[index] > 0 {
        dual.add(masses[index] * potential)
        entropic.add(masses[index] * step.ratio(index) * potential)
      }
    }
    // Both sides see the same total mass; the side that is exact sees it best.
    let excess = own.value * point.targetStep.excessMass
    self.problem = problem
    self.regularization = own.stated(in: unit)
    regularizations = [own.stated(in: unit)]
    transportCost = unit.stated(transport.value)
    entropicCost = unit.stated(entropic.value - excess)
    dualCost = unit.stated(dual.value - excess)
    marginalError = point.marginalError
    self.point = point
    dualGap = unit.stated(Self.dualGap(point))
    effort = SolverEffort(stopwatch, iterations: point.iterations)
  }

  /// Constants added to the potentials until the plan has mass 1 instead of m raise the dual
  /// objective D by ε (m − 1 − log m), and scale its marginals r by 1/m. D is concave with gradient
  /// a − r, so that from there D(f*) − D(f) ≤ Σ (a_i − r_i/m)(f*_i − f_i), and likewise for g. As
  /// Σ (a_i − r_i/m) = 0, this is at most ½ ‖a − r/m‖₁ (osc f* + osc f), where osc f* is at most the
  /// largest cost, 1 in the problem's own unit, because f* is a soft minimum of costs, and
  /// ‖a − r/m‖₁ ≤ ‖a − r‖₁ + |m − 1|. The marginals of both sides can be off together only where one
  /// potential serves both, in the transport of a measure to itself.
  private static func dualGap(_ point: SinkhornFixedPoint) -> Double {
    func part(_ side: TransportSide, _ step: HalfStep) -> Double {
      let potential = point.iteration.potential(side)
      let oscillation = (potential.max() ?? 0) - (potential.min() ?? 0)
      return 0.5 * (step.marginalError + abs(step.excessMass)) * (1 + oscillation)
    }
    let excess = point.targetStep.excessMass
    return part(.source, point.sourceStep) + part(.target, point.targetStep)
      + point.kernel.regularization.value * max(0, excess - log1p(excess))
  }
}
