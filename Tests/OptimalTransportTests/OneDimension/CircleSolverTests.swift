import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct CircleSolverTests {
  static let exponents = [1.0, 1.5, 2, 3]

  // MARK: Known answers

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
      judge(try circle(measure(x), measure(y), exponent), cost: cost, relativeTolerance: 1e-14)
      for _ in 0..<100 {
        let angle = 20 * generator.uniform() - 10
        let rotated = try circle(
          measure(x.map { $0 + angle }), measure(y.map { $0 + angle }), exponent)
        judge(rotated)
        #expect(abs(rotated.cost - cost) <= 1e-13)
      }
    }
  }

  /// Case E on positions, rotated. For p = 2 the mean over quantile midpoints is that of an analytic
  /// periodic function, right to rounding. For p = 1 the function is |δ sin(2πx)/(2π)|: at its kinks,
  /// where the density is 1 ± δ, the derivative by the quantile jumps by 2δ/(1 ± δ), and the mean is
  /// wrong by the sum of the jumps over 24n², to leading order.
  @Test(arguments: [100, 2000])
  func reproducesTheDensityWave(count: Int) throws {
    let delta = 0.5
    let (wave, uniform) = try densityWave(delta, count: count)
    let first = try measure(wave.coordinates.map { $0 + 0.7 })
    let second = try measure(uniform.coordinates.map { $0 + 0.7 })
    let mean = try circle(first, second, 1)
    judge(mean)
    let kinks = delta / (6 * Double(count * count) * (1 - delta * delta))
    #expect(abs(mean.cost - delta / (Double.pi * Double.pi) - kinks) <= 1e-2 * kinks)
    let squared = try circle(first, second, 2)
    judge(squared)
    let exact = delta / (2 * 2.0.squareRoot() * Double.pi)
    #expect(abs(squared.distance - exact) <= 1e-13 * exact)
  }

  // MARK: Oracles

  @Test(arguments: exponents)
  func agreesWithTheBestOfAllCuts(exponent: Double) throws {
    var generator = SeededGenerator(seed: 41)
    for round in 0..<120 {
      let (n, m, total) = (1 + round % 9, 1 + round % 7, 1 + round % 40)
      let length = [1, 0.3, 7][round % 3]
      let onLattice = round % 2 == 1
      func coordinate() -> Double {
        onLattice ? length * Double(generator.next() % 4) / 4 : length * generator.uniform()
      }
      let x = (0..<n).map { _ in coordinate() }
      let y = (0..<m).map { _ in coordinate() }
      let a = randomParts(of: total, count: n, &generator)
      let b = randomParts(of: total, count: m, &generator)
      let (first, second) = (unitPoints(x, a), unitPoints(y, b))
      let expected = cyclicCost(first, second, exponent, length: length)
      let solution = try circle(
        measure(x, a.map(Double.init)), measure(y, b.map(Double.init)), exponent, length: length)
      judge(solution, cost: expected, relativeTolerance: 1e-13, "round \(round)")
      if total <= 6 {
        let assigned = assignmentCost(first, second, exponent, axis: .circle(length: length))
        #expect(abs(assigned - expected) <= 1e-14 * expected)
      }
    }
  }

  @Test(arguments: MassFamily.allCases, exponents)
  func agreesWithTheNetworkSimplex(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 22)
    for (n, m, lattice) in [(1, 1, false), (1, 9, false), (30, 41, false), (25, 25, true)] {
      let problem = try TransportProblem(
        from: generator.measure(count: n, dimension: 1, masses: family, lattice: lattice),
        to: generator.measure(count: m, dimension: 1, masses: family, lattice: lattice),
        domain: ProductDomain([.circle(length: 1)]), exponent: exponent)
      let expected = try NetworkSimplex().solve(problem)
      judge(
        try CircleSolver().solve(problem), cost: expected.cost, relativeTolerance: 1e-12,
        "\(n) \(m) \(lattice)")
    }
  }

  /// The median and the search find shifts of the same cost.
  @Test(arguments: MassFamily.allCases)
  func theMedianAgreesWithTheSearch(family: MassFamily) throws {
    var generator = SeededGenerator(seed: 42)
    for lattice in [false, true] {
      for (n, m) in [(1, 1), (2, 5), (40, 40), (50, 31)] {
        let problem = try TransportProblem(
          from: generator.measure(count: n, dimension: 1, masses: family, lattice: lattice),
          to: generator.measure(count: m, dimension: 1, masses: family, lattice: lattice),
          domain: ProductDomain([.circle(length: 1)]), exponent: 1)
        let sorted = try OneDimensionalProblem(problem, onCircle: true, solver: "circle")
        let shifts = QuantileShift(sorted)
        let costs = try [shifts.median(), shifts.search().shift].map { shift in
          let (cut, potentials) = shifts.solution(at: shift)
          let plan = TransportPlan(
            merging: sorted.sources, from: sorted.sources.first(beyond: cut.sourceQuantile),
            with: sorted.targets, from: sorted.targets.first(beyond: cut.targetQuantile))
          let solution = try sorted.solution(
            method: "circle", plan: plan, potentials: potentials, sweeps: 1, stopwatch: Stopwatch())
          judge(solution)
          return solution.cost
        }
        #expect(abs(costs[0] - costs[1]) <= 1e-14, "\(n) \(m) \(lattice)")
      }
    }
  }

  // MARK: Laws

  @Test(arguments: MassFamily.allCases, exponents)
  func obeysTheLaws(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 43)
    let (n, m) = (60, 47)
    let x = (0..<n).map { _ in generator.uniform() }
    let y = (0..<m).map { _ in generator.uniform() * generator.uniform() }
    let (a, b) = (generator.masses(family, count: n), generator.masses(family, count: m))
    let solution = try circle(measure(x, a), measure(y, b), exponent)
    judge(solution)
    let cost = solution.cost
    judge(try circle(measure(y, b), measure(x, a), exponent), cost: cost, "swapped")
    judge(
      try circle(measure(x.reversed(), a.reversed()), measure(y, b), exponent), cost: cost,
      "relabelled")
    judge(
      try circle(measure(x.map { -$0 }, a), measure(y.map { -$0 }, b), exponent), cost: cost,
      "mirrored")
    judge(
      try circle(
        measure(x.map { $0 * 3e7 }, a), measure(y.map { $0 * 3e7 }, b), exponent, length: 3e7),
      cost: cost * power(3e7, exponent), "scaled")
    judge(
      try circle(measure(x + x, a.map { $0 / 4 } + a.map { $0 * 0.75 }), measure(y, b), exponent),
      cost: cost, "every point split in two")
    judge(try circle(measure(x, a), measure(x, a), exponent), cost: 0, "itself")
    for _ in 0..<100 {
      let angle = generator.uniform()
      let rotated = try circle(
        measure(x.map { $0 + angle }, a), measure(y.map { $0 + angle }, b), exponent)
      judge(rotated)
      #expect(abs(rotated.cost - cost) <= 1e-13, "rotated by \(angle)")
    }
  }

  /// On a very long circle nothing is gained by going round.
  @Test(arguments: exponents)
  func agreesWithTheLineOnALongCircle(exponent: Double) throws {
    var generator = SeededGenerator(seed: 44)
    let source = try generator.measure(count: 50, dimension: 1, masses: .random)
    let target = try generator.measure(count: 60, dimension: 1, masses: .random)
    judge(
      try circle(source, target, exponent, length: 4), cost: try line(source, target, exponent).cost
    )
  }

  @Test func usesTheOneAxisOfTheCost() throws {
    let source = try DiscreteMeasure(axes: [[9, 9], [0.25, 1.5], [5, 6]])
    let target = try DiscreteMeasure(axes: [[1, 2], [3.75, 1.5], [0, 0]])
    let problem = try TransportProblem(
      from: source, to: target, domain: ProductDomain([.line, .circle(length: 4), .line]),
      cost: .blocks([CostBlock(axes: 1..<2, weight: 8, exponent: 2)]), exponent: 2)
    judge(try CircleSolver().solve(problem), cost: 1)
  }

  // MARK: Hard input

  @Test(arguments: exponents)
  func survivesSymmetry(exponent: Double) throws {
    let half = power(0.5, exponent)
    let quarter = power(0.25, exponent)
    judge(try circle(measure([0]), measure([0.5]), exponent), cost: half)
    judge(try circle(measure([0.25]), measure([0.75, 0.75]), exponent), cost: half)
    judge(try circle(measure([0, 0.5]), measure([0.25, 0.75]), exponent), cost: quarter)
    judge(try circle(measure([0, 0.5]), measure([0.5, 0]), exponent), cost: 0)
    judge(try circle(measure([0.125]), measure([0.375, 0.875]), exponent), cost: quarter)
    let lattice = (0..<12).map { Double($0) / 12 }
    judge(try circle(measure(lattice), measure(lattice), exponent), cost: 0)
    judge(
      try circle(measure(lattice), measure(lattice.map { $0 + 1.0 / 24 }), exponent),
      cost: power(1.0 / 24, exponent), relativeTolerance: 1e-13)
  }

  @Test(arguments: exponents)
  func survivesExtremeNumbers(exponent: Double) throws {
    for scale in [1e-98, 1e-30, 1, 1e98] {
      judge(
        try circle(
          measure([0, 3 * scale], [1, 1e-300]), measure([9 * scale]), exponent, length: 10 * scale),
        cost: power(scale, exponent), "\(scale)")
    }
    judge(try circle(measure([0, 1e150]), measure([2e150]), 2, length: 3e150), cost: 1e300)
    judge(try circle(measure([0.7, 0.7]), measure([0.7]), exponent), cost: 0)
    judge(
      try circle(measure([0.25, 0.5, 0.875], [0, 1, 0]), measure([0.75, 0], [3, 0]), exponent),
      cost: power(0.25, exponent))
    judge(
      try circle(measure([0, 0, 0.5], [0, 0, 1]), measure([0, 0.25, 1], [0, 1, 0]), exponent),
      cost: power(0.25, exponent))
    let masses = (0..<300).map { power(10, -Double($0)) }
    let x = (0..<300).map { Double(($0 * 77) % 300) / 300 }
    let solution = try circle(measure(x, masses), measure(x, masses.reversed()), exponent)
    judge(solution)
    #expect(solution.plan.sourceMarginal(count: 300).allSatisfy { $0 > 0 })
    #expect(solution.plan.targetMarginal(count: 300).allSatisfy { $0 > 0 })
  }

  /// Neighbours on either side of the origin: cost, plan, potentials and bracket keep their relative
  /// precision when all points lie within a billionth of the circle, ties and points without mass
  /// included. Below the origin the coordinates are multiples of 2^-53, so that one turn can be added
  /// to them exactly; above it they are not, so that the long way round is rounded.
  @Test(arguments: MassFamily.allCases, exponents)
  func keepsRelativePrecisionAcrossTheOrigin(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 45)
    func coordinate() -> Double {
      let value = (Double(generator.next() % 0x80_0000) - 0x1p22) * 0x1p-53
      return value < 0 ? value : 0.9 * value
    }
    for round in 0..<100 {
      let (n, m) = (1 + round % 7, 1 + round % 9)
      let (x, y) = ((0..<n).map { _ in coordinate() }, (0..<m).map { _ in coordinate() })
      let (a, b) = (generator.masses(family, count: n), generator.masses(family, count: m))
      func wrapped(_ value: Double) -> Double { value < 0 ? 1 + value : value }
      judge(
        try circle(measure(x.map(wrapped), a), measure(y.map(wrapped), b), exponent),
        cost: try line(measure(x, a), measure(y, b), exponent).cost)
    }
  }

  @Test(arguments: exponents)
  func solvesManyPoints(exponent: Double) throws {
    var generator = SeededGenerator(seed: 46)
    let tied = try generator.measure(count: 1000, dimension: 1, masses: .tied, lattice: true)
    judge(try circle(measure([0.3]), tied, exponent))
    judge(try circle(tied, measure([0.3]), exponent))
    let many = try generator.measure(count: 100_000, dimension: 1, masses: .random)
    let more = try generator.measure(count: 100_000, dimension: 1, masses: .withZeros)
    let solution = try circle(many, more, exponent)
    #expect(relativeWidth(solution) <= 1e-12)
    #expect(solution.effort.seconds < 5)
    // nm has 34 binary digits.
    #expect(solution.effort.iterations <= (exponent == 1 ? 1 : 45))
    judge(try circle(many, generator.measure(count: 200, dimension: 1, masses: .equal), exponent))
  }

  // MARK: Refusals

  @Test func refusesOtherProblems() throws {
    let plane = try DiscreteMeasure(axes: [[0, 1], [0, 1]])
    let points = try measure([0.1, 0.4])
    let torus = try ProductDomain([.circle(length: 1), .circle(length: 2)])
    let problems = [
      try TransportProblem(from: plane, to: plane, domain: torus, exponent: 2),
      try TransportProblem(from: points, to: points, exponent: 2),
      try TransportProblem(
        from: points, to: points, domain: ProductDomain([.circle(length: 1)]),
        cost: .blocks([CostBlock(axes: 0..<1, weight: 0, exponent: 1)]), exponent: 1),
      try TransportProblem(from: points, to: points, cost: .matrix([0, 1, 1, 0]), exponent: 2),
      try TransportProblem(
        from: points, to: points, domain: ProductDomain([.circle(length: 1)]), exponent: 257),
    ]
    for problem in problems {
      #expect(!(AutomaticSolver().choice(for: problem).solver is CircleSolver))
      #expect {
        try CircleSolver().solve(problem)
      } throws: { error in
        guard case .unsuitable("circle", _)? = error as? SolverError else { return false }
        return true
      }
    }
  }
}
