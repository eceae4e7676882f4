/// Lowers the regularisation until the bracket that it proves is narrow enough; `AdaptiveSinkhornSolver`
/// says how.
///
/// All regularisations and costs are in the unit of the cost, for they go from merged clouds to all points.
struct RegularizationSearch {
  private let solver: AdaptiveSinkhornSolver
  private let problem: TransportProblem
  /// In a coarse problem, the regularisation at which its search ends in any case.
  private let least: Double?
  /// The mean cost of merging all points into those of this problem. About so much more is the cost of
  /// moving all points, which is what the wanted width is relative to.
  private let merging: Double
  private let progress: ProgressHandler?
  /// How sums over the pairs of the problem are made, at every regularisation.
  private let kernels: KernelKind

  /// The regularisation and the marginal error with which to go on.
  private var estimate: Double
  private var tolerance: Double
  /// Where to start.
  private var start: SinkhornStart?
  /// Whether a still coarser problem has told what is enough, so that only all points need a proof.
  private var isKnown = false
  /// What was tried.
  private var tried: [Double] = []
  /// What is proved.
  private var bounds = ProvedBounds(lower: 0, upper: .infinity)
  /// The width of the last bracket but for the repair of the marginals, in units of ε, in a coarser problem where this
  /// one has no bracket yet.
  private var blur: Double?
  /// The levels that did not help, one after another.
  private var stagnation = 0

  /// Where a search has ended.
  struct Result {
    let point: SinkhornFixedPoint
    /// What was tried, and the last of it.
    let regularizations: [Double]
    let regularization: Double
    /// What was proved.
    let costBounds: ProvedBounds
    /// Whether the bracket is as narrow as is wanted, here or in a coarser problem.
    let isNarrow: Bool
    /// The regularisation and the marginal error at which it is or should be.
    let estimate: Double
    let tolerance: Double
    /// The width of the last bracket but for the repair of the marginals, in units of ε.
    let blur: Double?
  }

  /// The search for all points of a problem.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  init(
    _ solver: AdaptiveSinkhornSolver, _ problem: TransportProblem, _ progress: ProgressHandler?
  ) throws(SolverError) {
    try self.init(
      solver, problem, tolerance: solver.marginalTolerance ?? Self.tolerance(solver.relativeWidth),
      downTo: nil, merging: 0, progress)
  }

  private init(
    _ solver: AdaptiveSinkhornSolver, _ problem: TransportProblem, tolerance: Double,
    downTo least: Double?, merging: Double, _ progress: ProgressHandler?
  ) throws(SolverError) {
    self.solver = solver
    self.problem = problem
    self.least = least
    self.merging = merging
    self.progress = progress
    self.tolerance = tolerance
    let unit = problem.pairCosts.unit
    estimate = Self.firstRegularization.own(in: unit).stated(in: unit)
    let loops = solver.loops
    if loops.isShared {
      try loops.check([
        solver.relativeWidth, solver.threshold ?? -1, solver.marginalTolerance ?? -1,
        Double(solver.maximumIterations),
      ])
    }
    kernels = try KernelKind(problem, loops)
  }

  // MARK: The search

  /// Runs the search.
  ///
  /// - Throws: `SolverError`: `goalNotReached` and `cancelled`, with the bracket that was reached.
  mutating func result() throws(SolverError) -> Result {
    try startFromMergedClouds()
    if !isKnown { try startFromCheapestPlan() }
    // What costs little may be all that is needed, as for equal measures.
    if least == nil, let quick = problem.quickBracket() { bounds = quick.costBounds }
    while true {
      let regularization = max(estimate, least ?? 0)
      let point = try fixedPoint(regularization)
      tried.append(regularization)
      var isNarrow = least != nil && isKnown
      if !isNarrow {
        isNarrow = try prove(point, regularization)
      }
      if isNarrow || regularization <= least ?? 0 {
        return Result(
          point: point, regularizations: tried, regularization: regularization, costBounds: bounds,
          isNarrow: isNarrow, estimate: estimate, tolerance: tolerance, blur: blur)
      }
      start = SinkhornStart(point)
    }
  }

  /// Searches with clouds of fewer points first, where there are many: the least cost and the blur of the plan
  /// depend little on their number, so that what is enough for them is about enough for all.
  private mutating func startFromMergedClouds() throws(SolverError) {
    guard let coarse = try CoarseProblem(of: problem, kernels.blocks) else { return }
    var search = try RegularizationSearch(
      solver, coarse.problem, tolerance: CoarseProblem.tolerance(for: tolerance),
      downTo: coarse.finestRegularization, merging: merging + coarse.mergingCost,
      progress.forAnotherProblem)
    let found = try SinkhornStart.finding { () throws(SolverError) in
      let result = try search.result()
      return (result, try coarse.start(from: result.point))
    }
    guard let (result, start) = found else { return }
    self.start = start
    estimate = result.estimate
    tolerance = min(tolerance, CoarseProblem.wantedTolerance(of: result.tolerance))
    blur = result.blur
    isKnown = result.isNarrow
  }

  /// Starts many points from a cheapest plan where the regularisation will be too small for merged clouds to tell.
  ///
  /// With its cost known the blur of merged clouds also tells about what regularisation is enough. Not for p = 1,
  /// for which the network simplex takes many times as long.
  private mutating func startFromCheapestPlan() throws(SolverError) {
    guard kernels.blocks != nil, problem.exponent > 1 else { return }
    let found = try SinkhornStart.finding { () throws(SolverError) in
      try solver.loops.together([]) { () throws(SolverError) in
        try NetworkSimplex().solve(problem, progress: progress.forAnotherProblem)
      }
    }
    guard let solution = found else { return }
    if let blur, blur > 0 {
      let wanted = solver.relativeWidth * (solution.cost + merging)
      estimate = min(estimate, (1 - Self.repairPart) * wanted / blur)
    }
    start = SinkhornStart(solution, at: max(estimate, least ?? 0))
  }

  private func fixedPoint(_ regularization: Double) throws(SolverError) -> SinkhornFixedPoint {
    do throws(SolverError) {
      return try solver.fixed(regularization, tolerance).fixedPoint(
        problem, kernels, from: start, bracket: bounds, progress: progress)
    } catch {
      guard case .notConverged(_, let reason) = error else { throw error }
      throw notReached(reason)
    }
  }

  // MARK: Proofs

  /// Proves the bracket of a fixed point and decides with what to go on.
  ///
  /// - Returns: whether what is proved is narrow enough.
  private mutating func prove(
    _ point: SinkhornFixedPoint, _ regularization: Double
  ) throws(SolverError) -> Bool {
    try progress.report(.provingBracket(.regularization(regularization)))
    let found = try EntropicBracket(problem: problem, point: point).prove(progress: progress)
    let former = bounds
    bounds = bounds.intersection(found.costBounds)
    try progress.report(.bracketProved, costBounds: bounds)
    estimate = regularization
    blur = (found.costBounds.width - found.repairCost) / regularization
    guard !isEnough else { return true }
    let isBetter = bounds.width <= Self.leastImprovement * former.width
    stagnation = isBetter ? 0 : stagnation + 1
    guard stagnation < Self.fruitlessLevels else {
      throw notReached(
        "lower regularizations, down to \(regularization.twoDigits), no longer narrow the "
          + "bracket; the network simplex is exact.")
    }
    // A bracket that must decide about a threshold inside it has to become much narrower.
    let wanted = min(
      solver.relativeWidth * (bounds.upper + merging), isWide ? .infinity : bounds.width / 4)
    let next = next(wanted: wanted, width: found.costBounds.width, found.repairCost)
    estimate *= next.factor
    tolerance = next.tolerance
    return false
  }

  private var isWide: Bool { bounds.width > solver.relativeWidth * (bounds.upper + merging) }

  /// Whether the bracket is as narrow as is wanted and, for all points, decides about the threshold.
  private var isEnough: Bool {
    guard !isWide else { return false }
    guard least == nil, let threshold = solver.threshold else { return true }
    return GateVerdict(of: bounds.root(problem.exponent), threshold: threshold) != .undecided
  }

  private func notReached(_ reason: String) -> SolverError {
    .goalNotReached(
      solver: solver.name, reason: reason,
      bracket: PartialBracket(
        costBounds: bounds, origin: "the last potentials of Sinkhorn's iteration")
    )
  }

  /// By how much to lower the regularisation after a bracket that is too wide, and the next marginal
  /// error: each for its own part of the width.
  private func next(
    wanted: Double, width: Double, _ repairCost: Double
  ) -> (factor: Double, tolerance: Double) {
    func factor(_ ratio: Double) -> Double {
      min(max(ratio * (0.65 + 0.25 * ratio), 1.0 / 30), 0.9)
    }
    guard solver.marginalTolerance == nil, repairCost > Self.repairPart * wanted else {
      return (factor(wanted / width), tolerance)
    }
    let finer = max(
      tolerance * max(Self.repairPart / 2 * (wanted / repairCost), 1.0 / 64), Self.leastTolerance)
    let blur = width - repairCost
    let isBlurred = blur > (1 - Self.repairPart) * wanted || finer == tolerance
    return (isBlurred ? factor(wanted / max(blur, wanted)) : 1, finer)
  }

  /// The marginal error at which a level stops. What is missing is mostly found nearby, at a cost not
  /// far above the mean, so that a fiftieth of the wanted width does as a first try.
  private static func tolerance(_ relativeWidth: Double) -> Double {
    min(max(0.02 * relativeWidth, finestTolerance), coarsestTolerance)
  }

  /// The part of the wanted width that the repair of the marginals may take.
  private static let repairPart = 0.2

  /// The marginal errors between which the first level may stop.
  static let finestTolerance = 1e-6
  private static let coarsestTolerance = 1e-2
  /// Below this no marginal error is asked for; rounding forbids most of what comes before.
  private static let leastTolerance = 1e-13

  /// A level that leaves more than this part of the width does not help; after so many, none will.
  private static let leastImprovement = 0.95
  private static let fruitlessLevels = 4

  /// The first level, about a thousandth of the largest cost: rarely too small for what is wanted, and from
  /// there the second level is mostly the last.
  private static let firstRegularization = Regularization.relative(0.001)
}
