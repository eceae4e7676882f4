/// Entropic transport by Sinkhorn's iteration: minimises ⟨π, c⟩ + ε KL(π | μ⊗ν) over all couplings.
///
/// In the logarithmic domain throughout, so that no regularisation overflows or underflows; with
/// falling regularisations towards the one that is wanted; accelerated. Costs are computed when
/// needed: memory is O(n + m), except for the plan that `solve` returns.
///
/// ```swift
/// let solver = SinkhornSolver(regularization: 0.01)
/// let entropic = try solver.solveEntropic(problem)  // costs, potentials, bracket
/// let solution = try solver.solve(problem)  // a coupling with exact marginals
/// ```
///
/// Sources: M. Cuturi, "Sinkhorn distances" (2013), arXiv:1306.0895; G. Peyré and M. Cuturi,
/// "Computational optimal transport" (2019), section 4, doi:10.1561/2200000073.
public struct SinkhornSolver: EntropicTransportSolver {
  /// ε.
  public var regularization: Regularization
  /// The iteration stops when Σ_i |Σ_j π_ij − a_i| + Σ_j |Σ_i π_ij − b_j| is at most this, both
  /// sums recomputed from the potentials that are returned.
  public var marginalTolerance: Double
  /// The most iterations, each a pair of half-steps, all regularisation levels counted.
  public var maximumIterations: Int
  /// The most entries that the plan of a `TransportSolution` may have, 16 bytes each.
  public var maximumPlanEntries: Int
  /// The processes that share the sums over all pairs.
  ///
  /// All hold the problem, call the same methods with the same options, and get solutions with the same bits, which are
  /// those of one process. What a solution computes later by sums over pairs, such as its bracket, is shared as well
  /// and must be called by all; gradients and projections are computed by each process alone. One that is stopped
  /// by its progress handler stops all.
  public var group: any ProcessGroup

  /// A solver.
  ///
  /// - Parameters:
  ///   - regularization: ε.
  ///   - marginalTolerance: the L¹ error of both marginals at which to stop, below 1. The default
  ///     moves a millionth of the mass when the plan is made exact.
  ///   - maximumIterations: after so many iterations the solver gives up.
  ///   - maximumPlanEntries: larger plans are refused; the default takes 160 MB.
  ///   - group: the processes that share the sums; the default is this one alone.
  public init(
    regularization: Regularization, marginalTolerance: Double = 1e-6,
    maximumIterations: Int = 10_000, maximumPlanEntries: Int = 10_000_000,
    group: any ProcessGroup = SingleProcess()
  ) {
    self.regularization = regularization
    self.marginalTolerance = marginalTolerance
    self.maximumIterations = maximumIterations
    self.maximumPlanEntries = maximumPlanEntries
    self.group = group
  }

  /// A solver with a regularisation in the unit of the problem's ground cost; the rest as in the other
  /// initialiser.
  public init(
    regularization: Double, marginalTolerance: Double = 1e-6, maximumIterations: Int = 10_000,
    maximumPlanEntries: Int = 10_000_000, group: any ProcessGroup = SingleProcess()
  ) {
    self.init(
      regularization: .absolute(regularization), marginalTolerance: marginalTolerance,
      maximumIterations: maximumIterations, maximumPlanEntries: maximumPlanEntries, group: group)
  }

  /// Who shares out the sums.
  var loops: SharedLoops { SharedLoops(group: group) }

  /// "sinkhorn".
  public var name: String { Self.name }

  static let name = "sinkhorn"

  /// Solves the entropic problem and makes its plan a coupling with exact marginals.
  ///
  /// The cost of the solution is the plan's own, ∫c dπ: an upper bound of the least cost, as the
  /// bracket says. Entries so small that all of them together are below a tenth of the marginal
  /// tolerance are dropped first; the repair puts their mass elsewhere.
  ///
  /// - Throws: `SolverError`: `badOption`, `notConverged`, `cancelled`, and `tooLarge` when the plan
  ///   would have more than `maximumPlanEntries` entries.
  /// - Complexity: O(nm) time for each iteration, O(n + m + plan entries) memory.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(
      progress, isShared: loops.isShared, fallback: problem.quickBracket
    ) {
      progress throws(SolverError) in
      let point = try fixedPoint(problem, progress: progress)
      return try rounded(point, problem, stopwatch, progress: progress)
    }
  }

  /// The plan of a fixed point, made a coupling, with its bracket.
  ///
  /// - Parameter stopwatch: runs since solving began.
  func rounded(
    _ point: SinkhornFixedPoint, _ problem: TransportProblem, _ stopwatch: Stopwatch,
    progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let plan = try coupling(point, problem, progress: progress)
    try progress.report(.certifying)
    let certificate = try EntropicBracket(problem: problem, point: point).certificate()
    return TransportSolution(
      problem: problem, method: name, ending: .approximate, plan: plan, certificate: certificate,
      effort: SolverEffort(stopwatch, iterations: point.iterations, arcs: plan.count))
  }

  /// The plan of a solution, made a coupling with exact marginals as by `solve`.
  ///
  /// - Throws: `SolverError`: `cancelled`, and `tooLarge` when the plan would have more than
  ///   `maximumPlanEntries` entries.
  /// - Complexity: one sweep over all pairs, O(plan entries) memory.
  public func coupling(
    of solution: EntropicSolution, progress: ProgressHandler? = nil
  ) throws(SolverError) -> TransportPlan {
    let isShared = solution.point.kernel.loops.isShared
    return try SolverWatch.watching(progress, isShared: isShared, fallback: { nil }) {
      progress throws(SolverError) in
      try coupling(solution.point, solution.problem, progress: progress)
    }
  }

  private func coupling(
    _ point: SinkhornFixedPoint, _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportPlan {
    try progress.report(.roundingPlan)
    let coupling = try SparseCoupling(
      point.iteration, point.kernel, threshold: 0.1 * marginalTolerance,
      limit: maximumPlanEntries)
    guard let coupling else {
      throw .tooLarge(
        solver: name,
        reason: "its plan would have more than maximumPlanEntries = \(maximumPlanEntries) "
          + "entries. A smaller regularization or a larger tolerance makes the plan sparser; "
          + "solveEntropic needs no plan.")
    }
    return MarginalRepair.repaired(
      coupling.plan, source: problem.source, target: problem.target)
  }

  /// Solves the entropic problem itself.
  ///
  /// - Throws: `SolverError`: `badOption`, `notConverged`, `cancelled`.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solveEntropic(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> EntropicSolution {
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(
      progress, isShared: loops.isShared, fallback: problem.quickBracket
    ) {
      progress throws(SolverError) in
      let point = try fixedPoint(problem, progress: progress)
      return try EntropicSolution(
        problem: problem, regularization: regularization, point: point, stopwatch)
    }
  }
}

extension SolverEffort {
  /// What solving took by a stopwatch.
  init(_ stopwatch: Stopwatch, iterations: Int, arcs: Int = 0) {
    self.init(seconds: stopwatch.seconds, iterations: iterations, arcs: arcs)
  }
}
