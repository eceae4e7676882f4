import TestSupport
import Testing

@testable import OptimalTransport

/// The coupling behind the bracket that needs no solver is made in parts that are summed.
@Suite struct QuickBracketMassTests {
  /// Where every move costs 1, any coupling costs 1: mass that a part loses, or moves twice, shows. What
  /// may differ is the model of rounding, some 1e-15, and masses below 2^-89, of which there are none.
  @Test(arguments: [(1, 1), (1, 40), (3, 2), (7, 9), (8, 8), (100, 33), (33, 100), (500, 700)])
  func movesAllMassOnce(n: Int, m: Int) throws {
    var generator = SeededGenerator(seed: 73)
    for family in MassFamily.allCases {
      let problem = try TransportProblem(
        from: generator.measure(count: n, dimension: 1, masses: family),
        to: generator.measure(count: m, dimension: 1, masses: family)
      ) { _, _ in 1 }
      let bounds = try #require(problem.quickBracket()).costBounds
      #expect(bounds.upper >= 1 && bounds.upper < 1 + 1e-14, "\(family): \(bounds)")
    }
  }
}
