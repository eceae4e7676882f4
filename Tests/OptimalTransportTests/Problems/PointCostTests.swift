import OptimalTransport
import TestSupport
import Testing

/// Costs that are functions of two points.
@Suite struct PointCostTests {
  private func clouds() throws -> (DiscreteMeasure, DiscreteMeasure) {
    var generator = SeededGenerator(seed: 5)
    func cloud(_ count: Int) throws -> DiscreteMeasure {
      try DiscreteMeasure(
        axes: (0..<2).map { _ in (0..<count).map { _ in generator.uniform() } },
        masses: (0..<count).map { _ in 0.5 + generator.uniform() })
    }
    return (try cloud(30), try cloud(20))
  }

  @Test func agreesWithTheSameCostInBlocks() throws {
    let (source, target) = try clouds()
    let own = try TransportProblem(from: source, to: target, exponent: 2) { x, y in
      (x[0] - y[0]) * (x[0] - y[0]) + (x[1] - y[1]) * (x[1] - y[1])
    }
    let blocks = try TransportProblem(from: source, to: target, exponent: 2)
    let solution = try NetworkSimplex().solve(own)
    judge(solution)
    let wanted = try NetworkSimplex().solve(blocks)
    #expect(abs(solution.cost - wanted.cost) <= 1e-14 * wanted.cost)
    #expect(abs(solution.distance - wanted.distance) <= 1e-14 * wanted.distance)
  }

  @Test(arguments: [Double.nan, -1, .infinity])
  func impossibleCostsAreTold(cost: Double) throws {
    let (source, target) = try clouds()
    let error = #expect(throws: ProblemError.self) {
      try TransportProblem(from: source, to: target) { x, y in x[0] > 0.5 ? cost : 1 }
    }
    #expect("\(error, default: "")".hasSuffix("."))
  }
}
