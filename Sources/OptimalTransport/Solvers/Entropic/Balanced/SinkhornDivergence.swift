/// The debiased entropic cost S_ε(μ, ν) = OT_ε(μ, ν) − ½ OT_ε(μ, μ) − ½ OT_ε(ν, ν), where OT_ε is the
/// least of ⟨π, c⟩ + ε KL(π | μ⊗ν).
///
/// Zero for equal measures. Nonnegative where e^{−c/ε} is positive definite: on lines for exponents
/// p ≤ 2, and with p = 1 also for a block that is one circle. A block of two or more axes with a
/// circle among them lacks that even with p = 1, as do circles with p > 1 and everything with p > 2:
/// there the divergence may truly be negative. Tends to the least transport cost as ε → 0 and to half
/// a maximum mean discrepancy as ε → ∞. Sources: J. Feydy et al., "Interpolating between optimal
/// transport and MMD using Sinkhorn divergences" (2019), arXiv:1810.08278; for cylinders and tori
/// N. Venet, "Nonexistence of fractional Brownian fields indexed by cylinders" (2019),
/// arXiv:1612.05984.
public struct SinkhornDivergence: Sendable {
  /// S_ε, in the unit of the problem's ground cost. A negative number that the marginal tolerance
  /// explains is given as 0.
  public let value: Double
  /// How far `value` can be off because the iterations stop at a marginal tolerance. Usually far
  /// too pessimistic: the true error is of second order in the tolerance.
  public let errorBound: Double
  /// The solution for μ and ν.
  public let mixed: EntropicSolution
  /// OT_ε(μ, μ), by its dual cost.
  public var sourceCost: Double { source.dualCost }
  /// OT_ε(ν, ν), by its dual cost.
  public var targetCost: Double { target.dualCost }

  /// The solutions for μ and μ, and for ν and ν.
  let source: EntropicSolution
  let target: EntropicSolution

  /// The derivatives of S_ε with respect to the points and masses of both measures.
  ///
  /// Those of OT_ε(μ, ν) less those of ½ OT_ε(μ, μ), in which μ stands on both sides and which is symmetric,
  /// so that half of its derivative is that with respect to one side; likewise for ν. They vanish at μ = ν.
  ///
  /// - Throws: `SolverError.cancelled`, within the work of a solver that is stopped.
  /// - Complexity: O(nm + n² + m²) time, O(n + m) memory.
  public func gradient() throws(SolverError) -> EntropicGradient {
    let (all, own, other) = (
      try mixed.gradient(), try source.gradient(), try target.gradient()
    )
    func difference(_ first: [Double], _ second: [Double]) -> [Double] {
      zip(first, second).map { $0 - $1 }
    }
    return EntropicGradient(
      sourcePoints: difference(all.sourcePoints, own.sourcePoints),
      targetPoints: difference(all.targetPoints, other.sourcePoints),
      sourceMasses: difference(all.sourceMasses, own.sourceMasses),
      targetMasses: difference(all.targetMasses, other.sourceMasses))
  }
}

extension SinkhornSolver {
  /// The Sinkhorn divergence when the problem of the two measures is solved already, at the
  /// regularisation of that solution.
  ///
  /// The two problems of a measure with itself have one potential instead of two, and the mean of
  /// it and its soft transform converges in a few sweeps: J. Feydy et al. (2019), section 3.1.
  ///
  /// - Throws: `SolverError`: `unsuitable` for a matrix or function cost, which does not say what a
  ///   move within one measure costs; `badOption`, `notConverged`, `cancelled`.
  /// - Complexity: O(n² + m²) time for each iteration, O(n + m) memory.
  public func divergence(
    _ mixed: EntropicSolution, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornDivergence {
    let problem = mixed.problem
    guard case .blocks = problem.cost else {
      throw .unsuitable(
        solver: name,
        reason: "the divergence needs the cost within each measure, which a matrix or function of "
          + "index pairs does not tell; give the cost as blocks of axes.")
    }
    var solver = self
    solver.regularization = .absolute(mixed.regularization)
    let (source, target) = try SolverWatch.watching(
      progress, isShared: loops.isShared, fallback: problem.quickBracket
    ) {
      [solver] progress throws(SolverError) in
      let source = try solver.selfTransport(.source, in: problem, progress)
      return (
        source,
        problem.source == problem.target
          ? source : try solver.selfTransport(.target, in: problem, progress)
      )
    }
    let value = mixed.dualCost - 0.5 * (source.dualCost + target.dualCost)
    let rounding =
      64 * CostRounding.unit
      * (mixed.regularization + problem.pairCosts.unit.stated(1))
    let errorBound = max(mixed.dualGap, 0.5 * (source.dualGap + target.dualGap)) + rounding
    return SinkhornDivergence(
      value: value < 0 && value >= -errorBound ? 0 : value, errorBound: errorBound, mixed: mixed,
      source: source, target: target)
  }

  /// The solution of the transport of one of the measures to itself.
  private func selfTransport(
    _ side: TransportSide, in problem: TransportProblem, _ progress: ProgressHandler?
  ) throws(SolverError) -> EntropicSolution {
    let own: TransportProblem
    do throws(ProblemError) {
      own = try problem.withItself(side)
    } catch {
      throw .unsuitable(
        solver: name, reason: "a measure cannot be transported to itself: \(error)")
    }
    let point = try symmetricFixedPoint(own, progress: progress.forAnotherProblem)
    return try EntropicSolution(
      problem: own, regularization: regularization, point: point, Stopwatch())
  }
}
