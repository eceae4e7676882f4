import Libc

/// The solution of an entropic transport problem: minimise ⟨π, c⟩ + ε KL(π | μ⊗ν).
///
/// The plan is π_ij = a_i b_j exp((f_i + g_j − c_ij)/ε) and is not stored. It has the marginals up
/// to `marginalError`. KL(π | μ⊗ν) = Σ π_ij log(π_ij / (a_i b_j)) − Σ π_ij + 1. All costs are in the
/// unit of the problem's ground cost; where the regularisation ε exceeds the largest cost, their
/// rounding errors are those of ε.
public struct EntropicSolution: Sendable {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// ε.
  public let regularization: Double
  /// ⟨π, c⟩ of the plan as it is. Neither an upper nor a lower bound of the least cost by itself.
  public let transportCost: Double
  /// ⟨π, c⟩ + ε KL(π | μ⊗ν) of the plan as it is.
  public let entropicCost: Double
  /// Σ a_i f_i + Σ b_j g_j + ε (1 − Σ π_ij), the dual objective: a lower bound of the least entropic
  /// cost OT_ε(μ, ν), whatever the marginal error. At convergence it equals `entropicCost`.
  public let dualCost: Double
  /// Σ_i |Σ_j π_ij − a_i| + Σ_j |Σ_i π_ij − b_j|, recomputed from the potentials.
  public let marginalError: Double
  /// Pairs of half-steps, all levels of regularisation counted.
  public let iterations: Int
  /// Wall-clock seconds.
  public let seconds: Double
  /// How far at most `dualCost` is below OT_ε(μ, ν), by weak duality and but for rounding.
  package let dualGap: Double
  /// The state of the iteration, in the problem's own unit.
  let point: SinkhornFixedPoint

  /// f and g, the Schrödinger potentials, in the unit of the cost. They are not feasible for the
  /// unregularised problem.
  public var potentials: Potentials {
    let unit = problem.pairCosts.unitExponent
    return Potentials(
      source: point.iteration.source.map { $0.scaled(by: unit) },
      target: point.iteration.target.map { $0.scaled(by: unit) })
  }

  init(
    problem: TransportProblem, regularization: Double, point: SinkhornFixedPoint, seconds: Double
  ) throws(SolverError) {
    let iteration = point.iteration
    let unit = problem.pairCosts.unitExponent
    let own = regularization.scaled(by: -unit)
    var (transport, entropic, dual) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    let rowCosts = try point.kernel.meanCosts(
      offsets: iteration.offsets(.target, point.kernel),
      shifts: iteration.source.map { $0 * point.kernel.scale })
    for (mass, cost) in zip(problem.source.masses, rowCosts) where mass > 0 {
      transport.add(mass * cost)
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
    let excess = own * point.targetStep.excessMass
    self.problem = problem
    self.regularization = regularization
    transportCost = transport.value.scaled(by: unit)
    entropicCost = (entropic.value - excess).scaled(by: unit)
    dualCost = (dual.value - excess).scaled(by: unit)
    marginalError = point.marginalError
    iterations = point.iterations
    self.seconds = seconds
    self.point = point
    dualGap = Self.dualGap(point).scaled(by: unit)
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
    let ownRegularization = 1.4426950408889634 / point.kernel.scale
    return part(.source, point.sourceStep) + part(.target, point.targetStep)
      + ownRegularization * max(0, excess - log1p(excess))
  }
}
