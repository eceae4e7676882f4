import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// The parts of what an entropic plan costs, beside a sum over all pairs by the definition.
@Suite struct EntropicPartsTests {
  private func measures(_ counts: [Int]) throws -> [PhaseSpaceMeasure] {
    var generator = SeededGenerator(seed: 5)
    let box = try ProductDomain([.circle(length: 1), .line])
    return try counts.map { count in
      func column() -> [Double] { (0..<count).map { _ in generator.uniform() } }
      return try PhaseSpaceMeasure(
        positions: [column(), column()], velocities: [column(), column()],
        masses: (0..<count).map { _ in 0.5 + generator.uniform() }, box: box)
    }
  }

  /// The plan of the potentials, entry by entry, and its parts as of any plan.
  private func expected(
    _ metric: KineticMetric, _ solution: EntropicSolution, _ pair: [PhaseSpaceMeasure]
  ) throws -> CostParts {
    let problem = solution.problem
    let (f, g) = (solution.potentials.source, solution.potentials.target)
    var entries: [(i: Int32, j: Int32, mass: Double)] = []
    for i in f.indices {
      for j in g.indices {
        let cost = problem.pairCosts.cost(i, j).scaled(by: problem.pairCosts.unitExponent)
        let exponent = (f[i] + g[j] - cost) / solution.regularization
        guard exponent > -60 else { continue }
        let mass = problem.source.masses[i] * problem.target.masses[j] * exponential(exponent)
        entries.append((Int32(i), Int32(j), mass))
      }
    }
    return metric.partCosts(
      TransportPlan(
        sources: entries.map(\.i), targets: entries.map(\.j), masses: entries.map(\.mass)),
      from: pair[0], to: pair[1])
  }

  /// e^x by halving, without a library.
  private func exponential(_ x: Double) -> Double {
    let small = x / 0x1p12
    var value = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)))
    for _ in 0..<12 { value *= value }
    return value
  }

  /// Few pairs, and so many that those which do not matter are left out.
  @Test(arguments: [[30, 40], [1010, 1000]])
  func partsAreThoseOfThePlan(counts: [Int]) throws {
    let pair = try measures(counts)
    for (form, exponent) in [
      (KineticMetric.Form.split, 2.0), (.split, 1), (.joint, 1), (.joint, 3),
    ] {
      let metric = try KineticMetric(
        exponent: exponent, form: form, positionWeight: 2, velocityWeight: 0.5)
      let distance = try metric.entropicDistance(
        from: pair[0], to: pair[1],
        solver: SinkhornSolver(regularization: 0.05, marginalTolerance: 1e-4))
      let parts = try #require(distance.costParts)
      let expected = try expected(metric, distance.solution, pair)
      let cost = distance.solution.transportCost
      #expect(abs(parts.position + parts.velocity - cost) < 1e-9 * cost, "\(metric.summary)")
      #expect(abs(parts.position - expected.position) < 1e-8 * cost, "\(metric.summary)")
      #expect(abs(parts.velocity - expected.velocity) < 1e-8 * cost, "\(metric.summary)")
    }
    let positions = try KineticMetric().entropicDistance(
      from: pair[0], to: pair[1], space: .position,
      solver: SinkhornSolver(regularization: 0.1))
    #expect(positions.costParts == nil)
  }

  @Test func partsOfRelaxedProblems() throws {
    let pair = try measures([30, 40])
    let metric = try KineticMetric(exponent: 1, form: .joint)
    let problem = try metric.problem(from: pair[0], to: pair[1])
    for relaxation in [MarginalRelaxation.kullbackLeibler(strength: 1), .movedMass(5)] {
      let solution = try UnbalancedSinkhornSolver(regularization: 0.05, relaxation: relaxation)
        .solve(problem)
      let parts = try #require(try metric.costParts(of: solution, from: pair[0]))
      #expect(parts.position > 0 && parts.velocity > 0)
      #expect(
        abs(parts.position + parts.velocity - solution.transportCost)
          < 1e-9 * solution.transportCost)
    }
  }
}
