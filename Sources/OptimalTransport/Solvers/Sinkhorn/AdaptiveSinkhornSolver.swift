/// Sinkhorn's iteration with the largest regularisation that proves the least cost to a given
/// relative accuracy.
///
/// A blurred plan costs more than the best one by a part that is proportional to ε when ε is small:
/// for smooth densities, squared distances and D axes it is about Dε/2, because the plan spreads
/// each point over a region of that mean cost. The lower end, from the debiased potential, is wrong
/// by the order of ε². So the width of the proved bracket of the *unregularised* cost falls about
/// linearly with ε, and a few levels, each started from the one before, find the ε at which the
/// bracket is narrow enough: the next is ε · 0.65 · (width wanted)/(width found), kept between ε/30
/// and ε/2. Nothing depends on that model but the number of levels; each bracket is proved.
///
/// A marginal error e widens the bracket, for that part of the mass must be moved to make the plan
/// exact. Unless a `marginalTolerance` is given, each level stops where that is likely to be a small
/// part of the width that is wanted, for further iterations would hardly show.
///
/// Where the least cost is very small, as for nearly equal measures, no relative width can be
/// reached. A bracket as narrow as a millionth of the largest cost, or as the given tolerance, ends
/// the search as well.
///
/// Source for the first order in ε: L. Chizat et al., "Faster Wasserstein distance estimation with
/// the Sinkhorn divergence" (2020), section 2, arXiv:2006.08172.
public struct AdaptiveSinkhornSolver: TransportSolver {
  /// The wanted (upper − lower)/upper of the bracket of the least cost, between 0 and 1.
  public var relativeWidth: Double
  /// The L¹ error of both marginals at which each level stops, see `SinkhornSolver`; `nil` for as
  /// much as the bracket needs.
  public var marginalTolerance: Double?
  /// The most iterations, all levels counted.
  public var maximumIterations: Int

  /// A solver.
  ///
  /// - Parameters:
  ///   - relativeWidth: the default proves the cost to 1 %, and a distance W₂ to half of that.
  ///   - marginalTolerance: the L¹ error of both marginals at which each level stops; `nil` for as
  ///     much as the bracket needs.
  ///   - maximumIterations: after so many iterations the solver gives up.
  public init(
    relativeWidth: Double = 0.01, marginalTolerance: Double? = nil,
    maximumIterations: Int = 10_000
  ) {
    self.relativeWidth = relativeWidth
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
    public let bounds: Bounds
    /// The regularisations that were tried, from large to small.
    public let regularizations: [Double]
  }

  /// Finds the regularisation and solves the entropic problem with it.
  ///
  /// - Throws: `SolverError`: `badOption`, `notConverged` with the bracket that was reached,
  ///   `cancelled`.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solveEntropic(
    _ problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) -> Outcome {
    guard relativeWidth > 0, relativeWidth < 1 else {
      throw .badOption(
        name: "relativeWidth", value: "\(relativeWidth)", requirement: "above 0 and below 1")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let unit = problem.pairCosts.unitExponent
    var own = Self.firstRegularization
    var tried: [Double] = []
    var best: Bounds?
    var previous: SinkhornStart?
    while true {
      let regularization = own.scaled(by: unit)
      let tolerance =
        marginalTolerance ?? Self.tolerance(relativeWidth, level: tried.count)
      let solver = fixed(regularization, tolerance)
      let point: SinkhornFixedPoint
      do throws(SolverError) {
        point = try solver.fixedPoint(problem, from: previous, bracket: best, progress: progress)
      } catch {
        guard case .notConverged(let name, let reason) = error, let best else { throw error }
        throw .notConverged(
          solver: name,
          reason: "the proved bracket had come to [\(best.lower), \(best.upper)] when \(reason)")
      }
      previous = SinkhornStart(point)
      tried.append(regularization)
      try progress.report("proving the bracket at regularization \(regularization.twoDigits)")
      let solution = EntropicSolution(
        problem: problem, regularization: regularization, point: point,
        seconds: (clock.now - start).inSeconds)
      let bounds = solution.unregularizedBounds()
      let narrowed = Bounds(
        lower: max(bounds.lower, best?.lower ?? 0),
        upper: min(bounds.upper, best?.upper ?? .infinity))
      best = narrowed
      let width = narrowed.upper - narrowed.lower
      if narrowed.relativeWidth <= relativeWidth
        || width <= (marginalTolerance ?? Self.finestTolerance).scaled(by: unit)
      {
        return Outcome(solution: solution, bounds: narrowed, regularizations: tried)
      }
      let factor = 0.65 * relativeWidth / narrowed.relativeWidth
      own *= min(max(factor, 1.0 / 30), 0.5)
    }
  }

  /// Finds the regularisation and makes the plan a coupling with exact marginals.
  ///
  /// - Throws: as `solveEntropic`, and `tooLarge` where the plan has too many entries.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let outcome = try solveEntropic(problem, progress: progress)
    return try fixed(outcome.solution.regularization, Self.finestTolerance).rounded(
      outcome.solution.point, problem, seconds: outcome.solution.seconds, progress: progress)
  }

  /// The solver for one regularisation and marginal tolerance.
  package func fixed(_ regularization: Double, _ tolerance: Double? = nil) -> SinkhornSolver {
    SinkhornSolver(
      regularization: regularization,
      marginalTolerance: tolerance ?? marginalTolerance ?? Self.finestTolerance,
      maximumIterations: maximumIterations)
  }

  /// The marginal error at which a level stops. What is missing is mostly found nearby, at a cost not
  /// far above the mean, so that a fiftieth of the wanted width does; a quarter of that from level to
  /// level, in case it does not.
  private static func tolerance(_ relativeWidth: Double, level: Int) -> Double {
    min(max((0.02 * relativeWidth).scaled(by: -2 * level), finestTolerance), coarsestTolerance)
  }

  /// The marginal errors between which a level may stop.
  private static let finestTolerance = 1e-6
  private static let coarsestTolerance = 1e-2

  /// The first level, a thousandth of the largest cost: rarely too small for what is wanted, and from
  /// there the second level is mostly the last.
  private static let firstRegularization = 0.001
}
