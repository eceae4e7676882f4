/// What the solutions of all transport problems tell, exact, entropic, unbalanced and partial ones.
public protocol SolvedTransport: Sendable {
  /// The problem that was solved.
  var problem: TransportProblem { get }
  /// The name of the solver.
  var method: String { get }
  /// Why this solver, or its regularization, was chosen, in a phrase; `nil` where the caller chose.
  var choice: String? { get }
  /// A potential for each point of both measures, in the unit of the ground cost.
  var potentials: Potentials { get }
  /// What solving took.
  var effort: SolverEffort { get }
}

extension TransportSolution: SolvedTransport {}
