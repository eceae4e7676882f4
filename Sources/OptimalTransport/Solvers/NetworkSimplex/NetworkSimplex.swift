/// Exact optimal transport by the primal network simplex method, for any cost and any masses.
///
/// Costs are computed when they are needed and never stored as a matrix. The simplex method works on
/// a short list of candidate arcs; a search over all pairs then either finds arcs that improve the
/// solution, which join the list, or proves that there are none. Block costs are solved from coarse
/// clusters to the points themselves and searched with trees, other costs with sweeps over all
/// pairs. Flows are integers, so the plan's marginals are exact. Memory grows like n + m.
///
/// The answer does not depend on the number of processors.
public struct NetworkSimplex: WarmStartingSolver {
  /// What is wanted of the bracket of the distance, and with that when the solver may stop.
  public let goal: BracketGoal
  /// The candidate arcs sought for each point before the simplex method starts.
  let candidatesPerPoint: Int
  /// The improving arcs that a search over all pairs may add for each point.
  let violationsPerPoint: Int

  /// A solver.
  ///
  /// - Parameter goal: the solver stops as soon as it has proved a bracket of the distance W that
  ///   meets it, or when the plan is optimal.
  public init(goal: BracketGoal) {
    self.init(goal: goal, candidatesPerPoint: 8, violationsPerPoint: 4)
  }

  /// A solver that may stop at a bracket.
  ///
  /// - Parameter tolerance: the solver stops as soon as it has proved (upper − lower) / upper ≤
  ///   tolerance for the distance W; 0 asks for an optimal plan.
  public init(tolerance: Double = 0) {
    self.init(goal: BracketGoal(relativeWidth: tolerance))
  }

  init(goal: BracketGoal = .exact, candidatesPerPoint: Int, violationsPerPoint: Int) {
    self.goal = goal
    self.candidatesPerPoint = candidatesPerPoint
    self.violationsPerPoint = violationsPerPoint
  }

  /// "network simplex".
  public var name: String { "network simplex" }

  /// The candidate arcs sought for each point on coarse levels.
  static let coarseCandidatesPerPoint = 5
  /// How many points the coarsest level has at most.
  static let coarsestPoints = 64
  /// Up to this many pairs all arcs are stored where there is no geometry.
  static let densePairs = 1 << 14
  /// Up to this many pairs there are no levels, and all arcs are stored.
  static let flatPairs = 1 << 13

  /// The most points of both measures together. Places in lists of arcs are 32-bit numbers, and a
  /// search for candidates may list sixteen arcs for each point.
  public static let largestPointCount = Int(Int32.max) / 16

  /// Solves a problem, exactly unless the goal is less.
  ///
  /// - Throws: `SolverError.cancelled`, `SolverError.badOption` for an impossible goal, or
  ///   `SolverError.tooLarge` for more than `largestPointCount` points, and where the arcs that matter
  ///   become more than 2³¹ on the way.
  /// - Complexity: in practice little more than O((n + m) log(n + m)) pivots of O(√(n + m)) each
  ///   for block costs in few dimensions.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    try solve(problem, basis: nil, progress: progress)
  }

  /// Solves a problem from the basis of a solution with the same numbers of points and the same
  /// masses; starts afresh where that basis is not feasible.
  ///
  /// - Throws: `SolverError.cancelled`.
  public func solve(
    _ problem: TransportProblem, from previous: TransportSolution, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let fits =
      previous.problem.source.count == problem.source.count
      && previous.problem.target.count == problem.target.count
    return try solve(problem, basis: fits ? previous.basis : nil, progress: progress)
  }

  private func solve(
    _ problem: TransportProblem, basis: SpanningBasis?, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    try goal.check()
    try Self.check(pointCount: problem.source.count + problem.target.count)
    let stopwatch = Stopwatch()
    let outcome = try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      if basis == nil, let start = AssignmentStart(problem) {
        return try SimplexRun.flat(problem, start.masses, solver: self).solve(
          from: start, progress: progress)
      }
      let masses = PerturbedMasses(source: problem.source, target: problem.target)
      try SolverWatch.check()
      let run: SimplexRun
      if let geometry = problem.pairCosts.geometry, problem.pairCount > Self.flatPairs {
        run = try SimplexRun.multilevel(problem, geometry, masses, solver: self)
      } else {
        run = SimplexRun.flat(problem, masses, solver: self)
      }
      return try run.solve(from: basis, progress: progress)
    }
    let certificates = outcome.potentials.map {
      Certificate(problem: problem, transformed: $0.source, targetPotentials: $0.target)
    }
    var certificate = certificates[0]
    for other in certificates where other.lower > certificate.lower { certificate = other }
    var effort = outcome.effort
    let plan = TransportPlan(basis: outcome.basis, flows: outcome.masses, problem: problem)
    effort.seconds = stopwatch.seconds
    return TransportSolution(
      problem: problem, method: name, ending: outcome.ending, plan: plan, certificate: certificate,
      effort: effort, basis: outcome.basis)
  }

  /// - Throws: `SolverError.tooLarge` for so many points that places of arcs would overflow.
  static func check(pointCount: Int) throws(SolverError) {
    guard pointCount <= largestPointCount else {
      throw .tooLarge(
        solver: "network simplex",
        reason: "the measures have \(pointCount) points together, and it takes up to "
          + "\(largestPointCount).")
    }
  }
}
