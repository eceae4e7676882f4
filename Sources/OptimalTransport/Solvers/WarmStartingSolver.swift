/// A solver that can start from the solution of a similar problem: the same masses, but other costs
/// or other positions.
public protocol WarmStartingSolver: TransportSolver {
  /// Solves a problem, starting from the solution of a similar one.
  ///
  /// The answer is as exact as that of a cold start; where the previous solution does not fit the
  /// problem, a cold start is what happens.
  ///
  /// - Throws: `SolverError`.
  func solve(
    _ problem: TransportProblem, from previous: TransportSolution, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution
}

extension WarmStartingSolver {
  /// Solves a problem, starting from the solution of a similar one.
  ///
  /// - Throws: `SolverError`.
  public func solve(
    _ problem: TransportProblem, from previous: TransportSolution
  ) throws(SolverError) -> TransportSolution {
    try solve(problem, from: previous, progress: nil)
  }
}
