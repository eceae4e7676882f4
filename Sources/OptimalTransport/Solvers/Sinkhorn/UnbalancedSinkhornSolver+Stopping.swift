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

  /// The cost of moving nothing, or of moving the given mass as dearly as can be.
  func trivialBracket(_ problem: TransportProblem) -> PartialBracket {
    // A few roundings of the sum and the product.
    let slack = 1 + 8 * Double.ulpOfOne
    let upper =
      switch relaxation {
      case .kullbackLeibler(let strength), .totalVariation(let strength):
        strength * (problem.source.rawMass + problem.target.rawMass) * slack
      case .movedMass(let mass):
        (mass * slack * 1.0625).scaled(by: problem.pairCosts.unitExponent)
      }
    return PartialBracket(
      costBounds: ProvedBounds(lower: 0, upper: upper),
      origin: "the cost of leaving all mass, or of the longest ways")
  }
}
