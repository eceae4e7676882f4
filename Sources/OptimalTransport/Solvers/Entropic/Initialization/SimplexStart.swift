extension SinkhornStart {
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
}
