/// Exact transport on the circle for every p ≥ 1: the best cut, and from there as on the line.
///
/// The answer is the same, to rounding, when both measures are rotated.
public struct CircleSolver: TransportSolver {
  /// A circle solver.
  public init() {}

  /// "circle".
  public var name: String { "circle" }

  /// Solves a problem whose cost depends on exactly one coordinate, which is periodic.
  ///
  /// - Throws: `SolverError.unsuitable` for any other problem or an exponent of the cost above 256,
  ///   `SolverError.tooLarge` for 2³¹ points or more, `SolverError.cancelled`.
  /// - Complexity: O((n + m) log(n + m)) for p = 1, the proof over all pairs included. Otherwise
  ///   the search adds at most 90 merges of the sorted points, for the 90 bits of an integer mass;
  ///   in practice about as many as nm has binary digits, and fewer when masses are equal.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      try progress.report(.sorting)
      let circle = try OneDimensionalProblem(problem, onCircle: true, solver: name)
      try progress.report(.searchingCut)
      let shifts = QuantileShift(circle)
      let (shift, sweeps) =
        circle.cost.exponent == 1 ? (try shifts.median(), 1) : try shifts.search()
      let (cut, potentials) = shifts.solution(at: shift)
      try progress.report(.mergingQuantiles)
      let plan = TransportPlan(
        merging: circle.sources, from: circle.sources.first(beyond: cut.sourceQuantile),
        with: circle.targets, from: circle.targets.first(beyond: cut.targetQuantile))
      try progress.report(.certifying)
      return try circle.solution(
        method: name, plan: plan, potentials: potentials, sweeps: sweeps, stopwatch: stopwatch)
    }
  }
}
