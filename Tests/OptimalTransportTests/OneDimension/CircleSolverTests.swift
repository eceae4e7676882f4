import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct CircleSolverTests {
  private func circle(
    _ x: [Double], masses a: [Double]? = nil, to y: [Double], masses b: [Double]? = nil,
    exponent: Double,
    length: Double = 1
  ) throws -> TransportSolution {
    try CircleSolver().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [x], masses: a), to: DiscreteMeasure(axes: [y], masses: b),
        domain: Domain([.circle(length: length)]), exponent: exponent))
  }

  /// The known figures, each under 100 random rotations of both measures: the same to 1e-13.
  @Test func reproducesTheKnownFiguresUnderRotation() throws {
    let cases: [(x: [Double], y: [Double], exponent: Double, cost: Double)] = [
      ([0.1], [0.9], 1, 0.2),
      ([0.2, 0.5, 0.8], [0.4, 0.5, 0.7], 1, 0.1),
      ([0.2, 0.5, 0.8], [0.4, 0.5, 0.7], 2, 1.0 / 60),
      ([0.6], [0.2, 0.5, 0.4, 0.9, 0.3, 0.9], 1, 4.0 / 15),
    ]
    var generator = SeededGenerator(seed: 5)
    for (x, y, exponent, cost) in cases {
      for _ in 0..<100 {
        let angle = generator.uniform()
        let solution = try circle(
          x.map { $0 + angle }, to: y.map { $0 + angle }, exponent: exponent)
        judge(solution)
        #expect(abs(solution.cost - cost) < 1e-13)
      }
    }
  }

  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func agreesWithTheNetworkSimplex(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 22)
    for (n, m, lattice) in [(1, 1, false), (1, 9, false), (30, 41, false), (25, 25, true)] {
      let source = try generator.measure(count: n, dimension: 1, masses: family, lattice: lattice)
      let target = try generator.measure(count: m, dimension: 1, masses: family, lattice: lattice)
      let problem = try TransportProblem(
        from: source, to: target, domain: Domain([.circle(length: 1)]), exponent: exponent)
      let expected = try NetworkSimplex().solve(problem)
      judge(
        try CircleSolver().solve(problem), cost: expected.cost, relativeTolerance: 1e-12,
        "\(n) \(m) \(lattice)")
    }
  }

  @Test func survivesSymmetricAndExtremeInput() throws {
    // Antipodal points: every plan is as good as its mirror image.
    judge(try circle([0], to: [0.5], exponent: 2), cost: 0.25)
    judge(try circle([0, 0.5], to: [0.25, 0.75], exponent: 1), cost: 0.25)
    let lattice = (0..<12).map { Double($0) / 12 }
    judge(
      try circle(lattice, to: lattice.map { $0 + 1.0 / 24 }, exponent: 2), cost: 1.0 / 576,
      relativeTolerance: 1e-11)
    judge(try circle(lattice, to: lattice, exponent: 3), cost: 0)
    judge(
      try circle([0, 3e100], masses: [1, 1e-300], to: [9e100], exponent: 1, length: 1e101),
      cost: 1e100)
    judge(try circle([0.2, 0.4, 0.9], masses: [0, 1, 0], to: [0.7], exponent: 1), cost: 0.3)
  }

  @Test func staysFastForManyPoints() throws {
    var generator = SeededGenerator(seed: 23)
    let source = try generator.measure(count: 50_000, dimension: 1, masses: .random)
    let target = try generator.measure(count: 30_000, dimension: 1, masses: .random)
    let solution = try CircleSolver().solve(
      TransportProblem(
        from: source, to: target, domain: Domain([.circle(length: 1)]), exponent: 2))
    #expect(solution.bounds.relativeWidth < 1e-8)
  }
}
