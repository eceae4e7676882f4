/// What is known of the unregularised least cost when an unbalanced problem is not solved to its end.
extension UnbalancedSinkhornSolver {
  /// What the potentials of an iteration prove; `nil` where there is no time for it.
  func bracket(
    of iteration: SinkhornIteration, at level: Double, _ strength: Double,
    _ problem: TransportProblem
  ) -> PartialBracket? {
    let bounds = SolverWatch.finally { () throws(SolverError) -> ProvedBounds in
      let kernel = iteration.kernel(level)
      var iteration = iteration
      let first = try halfStep(.target, iteration, kernel, strength, 0, problem)
      iteration.target = first.potential
      let target = try halfStep(
        .target, iteration, kernel, strength, first.multiplier, problem)
      let source = try halfStep(
        .source, iteration, kernel, strength, first.multiplier, problem)
      return try UnbalancedSolution(
        problem: problem, solver: self,
        point: UnbalancedFixedPoint(
          iteration: iteration, kernel: kernel, source: source, target: target,
          multiplier: first.multiplier), iterations: 0
      ).unregularizedCostBounds()
    }
    return bounds.map {
      PartialBracket(costBounds: $0, origin: "the last potentials of the unbalanced iteration")
    }
  }
}
