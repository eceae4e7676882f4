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
/// until they are small, and all points are only solved at the ε that was enough for those. Nothing
/// depends on that model but the number of levels: the bracket is proved for all points.
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
public struct AdaptiveSinkhornSolver: TransportSolver {
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

  /// A solver.
  ///
  /// - Parameters:
  ///   - relativeWidth: the default proves the cost to 1 %, and a distance W₂ to half of that.
  ///   - threshold: a number of which the bracket must tell whether the distance exceeds it.
  ///   - marginalTolerance: the L¹ error of both marginals at which each level stops; `nil` for as
  ///     much as the bracket needs.
  ///   - maximumIterations: after so many iterations the solver gives up.
  public init(
    relativeWidth: Double = 0.01, threshold: Double? = nil, marginalTolerance: Double? = nil,
    maximumIterations: Int = 10_000
  ) {
    self.relativeWidth = relativeWidth
    self.threshold = threshold
    self.marginalTolerance = marginalTolerance
    self.maximumIterations = maximumIterations
  }

  /// "sinkhorn".
  public var name: String { "sinkhorn" }

  /// The entropic solution at the regularisation that was found, and the bracket that ended the
  /// search.
  public struct Outcome: Sendable {
    /// The solution; its `regularization` is what was found.
    public let solution: EntropicSolution
    /// The proved bracket of the unregularised least cost.
    public let costBounds: ProvedBounds
    /// The regularisations that were tried, from large to small.
    public let regularizations: [Double]
  }

  /// Finds the regularisation and solves the entropic problem with it.
  ///
  /// - Throws: `SolverError`: `badOption`, and `goalNotReached` and `cancelled` with the bracket that was
  ///   reached.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solveEntropic(
    _ problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) -> Outcome {
    guard relativeWidth > 0, relativeWidth < 1 || (relativeWidth == 1 && threshold != nil) else {
      throw .badOption(
        name: "relativeWidth", value: "\(relativeWidth)", requirement: "above 0 and below 1")
    }
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      let search = try search(
        problem, tolerance: marginalTolerance ?? Self.tolerance(relativeWidth), progress)
      return Outcome(
        solution: try EntropicSolution(
          problem: problem, regularization: search.regularization, point: search.point,
          seconds: stopwatch.seconds),
        costBounds: search.costBounds, regularizations: search.regularizations)
    }
  }

  /// Where a search has ended.
  private struct Search {
    let point: SinkhornFixedPoint
    /// What was tried, in the unit of the cost, and the last of it.
    let regularizations: [Double]
    let regularization: Double
    /// What was proved.
    let costBounds: ProvedBounds
    /// Whether the bracket is as narrow as is wanted, here or in a coarser problem.
    let isNarrow: Bool
    /// The regularisation and the marginal error at which it is or should be.
    let estimate: Double
    let tolerance: Double
  }

  /// Lowers the regularisation until the bracket is narrow enough.
  ///
  /// - Parameters:
  ///   - tolerance: the marginal error at which the first level stops.
  ///   - least: in a coarse problem, the regularisation at which its search ends in any case.
  ///   - merging: the mean cost of merging all points into those of this problem. About so much more
  ///     is the cost of moving all points, which is what the wanted width is relative to.
  private func search(
    _ problem: TransportProblem, tolerance: Double, downTo least: Double? = nil,
    merging: Double = 0, _ progress: ProgressHandler?
  ) throws(SolverError) -> Search {
    let unit = problem.pairCosts.unitExponent
    let coarse = try coarseSearch(problem, tolerance: tolerance, merging: merging, progress)
    var tolerance = min(
      tolerance, coarse.map { CoarseProblem.wantedTolerance(of: $0.search.tolerance) } ?? 1)
    var estimate = coarse?.search.estimate ?? Self.firstRegularization.scaled(by: unit)
    var start = coarse?.start
    var tried: [Double] = []
    // What costs little may be all that is needed, as for equal measures.
    var bounds =
      least == nil
      ? problem.quickBracket()?.costBounds ?? ProvedBounds(lower: 0, upper: .infinity)
      : ProvedBounds(lower: 0, upper: .infinity)
    var stagnation = 0
    while true {
      let regularization = max(estimate, least ?? 0)
      let point = try fixedPoint(problem, regularization, tolerance, from: start, bounds, progress)
      tried.append(regularization)
      // Where a still coarser problem has told what is enough, only the finest one needs a proof.
      var isNarrow = least != nil && coarse?.search.isNarrow == true
      if !isNarrow {
        try progress.report(.provingBracket(.regularization(regularization)))
        let found = try EntropicBracket(problem: problem, point: point).prove(progress: progress)
        let former = bounds
        bounds = bounds.intersection(found.costBounds)
        try progress.report(.bracketProved, costBounds: bounds)
        isNarrow = isEnough(bounds, merging: merging, problem, decides: least == nil)
        estimate = regularization
        if !isNarrow {
          let isBetter = bounds.width <= Self.leastImprovement * former.width
          stagnation = isBetter ? 0 : stagnation + 1
          guard stagnation < Self.patience else {
            throw notReached(
              "lower regularizations, down to \(regularization.twoDigits), no longer narrow the "
                + "bracket; the network simplex is exact.", bounds)
          }
          // A bracket that must decide about a threshold inside it has to become much narrower.
          let wanted = min(
            relativeWidth * (bounds.upper + merging),
            isWide(bounds, merging) ? .infinity : bounds.width / 4)
          let next = next(
            wanted: wanted, width: found.costBounds.width, found.repairCost, tolerance)
          estimate *= next.factor
          tolerance = next.tolerance
        }
      }
      if isNarrow || regularization <= least ?? 0 {
        return Search(
          point: point, regularizations: tried, regularization: regularization, costBounds: bounds,
          isNarrow: isNarrow, estimate: estimate, tolerance: tolerance)
      }
      start = SinkhornStart(point)
    }
  }

  private func isWide(_ bounds: ProvedBounds, _ merging: Double) -> Bool {
    bounds.width > relativeWidth * (bounds.upper + merging)
  }

  /// Whether a bracket is as narrow as is wanted and, for all points, decides about the threshold.
  private func isEnough(
    _ bounds: ProvedBounds, merging: Double, _ problem: TransportProblem, decides: Bool
  ) -> Bool {
    guard !isWide(bounds, merging) else { return false }
    guard decides, let threshold else { return true }
    return GateVerdict(of: bounds.root(problem.exponent), threshold: threshold) != .undecided
  }

  private func notReached(_ reason: String, _ bounds: ProvedBounds) -> SolverError {
    .goalNotReached(
      solver: name, reason: reason,
      bracket: PartialBracket(
        costBounds: bounds, origin: "the last potentials of Sinkhorn's iteration")
    )
  }

  /// By how much to lower the regularisation after a bracket that is too wide, and the next marginal
  /// error: each for its own part of the width.
  private func next(
    wanted: Double, width: Double, _ repairCost: Double, _ tolerance: Double
  ) -> (factor: Double, tolerance: Double) {
    func factor(_ ratio: Double) -> Double {
      min(max(ratio * (0.65 + 0.25 * ratio), 1.0 / 30), 0.9)
    }
    guard marginalTolerance == nil, repairCost > Self.repairPart * wanted else {
      return (factor(wanted / width), tolerance)
    }
    let finer = max(
      tolerance * max(Self.repairPart / 2 * (wanted / repairCost), 1.0 / 64), Self.leastTolerance)
    let blur = width - repairCost
    let isBlurred = blur > (1 - Self.repairPart) * wanted || finer == tolerance
    return (isBlurred ? factor(wanted / max(blur, wanted)) : 1, finer)
  }

  private func fixedPoint(
    _ problem: TransportProblem, _ regularization: Double, _ tolerance: Double,
    from start: SinkhornStart?, _ bounds: ProvedBounds, _ progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornFixedPoint {
    do throws(SolverError) {
      return try fixed(regularization, tolerance).fixedPoint(
        problem, from: start, bracket: bounds, progress: progress)
    } catch {
      guard case .notConverged(_, let reason) = error else { throw error }
      throw notReached(reason, bounds)
    }
  }

  /// The search for clouds of fewer points: the least cost and the blur of the plan depend little on
  /// their number, so that what is enough for them is about enough for all.
  ///
  /// - Returns: `nil` where there is no coarser problem, and where it could not be solved.
  private func coarseSearch(
    _ problem: TransportProblem, tolerance: Double, merging: Double, _ progress: ProgressHandler?
  ) throws(SolverError) -> (search: Search, start: SinkhornStart)? {
    guard let coarse = CoarseProblem(of: problem, SinkhornIteration(problem: problem).blocks)
    else { return nil }
    do throws(SolverError) {
      let search = try search(
        coarse.problem, tolerance: CoarseProblem.tolerance(for: tolerance),
        downTo: coarse.finestRegularization, merging: merging + coarse.mergingCost,
        progress.forAnotherProblem)
      return (search, try coarse.start(from: search.point))
    } catch {
      // What was proved of the coarse problem is no bracket of this one.
      if case .cancelled = error { throw .cancelled(nil) }
      return nil
    }
  }

  /// Finds the regularisation and makes the plan a coupling with exact marginals.
  ///
  /// - Throws: as `solveEntropic`, and `tooLarge` where the plan has too many entries.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      let outcome = try solveEntropic(problem, progress: progress)
      return try fixed(outcome.solution.regularization, Self.finestTolerance).rounded(
        outcome.solution.point, problem, seconds: outcome.solution.seconds, progress: progress)
    }
  }

  /// The solver for one regularisation and marginal tolerance.
  package func fixed(_ regularization: Double, _ tolerance: Double? = nil) -> SinkhornSolver {
    SinkhornSolver(
      regularization: regularization,
      marginalTolerance: tolerance ?? marginalTolerance ?? Self.finestTolerance,
      maximumIterations: maximumIterations)
  }

  /// The marginal error at which a level stops. What is missing is mostly found nearby, at a cost not
  /// far above the mean, so that a fiftieth of the wanted width does as a first try.
  private static func tolerance(_ relativeWidth: Double) -> Double {
    min(max(0.02 * relativeWidth, finestTolerance), coarsestTolerance)
  }

  /// The part of the wanted width that the repair of the marginals may take.
  private static let repairPart = 0.2

  /// The marginal errors between which the first level may stop.
  private static let finestTolerance = 1e-6
  private static let coarsestTolerance = 1e-2
  /// Below this no marginal error is asked for; rounding forbids most of what comes before.
  private static let leastTolerance = 1e-13

  /// A level that leaves more than this part of the width does not help; after so many, none will.
  private static let leastImprovement = 0.95
  private static let patience = 4

  /// The first level, a thousandth of the largest cost: rarely too small for what is wanted, and from
  /// there the second level is mostly the last.
  private static let firstRegularization = 0.001
}
