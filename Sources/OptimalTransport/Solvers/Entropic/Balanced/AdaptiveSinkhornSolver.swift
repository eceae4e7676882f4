/// Sinkhorn's iteration with the largest regularisation that proves the least cost to a given
/// relative accuracy.
///
/// A blurred plan costs more than the best one by a part that is proportional to ε when ε is small:
/// for smooth densities, squared distances and D axes it is about Dε/2, because the plan spreads
/// each point over a region of that mean cost. The lower end, from the debiased potential, is wrong
/// by the order of ε². So the width of the proved bracket of the *unregularised* cost falls about
/// linearly with ε, and a few levels, each started from the one before, find the ε at which the
/// bracket is narrow enough: with q = (width wanted)/(width found) the next is ε q (0.65 + 0.25 q),
/// kept between ε/30 and 0.9 ε. Where there are many points, this is done with clouds that are merged
/// until they are small, and all points are only solved at the ε that was enough for those. Where an ε is wanted
/// that merged clouds are too coarse for, and p > 1, all points start from the potentials of a cheapest plan, whose
/// cost with the blur of the merged clouds also tells the ε. Nothing depends on that model but the number of
/// levels: the bracket is proved for all points, from the entropic potentials alone.
///
/// A marginal error e widens the bracket, for that part of the mass must be moved to make the plan
/// exact. Unless a `marginalTolerance` is given, each level stops where that is likely to be a small
/// part of the width that is wanted, for further iterations would hardly show.
///
/// The search ends with `SolverError.goalNotReached`, which has the bracket that was proved, where lower
/// regularisations and marginal errors no longer help: as for nearly equal measures, whose least cost
/// vanishes beside the largest one, and for widths near the rounding of the potentials.
///
/// Source for the first order in ε: L. Chizat et al., "Faster Wasserstein distance estimation with
/// the Sinkhorn divergence" (2020), section 2, arXiv:2006.08172.
public struct AdaptiveSinkhornSolver: EntropicTransportSolver {
  /// The wanted (upper − lower)/upper of the bracket of the least cost, between 0 and 1; 1 for any width,
  /// where only a threshold counts.
  public var relativeWidth: Double
  /// A number of which the bracket must tell whether the distance W exceeds it; `nil` for none.
  public var threshold: Double?
  /// The L¹ error of both marginals at which each level stops, see `SinkhornSolver`; `nil` for as
  /// much as the bracket needs.
  public var marginalTolerance: Double?
  /// The most iterations, all levels counted.
  public var maximumIterations: Int
  /// The processes that share the sums over all pairs; see `SinkhornSolver.group`.
  public var group: any ProcessGroup

  /// A solver.
  ///
  /// - Parameters:
  ///   - relativeWidth: the default proves the cost to 1 %, and a distance W₂ to half of that.
  ///   - threshold: a number of which the bracket must tell whether the distance exceeds it.
  ///   - marginalTolerance: the L¹ error of both marginals at which each level stops; `nil` for as
  ///     much as the bracket needs.
  ///   - maximumIterations: after so many iterations the solver gives up.
  ///   - group: the processes that share the sums; the default is this one alone.
  public init(
    relativeWidth: Double = 0.01, threshold: Double? = nil, marginalTolerance: Double? = nil,
    maximumIterations: Int = 10_000, group: any ProcessGroup = SingleProcess()
  ) {
    self.relativeWidth = relativeWidth
    self.threshold = threshold
    self.marginalTolerance = marginalTolerance
    self.maximumIterations = maximumIterations
    self.group = group
  }

  /// Who shares out the sums.
  var loops: SharedLoops { SharedLoops(group: group) }

  /// "sinkhorn".
  public var name: String { SinkhornSolver.name }

  /// Finds the regularisation and solves the entropic problem with it.
  ///
  /// - Returns: the solution, with the bracket that ended the search and the regularisations that were tried.
  /// - Throws: `SolverError`: `badOption`, and `goalNotReached` and `cancelled` with the bracket that was
  ///   reached.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solveEntropic(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> EntropicSolution {
    guard relativeWidth > 0, relativeWidth < 1 || (relativeWidth == 1 && threshold != nil) else {
      throw .badOption(
        name: "relativeWidth", value: "\(relativeWidth)", requirement: "above 0 and below 1")
    }
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(
      progress, isShared: loops.isShared, fallback: problem.quickBracket
    ) {
      progress throws(SolverError) in
      var search = try RegularizationSearch(self, problem, progress)
      let found = try search.result()
      var solution = try EntropicSolution(
        problem: problem, regularization: .absolute(found.regularization), point: found.point,
        stopwatch)
      solution.regularizations = found.regularizations
      solution.provedCostBounds = found.costBounds
      solution.choice = choice(exponent: problem.exponent)
      return solution
    }
  }

  /// Finds the regularisation and makes the plan a coupling with exact marginals.
  ///
  /// - Throws: as `solveEntropic`, and `tooLarge` where the plan has too many entries.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(
      progress, isShared: loops.isShared, fallback: problem.quickBracket
    ) {
      progress throws(SolverError) in
      let entropic = try solveEntropic(problem, progress: progress)
      return try fixed(entropic.regularization, RegularizationSearch.finestTolerance).rounded(
        entropic.point, problem, stopwatch, progress: progress)
    }
  }

  /// The Sinkhorn divergence at the regularisation of a solution.
  ///
  /// - Throws: as `SinkhornSolver.divergence`.
  public func divergence(
    _ mixed: EntropicSolution, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornDivergence {
    try fixed(mixed.regularization).divergence(mixed, progress: progress)
  }

  /// What the regularization was found for. A bracket of W^p with the relative width w is one of W with
  /// 1 − (1 − w)^(1/p).
  private func choice(exponent: Double) -> String {
    guard relativeWidth < 1 else { return "regularization found that decides about the threshold" }
    let width = 1 - (1 - relativeWidth).root(exponent)
    return "regularization found for a bracket within \(Float(width)) of the distance"
  }

  /// The solver for one regularisation, in the unit of the cost, and marginal tolerance.
  func fixed(_ regularization: Double, _ tolerance: Double? = nil) -> SinkhornSolver {
    SinkhornSolver(
      regularization: regularization,
      marginalTolerance: tolerance ?? marginalTolerance ?? RegularizationSearch.finestTolerance,
      maximumIterations: maximumIterations, group: group)
  }
}
