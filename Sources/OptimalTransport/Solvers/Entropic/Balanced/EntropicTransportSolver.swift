/// A solver of entropic problems, which can also make their plans couplings.
public protocol EntropicTransportSolver: TransportSolver {
  /// Solves the entropic problem itself; no plan is stored.
  ///
  /// - Throws: `SolverError`.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  func solveEntropic(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> EntropicSolution

  /// The Sinkhorn divergence when the problem of the two measures is solved already, at the
  /// regularisation of that solution.
  ///
  /// - Throws: `SolverError`: `unsuitable` for a matrix or function cost, which does not say what a
  ///   move within one measure costs; `notConverged`, `cancelled`.
  /// - Complexity: O(n² + m²) time for each iteration, O(n + m) memory.
  func divergence(
    _ mixed: EntropicSolution, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornDivergence
}

extension EntropicTransportSolver {
  /// Solves the entropic problem itself; no plan is stored.
  ///
  /// - Throws: `SolverError`.
  public func solveEntropic(
    _ problem: TransportProblem
  ) throws(SolverError) -> EntropicSolution {
    try solveEntropic(problem, progress: nil)
  }

  /// The Sinkhorn divergence at the regularisation of a solution.
  ///
  /// - Throws: `SolverError`.
  public func divergence(_ mixed: EntropicSolution) throws(SolverError) -> SinkhornDivergence {
    try divergence(mixed, progress: nil)
  }

  /// The Sinkhorn divergence of a problem's measures.
  ///
  /// - Throws: `SolverError`, as for its two parts.
  /// - Complexity: O((n + m)²) time for each iteration, O(n + m) memory.
  public func divergence(
    _ problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) -> SinkhornDivergence {
    try divergence(try solveEntropic(problem, progress: progress), progress: progress)
  }
}
