/// Exact transport on the line for every p ≥ 1: the points in order, quantile by quantile.
///
/// The monotone plan is optimal for a convex cost of the difference. Its cells, with steps through
/// points without mass and ties taken either way, form a staircase through the matrix c_ij of
/// the sorted points; since that matrix has the Monge property, the potentials that make the steps
/// of *any* staircase tight are feasible for all pairs. Source: A. J. Hoffman, "On simple linear
/// programming problems", Proc. Symp. Pure Math. 7 (1963), doi:10.1090/pspum/007.
public struct LineSolver: TransportSolver {
  /// A line solver.
  public init() {}

  /// "line".
  public var name: String { "line" }

  /// Solves a problem whose cost depends on exactly one coordinate, which is not periodic.
  ///
  /// - Throws: `SolverError.unsuitable` for any other problem or an exponent of the cost above 256,
  ///   `SolverError.tooLarge` for 2³¹ points or more, `SolverError.cancelled`.
  /// - Complexity: O((n + m) log(n + m)), the proof over all pairs included.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let stopwatch = Stopwatch()
    return try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      try progress.report(.sorting)
      let line = try OneDimensionalProblem(problem, onCircle: false, solver: name)
      try progress.report(.mergingQuantiles)
      try progress.report(.certifying)
      return try line.solution(
        method: name, plan: TransportPlan(merging: line.sources, with: line.targets),
        potentials: potentials(line), sweeps: 1, stopwatch: stopwatch)
    }
  }

  /// g along the staircase: where it steps from one target to the next beside source i, g grows by
  /// the difference of their costs from i.
  private func potentials(_ line: OneDimensionalProblem) -> [Double] {
    let (sources, targets) = (line.sources, line.targetSupport)
    var potential = CompensatedSum()
    var result = [0.0]
    result.reserveCapacity(targets.count)
    var i = 0
    for j in 0..<targets.count - 1 {
      while sources.quantiles[i] < targets.quantiles[j] { i += 1 }
      let x = sources.coordinates[i]
      potential.add(line.cost(x, targets.coordinates[j + 1]))
      potential.add(-line.cost(x, targets.coordinates[j]))
      result.append(potential.value)
    }
    return result
  }
}
