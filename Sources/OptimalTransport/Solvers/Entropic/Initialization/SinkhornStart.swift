/// Potentials from which to start, found on coarser clouds or at a larger regularisation.
struct SinkhornStart: Sendable {
  /// One number for each source point, in the problem's own unit.
  let source: [Double]
  /// About the same for the target, which follows from the source.
  let target: [Double]
  /// The regularisation to which it belongs.
  let regularization: OwnRegularization
  let iterations: Int
}

extension SinkhornStart {
  /// The solution of the same problem at another regularisation.
  init<Step>(_ point: FixedPoint<Step>) {
    source = point.iteration.source
    target = point.iteration.target
    regularization = point.kernel.regularization
    iterations = point.iterations
  }

  /// The potentials of a cheapest plan, as the start at a regularisation so small that clouds of merged points do not
  /// tell them.
  ///
  /// Entropic potentials differ from these by the order of ε. Above all, how high the potentials of clusters stand
  /// that exchange little mass is already right; falling regularisations learn it only slowly once the kernel
  /// between the clusters has vanished. The plan is a cheapest one and not nearly so: plans whose bracket is 1 % wide
  /// lead to three times the iterations and more.
  ///
  /// - Parameters:
  ///   - solution: a cheapest plan and its potentials.
  ///   - regularization: where to start, in the unit of the cost; no larger ones lead there.
  init(_ solution: TransportSolution, at regularization: Double) {
    let unit = solution.problem.pairCosts.unit
    self.init(
      source: solution.potentials.source.map(unit.own),
      target: solution.potentials.target.map(unit.own),
      regularization: Regularization.absolute(regularization).own(in: unit), iterations: 0)
  }

  /// The start for a measure and itself at another regularisation, with f = g.
  ///
  /// f is −ε/2 times the logarithm of the blurred density, which hardly depends on ε.
  func symmetric(at other: OwnRegularization) -> [Double] {
    let ratio = other.value / regularization.value
    return source.map { $0 * ratio }
  }

  /// What is found on the way to a start; `nil` where nothing is, for a start is no more than a help.
  ///
  /// - Throws: `SolverError`: `cancelled`, without what was proved on the way, which is no bracket of the problem
  ///   itself, and what ends all work.
  static func finding<Result>(
    _ body: () throws(SolverError) -> Result
  ) throws(SolverError) -> Result? {
    do throws(SolverError) {
      return try body()
    } catch {
      if case .cancelled = error { throw .cancelled(nil) }
      if error.endsAllWork { throw error }
      return nil
    }
  }
}
