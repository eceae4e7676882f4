/// Picks the exact solver that fits a problem best, and says why.
public struct AutomaticSolver: WarmStartingSolver {
  /// What is wanted of the bracket of the distance.
  public let goal: BracketGoal

  /// An automatic solver.
  ///
  /// - Parameter goal: see `NetworkSimplex.init(goal:)`; the solvers of one dimension are exact in any
  ///   case.
  public init(goal: BracketGoal) {
    self.goal = goal
  }

  /// An automatic solver that may stop at a bracket.
  ///
  /// - Parameter tolerance: the relative width of the distance's bracket that is asked for; 0 for an
  ///   optimal plan.
  public init(tolerance: Double = 0) {
    self.init(goal: BracketGoal(relativeWidth: tolerance))
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
      NetworkSimplex(goal: goal),
      goal.isExact
        ? "exact for any cost, in memory that grows with the number of points"
        : "for any cost, to any accuracy, in memory that grows with the number of points"
    )
  }

  /// Solves a problem with the solver of `choice(for:)`; the solution carries the reason.
  ///
  /// - Throws: `SolverError`.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let (solver, reason) = choice(for: problem)
    var solution = try solver.solve(problem, progress: progress)
    solution.choice = reason
    return solution
  }

  /// Solves a problem, starting from the solution of a similar one where the picked solver can.
  ///
  /// - Throws: `SolverError`.
  public func solve(
    _ problem: TransportProblem, from previous: TransportSolution, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let (solver, reason) = choice(for: problem)
    var solution =
      if let warm = solver as? any WarmStartingSolver {
        try warm.solve(problem, from: previous, progress: progress)
      } else {
        try solver.solve(problem, progress: progress)
      }
    solution.choice = reason
    return solution
  }
}
