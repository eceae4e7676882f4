import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct NetworkSimplexTests {
  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func closesTheBracketOnSmallProblems(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 7)
    for (n, m, dimension) in [(1, 1, 1), (1, 7, 2), (5, 5, 1), (12, 9, 2), (30, 40, 3)] {
      for lattice in [false, true] {
        let problem = try TransportProblem(
          from: generator.measure(
            count: n, dimension: dimension, masses: family, lattice: lattice),
          to: generator.measure(count: m, dimension: dimension, masses: family, lattice: lattice),
          exponent: exponent)
        judge(try NetworkSimplex().solve(problem), "\(n) \(m) \(dimension) \(lattice)")
      }
    }
  }

  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func closesTheBracketFromCoarseToFine(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 11)
    for (n, m, dimension) in [(300, 300, 2), (1000, 700, 2), (20, 3000, 3), (1500, 1, 1)] {
      let axes = (0..<dimension).map { $0 == 0 ? Axis.circle(length: 1) : .line }
      let problem = try TransportProblem(
        from: generator.measure(count: n, dimension: dimension, masses: family),
        to: generator.measure(count: m, dimension: dimension, masses: family),
        domain: Domain(axes), exponent: exponent)
      judge(try NetworkSimplex().solve(problem), "\(n) \(m) \(dimension)")
    }
  }

  /// The potentials of the optimal tree are far larger than the cost here, and so are their rounding
  /// errors: the bracket closes only with smaller potentials.
  @Test(arguments: [1.0, 2.0], [100, 2000])
  func closesTheBracketOfNearlyCoincidentClouds(exponent: Double, count: Int) throws {
    var generator = SeededGenerator(seed: 17)
    for noise in [1e-2, 1e-4, 1e-6, 1e-9] {
      let axes = (0..<2).map { _ in (0..<count).map { _ in generator.uniform() } }
      let moved = axes.map { $0.map { $0 + noise * generator.uniform() } }
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: axes), to: DiscreteMeasure(axes: moved), exponent: exponent)
      let solution = try NetworkSimplex().solve(problem)
      judge(solution)
      #expect(solution.bounds.relativeWidth <= 1e-12, "noise \(noise)")
      #expect(solution.cost > 0 && solution.distance <= noise * 2.0.squareRoot())
    }
  }
}
