import Dispatch

/// Exact transport on the line for every p ≥ 1: the points in order, quantile by quantile.
public struct LineSolver: TransportSolver {
  /// A line solver.
  public init() {}

  /// "line".
  public var name: String { "line" }

  /// Solves a problem whose cost depends on one coordinate on a line.
  ///
  /// - Throws: `SolverError.unsuitable` for any other problem.
  /// - Complexity: O((n + m) log(n + m)), the proof over all pairs included.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let start = DispatchTime.now().uptimeNanoseconds
    try progress.report("sorting")
    return try OneDimensionalSolution(problem, periodic: false, solver: name).solve(
      method: name, seconds: { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }
    ) { sources, targets, _, _ in (sources, targets) }
  }
}
