/// The condition that both marginals of the plan are the measures of the problem.
struct ExactMarginals: MarginalCondition {
  let problem: TransportProblem

  var solver: String { SinkhornSolver.name }
  var errorName: String { "the marginal error" }
  var plainStepsNeverRaiseErrors: Bool { true }

  func halfStep(
    _ side: TransportSide, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel
  ) throws(SolverError) -> HalfStep {
    try iteration.halfStep(side, kernel)
  }

  func omissionTolerance(_ tolerance: Double) -> Double { tolerance }

  func admissible(_ potential: [Double]) -> [Double] { potential }

  /// The mass of each source point less what leaves it.
  func newtonGradient(_ step: HalfStep, _ iteration: SinkhornIteration) -> [Double]? {
    let masses = iteration.masses(.source)
    return masses.indices.map { index in
      masses[index] > 0 ? -masses[index] * step.excessRatio(index) : 0
    }
  }

  /// The half-step on the target has made its marginal exact to rounding.
  func settled(
    _ step: HalfStep, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, tolerance: Double
  ) -> SettledSteps<HalfStep>? {
    step.marginalError <= tolerance ? SettledSteps(source: step, target: nil) : nil
  }

  func stage(iteration: Int, error: Double, bracket: ProvedBounds?) -> SolverStage {
    .iterating(iteration, error: error, cost: bracket)
  }

  func bracket(
    _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, iterations: Int
  ) throws(SolverError) -> ProvedBounds {
    let point = SinkhornFixedPoint(
      iteration: iteration, kernel: kernel, sourceStep: try iteration.halfStep(.source, kernel),
      targetStep: try iteration.halfStep(.target, kernel), iterations: iterations)
    return try EntropicBracket(problem: problem, point: point).prove(debiased: false).costBounds
  }
}

/// Potentials whose plan has the marginals of the problem up to the solver's tolerance.
typealias SinkhornFixedPoint = FixedPoint<HalfStep>

extension FixedPoint<HalfStep> {
  /// Σ_i |Σ_j π_ij − a_i| + Σ_j |Σ_i π_ij − b_j|.
  var marginalError: Double { error }
}
