/// Picks the exact solver that fits a problem best, and says why.
public struct AutomaticSolver: WarmStartingSolver {
  /// The relative width of the distance's bracket that is asked for; 0 for an optimal plan.
  public let tolerance: Double

  /// An automatic solver.
  ///
  /// - Parameter tolerance: see `NetworkSimplex.init(tolerance:)`; the solvers of one dimension are
  ///   exact in any case.
  public init(tolerance: Double = 0) {
    self.tolerance = tolerance
  }

  /// "automatic"; solutions carry the name of the solver that was picked.
  public var name: String { "automatic" }

  /// The solver for a problem and the reason for it, in a phrase.
  public func choice(
    for problem: TransportProblem
  ) -> (solver: any TransportSolver, reason: String) {
    if OneDimensionalProblem.accepts(problem, onCircle: true) {
      return (
        CircleSolver(), "the cost depends on one periodic coordinate: exact by the best cut"
      )
    }
    if OneDimensionalProblem.accepts(problem, onCircle: false) {
      return (LineSolver(), "the cost depends on one coordinate on a line: exact by sorting")
    }
    return (
      NetworkSimplex(tolerance: tolerance),
      tolerance > 0
        ? "any cost, to the tolerance that was asked for"
        : "exact for any cost, in memory that grows with the number of points"
    )
  }

  /// Solves a problem with the solver of `choice(for:)`.
  ///
  /// - Throws: `SolverError`.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    try choice(for: problem).solver.solve(problem, progress: progress)
  }

  /// Solves a problem, starting from the solution of a similar one where the picked solver can.
  ///
  /// - Throws: `SolverError`.
  public func solve(
    _ problem: TransportProblem, from previous: TransportSolution, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let solver = choice(for: problem).solver
    guard let warm = solver as? any WarmStartingSolver else {
      return try solver.solve(problem, progress: progress)
    }
    return try warm.solve(problem, from: previous, progress: progress)
  }
}
