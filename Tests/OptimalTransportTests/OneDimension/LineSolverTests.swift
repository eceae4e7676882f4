import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct LineSolverTests {
  private func line(
    _ x: [Double], masses a: [Double]? = nil, to y: [Double], masses b: [Double]? = nil,
    exponent: Double
  ) throws -> TransportSolution {
    try LineSolver().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [x], masses: a), to: DiscreteMeasure(axes: [y], masses: b),
        exponent: exponent))
  }

  @Test func reproducesTheKnownFigures() throws {
    judge(try line([0, 1], masses: [3, 1], to: [0], exponent: 1), cost: 0.25)
    let solution = try line(
      [3.4, 3.9, 7.5, 7.8], masses: [1.4, 0.9, 3.1, 7.2], to: [4.5, 1.4], masses: [3.2, 3.5],
      exponent: 1)
    judge(solution, cost: 4.078133143804786, relativeTolerance: 4e-16)
  }

  /// A density wave against the uniform density as quantile lattices (case E): the error of the
  /// lattice is O(1/n²) in the cost.
  @Test func reproducesTheDensityWave() throws {
    let n = 4000
    let delta = 0.5
    let uniform = (0..<n).map { (Double($0) + 0.5) / Double(n) }
    let wave = uniform.map { quantile in
      // Newton's method for x + δ sin(2πx)/(2π) = quantile.
      var x = quantile
      for _ in 0..<60 {
        let angle = 2 * Double.pi * x
        x -= (x + delta * sine(angle) / (2 * .pi) - quantile) / (1 + delta * cosine(angle))
      }
      return x
    }
    let first = try line(wave, to: uniform, exponent: 1)
    judge(first, cost: delta / (Double.pi * Double.pi), relativeTolerance: 1e-6)
    let second = try line(wave, to: uniform, exponent: 2)
    #expect(abs(second.distance - delta / (2 * 2.0.squareRoot() * .pi)) < 1e-6)
  }

  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func agreesWithTheNetworkSimplex(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 21)
    for (n, m, lattice) in [(1, 1, false), (1, 9, false), (30, 41, false), (25, 25, true)] {
      let source = try generator.measure(count: n, dimension: 1, masses: family, lattice: lattice)
      let target = try generator.measure(count: m, dimension: 1, masses: family, lattice: lattice)
      let problem = try TransportProblem(from: source, to: target, exponent: exponent)
      let expected = try NetworkSimplex().solve(problem)
      judge(
        try LineSolver().solve(problem), cost: expected.cost, relativeTolerance: 1e-12,
        "\(n) \(m) \(lattice)")
    }
  }

  @Test func survivesExtremeNumbers() throws {
    for scale in [1e-140, 1, 1e140] {
      let solution = try line(
        [0, scale], masses: [1e-300, 1], to: [2 * scale, 3 * scale], masses: [1, 1], exponent: 2)
      judge(solution, cost: 2.5 * scale * scale)
    }
    judge(try line([5, 5, 5], to: [5], exponent: 3), cost: 0)
    judge(try line([1, 2], masses: [0, 7], to: [4], exponent: 1), cost: 2)
    var generator = SeededGenerator(seed: 2)
    let many = try generator.measure(count: 100_000, dimension: 1, masses: .random)
    let more = try generator.measure(count: 70_000, dimension: 1, masses: .random)
    let solution = try LineSolver().solve(TransportProblem(from: many, to: more, exponent: 2))
    #expect(solution.bounds.relativeWidth < 1e-8)
    #expect(solution.effort.seconds < 20)
  }

  @Test func refusesOtherProblems() throws {
    let plane = try DiscreteMeasure(axes: [[0, 1], [0, 1]])
    #expect(throws: SolverError.self) {
      try LineSolver().solve(TransportProblem(from: plane, to: plane, exponent: 2))
    }
    let circle = try Domain([.circle(length: 1)])
    let points = try DiscreteMeasure(axes: [[0.1, 0.4]])
    #expect(throws: SolverError.self) {
      try LineSolver().solve(
        TransportProblem(from: points, to: points, domain: circle, exponent: 2))
    }
  }
}
