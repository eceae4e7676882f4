import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct LineSolverTests {
  static let exponents = [1.0, 1.5, 2, 3]

  // MARK: Known answers

  @Test func reproducesTheKnownFigures() throws {
    judge(try line(measure([0, 1], [3, 1]), measure([0]), 1), cost: 0.25)
    judge(
      try line(
        measure([3.4, 3.9, 7.5, 7.8], [1.4, 0.9, 3.1, 7.2]), measure([4.5, 1.4], [3.2, 3.5]), 1),
      cost: 4.078133143804786, relativeTolerance: 4e-16)
  }

  /// Case E on positions. For p = 2 the mean over quantile midpoints is that of an analytic
  /// periodic function, right to rounding. For p = 1 the function is |δ sin(2πx)/(2π)|: at its kinks,
  /// where the density is 1 ± δ, the derivative by the quantile jumps by 2δ/(1 ± δ), and the mean is
  /// wrong by the sum of the jumps over 24n², to leading order.
  @Test(arguments: [100, 2000])
  func reproducesTheDensityWave(count: Int) throws {
    let delta = 0.5
    let (wave, uniform) = try densityWave(delta, count: count)
    let mean = try line(wave, uniform, 1)
    judge(mean)
    let kinks = delta / (6 * Double(count * count) * (1 - delta * delta))
    #expect(abs(mean.cost - delta / (Double.pi * Double.pi) - kinks) <= 1e-2 * kinks)
    let second = try line(wave, uniform, 2)
    judge(second)
    let exact = delta / (2 * 2.0.squareRoot() * Double.pi)
    #expect(abs(second.distance - exact) <= 1e-13 * exact)
  }

  @Test(arguments: exponents)
  func translationCostsItsLength(exponent: Double) throws {
    var generator = SeededGenerator(seed: 31)
    let coordinates = (0..<40).map { _ in generator.uniform() }
    let masses = generator.masses(.random, count: 40)
    for shift in [0.25, -3, 1000] {
      let solution = try line(
        measure(coordinates, masses), measure(coordinates.map { $0 + shift }, masses), exponent)
      // The shifted coordinates are rounded: 2^-53 · 1000 · p relative to the cost.
      judge(solution, cost: power(abs(shift), exponent), relativeTolerance: 1e-12)
    }
  }

  // MARK: Oracles

  @Test(arguments: exponents)
  func agreesWithOrderedUnitPoints(exponent: Double) throws {
    var generator = SeededGenerator(seed: 32)
    for round in 0..<60 {
      let (n, m, total) = (1 + round % 9, 1 + round % 7, 1 + round % 40)
      let x = (0..<n).map { _ in round % 2 == 0 ? generator.uniform() : Double(generator.next() % 4)
      }
      let y = (0..<m).map { _ in round % 2 == 0 ? generator.uniform() : Double(generator.next() % 4)
      }
      let a = randomParts(of: total, count: n, &generator)
      let b = randomParts(of: total, count: m, &generator)
      let expected = orderedCost(unitPoints(x, a), unitPoints(y, b), exponent)
      let solution = try line(
        measure(x, a.map(Double.init)), measure(y, b.map(Double.init)), exponent)
      judge(solution, cost: expected, relativeTolerance: 1e-13, "round \(round)")
      if total <= 6 {
        let assigned = assignmentCost(unitPoints(x, a), unitPoints(y, b), exponent, axis: .line)
        #expect(abs(assigned - expected) <= 1e-14 * expected)
      }
    }
  }

  @Test(arguments: MassFamily.allCases, exponents)
  func agreesWithTheNetworkSimplex(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 21)
    for (n, m, lattice) in [(1, 1, false), (1, 9, false), (30, 41, false), (25, 25, true)] {
      let problem = try TransportProblem(
        from: generator.measure(count: n, dimension: 1, masses: family, lattice: lattice),
        to: generator.measure(count: m, dimension: 1, masses: family, lattice: lattice),
        exponent: exponent)
      let expected = try NetworkSimplex().solve(problem)
      judge(
        try LineSolver().solve(problem), cost: expected.cost, relativeTolerance: 1e-12,
        "\(n) \(m) \(lattice)")
    }
  }

  // MARK: Laws

  @Test(arguments: MassFamily.allCases, exponents)
  func obeysTheLaws(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 33)
    let (n, m) = (60, 47)
    let x = (0..<n).map { _ in generator.uniform() }
    let y = (0..<m).map { _ in generator.uniform() + 0.1 }
    let (a, b) = (generator.masses(family, count: n), generator.masses(family, count: m))
    let solution = try line(measure(x, a), measure(y, b), exponent)
    judge(solution)
    let cost = solution.cost
    judge(try line(measure(y, b), measure(x, a), exponent), cost: cost, "swapped")
    judge(try line(measure(x.reversed(), a.reversed()), measure(y, b), exponent), cost: cost)
    judge(
      try line(measure(x.map { -$0 }, a), measure(y.map { -$0 }, b), exponent), cost: cost,
      "mirrored")
    judge(
      try line(measure(x, a.map { $0 * 1e30 }), measure(y, b.map { $0 / 7 }), exponent), cost: cost,
      "other units of mass")
    // Sums with 10 are rounded by 2^-50, a hundred times less than 1e-12 of the mean distance.
    judge(
      try line(measure(x.map { $0 + 10 }, a), measure(y.map { $0 + 10 }, b), exponent), cost: cost,
      relativeTolerance: 1e-12, "translated")
    judge(
      try line(measure(x.map { $0 * 3e7 }, a), measure(y.map { $0 * 3e7 }, b), exponent),
      cost: cost * power(3e7, exponent), "scaled")
    judge(
      try line(measure(x + x, a.map { $0 / 4 } + a.map { $0 * 0.75 }), measure(y, b), exponent),
      cost: cost, "every point split in two")
    judge(try line(measure(x, a), measure(x, a), exponent), cost: 0, "itself")
  }

  @Test func usesTheOneAxisOfTheCost() throws {
    let source = try DiscreteMeasure(axes: [[9, 9, 0], [0, 1, 2], [5, 6, 7]])
    let target = try DiscreteMeasure(axes: [[1, 2, 3], [4, 3, 2], [0, 0, 0]])
    let problem = try TransportProblem(
      from: source, to: target, domain: ProductDomain([.circle(length: 3), .line, .line]),
      cost: .blocks([
        CostBlock(axes: 0..<1, weight: 0, exponent: 2),
        CostBlock(axes: 1..<2, weight: 3, exponent: 4),
      ]), exponent: 2)
    judge(try LineSolver().solve(problem), cost: 48)
  }

  // MARK: Hard input

  @Test(arguments: exponents)
  func survivesExtremeNumbers(exponent: Double) throws {
    // 1e98 to the third power is near the largest scale that a cost may have.
    for scale in [1e-98, 1e-30, 1, 1e98] {
      let expected = (power(2, exponent) / 2 + power(3, exponent) / 2) * power(scale, exponent)
      judge(
        try line(
          measure([0, scale], [1, 1e-300]), measure([2 * scale, 3 * scale], [1, 1]), exponent),
        cost: expected, "\(scale)")
    }
    judge(try line(measure([0, 1e150]), measure([1e150, 2e150]), 2), cost: 1e300)
    judge(try line(measure([0, 1e-150]), measure([1e-150, 2e-150]), 2), cost: 1e-300)
    judge(try line(measure([5, 5, 5]), measure([5]), exponent), cost: 0)
    judge(try line(measure([5]), measure([5]), exponent), cost: 0)
    judge(
      try line(measure([1, 2, 3], [0, 7, 0]), measure([4, 5], [2, 0]), exponent),
      cost: power(2, exponent))
    judge(
      try line(measure([-1, 0, 1, 2], [0, 0, 1, 0]), measure([-2, 1, 5], [0, 1, 0]), exponent),
      cost: 0)
  }

  /// Masses from 1 down to the least double: each point has its entry in the plan.
  @Test(arguments: exponents)
  func keepsTinyMasses(exponent: Double) throws {
    let masses = (0..<300).map { power(10, -Double($0)) }
    let x = (0..<300).map { Double(($0 * 77) % 300) }
    let solution = try line(
      measure(x, masses), measure(x.map { $0 + 0.5 }, masses.reversed()), exponent)
    judge(solution)
    let leaving = solution.plan.sourceMarginal(count: 300)
    for (mass, expected) in zip(leaving, solution.problem.source.masses) {
      // The integer masses are exact to 2^-89, the sums that meet in one entry to as much.
      #expect(mass > 0 && abs(mass - expected) <= 1e-15 * expected + 1e-26)
    }
  }

  /// A mass far below the integers' resolution alone decides the cost.
  @Test func movesTinyMassesExactly() throws {
    let solution = try line(measure([0, 1], [1, 1e-20]), measure([0]), 1)
    judge(solution, cost: 1e-20)
  }

  @Test(arguments: exponents)
  func solvesManyPoints(exponent: Double) throws {
    var generator = SeededGenerator(seed: 34)
    let many = try generator.measure(count: 100_000, dimension: 1, masses: .random)
    let tied = try generator.measure(count: 1000, dimension: 1, masses: .tied, lattice: true)
    judge(try line(measure([0.3]), tied, exponent))
    judge(try line(tied, measure([0.3]), exponent))
    let more = try generator.measure(count: 100_000, dimension: 1, masses: .withZeros)
    let solution = try line(many, more, exponent)
    #expect(relativeWidth(solution) <= 1e-12)
    #expect(solution.effort.seconds < 3)
    judge(try line(many, generator.measure(count: 200, dimension: 1, masses: .equal), exponent))
  }

  // MARK: Refusals

  @Test func refusesOtherProblems() throws {
    let plane = try DiscreteMeasure(axes: [[0, 1], [0, 1]])
    let points = try measure([0.1, 0.4])
    let problems = [
      try TransportProblem(from: plane, to: plane, exponent: 2),
      try TransportProblem(
        from: plane, to: plane,
        cost: .blocks([CostBlock(axes: 0..<1, exponent: 1), CostBlock(axes: 1..<2, exponent: 1)]),
        exponent: 1),
      try TransportProblem(
        from: points, to: points, cost: .blocks([CostBlock(axes: 0..<1, weight: 0, exponent: 1)]),
        exponent: 1),
      try TransportProblem(
        from: points, to: points, domain: ProductDomain([.circle(length: 1)]), exponent: 2),
      try TransportProblem(from: points, to: points, cost: .matrix([0, 1, 1, 0]), exponent: 2),
      try TransportProblem(from: points, to: points, exponent: 257),
    ]
    for problem in problems {
      #expect(!(AutomaticSolver().choice(for: problem).solver is LineSolver))
      #expect {
        try LineSolver().solve(problem)
      } throws: { error in
        guard case .unsuitable("line", _)? = error as? SolverError else { return false }
        return true
      }
    }
    stopped {
      try LineSolver().solve(TransportProblem(from: points, to: points, exponent: 2)) { _ in false }
    }
  }
}
