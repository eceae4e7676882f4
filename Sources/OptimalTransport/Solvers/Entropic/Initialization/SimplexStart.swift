extension SinkhornStart {
  /// The potentials of a plan that is nearly the cheapest, as the start at any small regularisation.
  ///
  /// Entropic potentials differ from those of the least cost by the order of ε. Above all, how high the potentials
  /// of clusters stand that exchange little mass is already right; falling regularisations learn it only slowly
  /// once the kernel between the clusters has vanished. A bracket within a hundredth of the distance is enough: a
  /// better one costs more and saves no iterations.
  ///
  /// - Parameter problem: one with points in blocks.
  /// - Returns: `nil` where the network simplex finds no plan.
  /// - Throws: `SolverError.cancelled`.
  static func simplex(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornStart? {
    do throws(SolverError) {
      let solution = try NetworkSimplex(tolerance: Self.simplexTolerance)
        .solve(problem, progress: progress)
      let unit = problem.pairCosts.unit
      return SinkhornStart(
        source: solution.potentials.source.map(unit.own),
        target: solution.potentials.target.map(unit.own), regularization: OwnRegularization(0),
        iterations: 0)
    } catch {
      if case .cancelled = error { throw error }
      return nil
    }
  }

  /// The same potentials as the start at a regularisation, in the unit of the cost, from which no larger ones lead
  /// there.
  func at(_ regularization: Double, in problem: TransportProblem) -> SinkhornStart {
    SinkhornStart(
      source: source, target: target,
      regularization: Regularization.absolute(regularization).own(in: problem.pairCosts.unit),
      iterations: iterations)
  }

  /// The relative width of the bracket of the distance at which the network simplex stops.
  private static let simplexTolerance = 0.01
}
