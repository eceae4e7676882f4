import OptimalTransport
import TestSupport
import Testing

/// The dual cost of partial transport is a bound only for potentials in [−τ, τ].
@Suite struct PartialDualTests {
  /// Loosely converged, with accelerated iterates on the way: the dual stays below the least total
  /// cost, for which the cost of any plan stands; here the best of all tolerances.
  @Test func dualIsALowerBound() throws {
    var generator = SeededGenerator(seed: 9)
    func points() -> [Double] {
      (0..<Int.random(in: 2...25, using: &generator)).map { _ in
        Double.random(in: 0..<1, using: &generator)
      }
    }
    var solved = 0
    for round in 0..<90 {
      let (x, y) = (points(), points().map { $0 + 0.3 })
      let problem = try TransportProblem(
        from: DiscreteMeasure(
          axes: [x], masses: x.map { _ in Double.random(in: 0..<1, using: &generator) }),
        to: DiscreteMeasure(
          axes: [y], masses: y.map { _ in Double.random(in: 0..<1, using: &generator) }),
        exponent: 2)
      let strength = [0.003, 0.02, 0.1][round % 3]
      let regularization = [0.0003, 0.003, 0.03][round / 3 % 3]
      var (least, duals) = (Double.infinity, [Double]())
      for tolerance in [1e-1, 1e-2, 1e-4, 1e-6] {
        let solver = UnbalancedSinkhornSolver(
          regularization: regularization, relaxation: .totalVariation(strength: strength),
          tolerance: tolerance)
        guard let solution = try? solver.solve(problem) else { continue }
        solved += 1
        let potentials = solution.potentials.source + solution.potentials.target
        #expect(potentials.allSatisfy { abs($0) <= strength })
        least = min(least, solution.totalCost)
        duals.append(solution.dualCost)
      }
      let rounding = 1e-13 * (problem.source.rawMass + problem.target.rawMass)
      #expect(duals.allSatisfy { $0 <= least + rounding })
    }
    #expect(solved >= 350)
  }
}
