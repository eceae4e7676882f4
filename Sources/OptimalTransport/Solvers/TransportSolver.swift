/// A configured method that solves transport problems.
public protocol TransportSolver: Sendable {
  /// A short name, which the solution carries.
  var name: String { get }

  /// Solves a problem, or throws; nothing half-done is returned.
  ///
  /// - Parameters:
  ///   - problem: what to solve.
  ///   - progress: is told now and then how far the work has come, and may stop it.
  /// - Throws: `SolverError`.
  func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution
}

extension TransportSolver {
  /// Solves a problem, or throws; nothing half-done is returned.
  ///
  /// - Throws: `SolverError`.
  public func solve(_ problem: TransportProblem) throws(SolverError) -> TransportSolution {
    try solve(problem, progress: nil)
  }
}
