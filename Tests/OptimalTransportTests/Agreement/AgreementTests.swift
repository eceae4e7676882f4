import TestSupport
import Testing

@testable import OptimalTransport

/// Two solvers that share no step of the optimisation must agree on everything that can be posed.
@Suite struct AgreementTests {
  /// One random problem, and what it is.
  private static func problem(
    _ generator: inout SeededGenerator, _ index: Int, counts: ClosedRange<Int>
  ) throws -> (problem: TransportProblem, description: String) {
    let dimension = 1 + index % 3
    let exponent = Double(1 + index / 3 % 3)
    let family = MassFamily.allCases[index / 9 % 4]
    func pick<Choice>(_ choices: [Choice]) -> Choice {
      choices[Int(generator.next() % UInt64(choices.count))]
    }
    let isLattice = generator.next() % 4 == 0
    let (form, blocks): (String, [CostBlock])
    switch (dimension, pick([0, 1, 2])) {
    case (1, _), (_, 0):
      (form, blocks) = (
        "joint", [CostBlock(axes: 0..<dimension, weight: 1, exponent: exponent)]
      )
    case (_, let kind):
      let weight = kind == 1 ? 1 : pick([0.05, 3, 100])
      (form, blocks) = (
        kind == 1 ? "split" : "anisotropic \(weight)",
        [
          CostBlock(axes: 0..<1, weight: weight, exponent: exponent),
          CostBlock(axes: 1..<dimension, weight: 1, exponent: exponent),
        ]
      )
    }
    let circles = pick(["free", "periodic", "mixed"])
    let axes = (0..<dimension).map { axis -> Axis in
      circles == "periodic" || (circles == "mixed" && axis == 0) ? .circle(length: 1) : .line
    }
    // Now and then both measures hold the same points, some of them twice.
    let repeatsPoints = generator.next() % 4 == 0
    func count() -> Int {
      let count = counts.lowerBound + Int(generator.next() % UInt64(counts.count))
      return repeatsPoints ? (count + 1) / 2 : count
    }
    var source = try generator.measure(
      count: count(), dimension: dimension, masses: family,
      lattice: isLattice)
    var target = try generator.measure(
      count: count(), dimension: dimension, masses: family,
      lattice: isLattice)
    if repeatsPoints {
      let points = (0..<source.count).map { source.point($0) }
      source = try DiscreteMeasure(
        points: points + points, masses: generator.masses(family, count: 2 * points.count))
      target = try DiscreteMeasure(
        points: points + (0..<target.count).map { target.point($0) },
        masses: generator.masses(family, count: points.count + target.count))
    }
    let problem = try TransportProblem(
      from: source, to: target, domain: Domain(axes), cost: .blocks(blocks), exponent: exponent)
    return (
      problem,
      "problem \(index): d = \(dimension), p = \(exponent), \(form), \(circles), \(family), "
        + "\(source.count) × \(target.count)\(isLattice ? ", lattice" : "")"
        + (repeatsPoints ? ", repeated points" : "")
    )
  }

  /// Compares the solvers on random problems and says where they differ most.
  private func compare(seed: UInt64, problems: Int, counts: ClosedRange<Int>) throws {
    var generator = SeededGenerator(seed: seed)
    var worst = (disagreement: 0.0, description: "")
    var widest = (width: 0.0, description: "")
    for index in 0..<problems {
      let (problem, description) = try Self.problem(&generator, index, counts: counts)
      let network = try NetworkSimplex().solve(problem)
      let program = try LinearProgramSolver().solve(problem)
      judge(network, "\(description)")
      judge(program, "\(description)")
      let disagreement = abs(network.cost - program.cost) / max(network.cost, program.cost, 1e-300)
      #expect(disagreement <= 1e-10, "\(description)")
      // Each proves its own bracket of the same number.
      #expect(network.bounds.lower <= program.bounds.upper, "\(description)")
      #expect(program.bounds.lower <= network.bounds.upper, "\(description)")
      if disagreement > worst.disagreement { worst = (disagreement, description) }
      let width = program.bounds.relativeWidth
      if width > widest.width { widest = (width, description) }
    }
    print("\(problems) problems: worst disagreement \(worst.disagreement), \(worst.description)")
    print("widest bracket of the linear program \(widest.width), \(widest.description)")
  }

  @Test func solversAgreeOnSmallProblems() throws {
    try compare(seed: 2026, problems: 200, counts: 1...40)
  }

  /// Beyond the size up to which the network simplex stores all arcs: levels, trees, searches.
  @Test func solversAgreeOnLargerProblems() throws {
    #expect(NetworkSimplex.densePairs < 130 * 130)
    try compare(seed: 2027, problems: 12, counts: 130...140)
  }

  /// Costs that no geometry stands behind, with many ties among them.
  @Test func solversAgreeOnMatrices() throws {
    var generator = SeededGenerator(seed: 2028)
    for index in 0..<40 {
      let family = MassFamily.allCases[index % 4]
      let source = try generator.measure(
        count: 1 + Int(generator.next() % 30), dimension: 1, masses: family)
      let target = try generator.measure(
        count: 1 + Int(generator.next() % 30), dimension: 1, masses: family)
      let hasTies = index % 3 == 0
      let costs = (0..<source.count * target.count).map { _ in
        hasTies ? Double(generator.next() % 4) : generator.uniform()
      }
      let problem = try TransportProblem(
        from: source, to: target, cost: .matrix(costs), exponent: 1)
      let network = try NetworkSimplex().solve(problem)
      judge(network, "matrix \(index)")
      // A least cost of 0 is found as 0 up to the rounding of the masses.
      let program = try LinearProgramSolver().solve(problem)
      judge(program, "matrix \(index)")
      #expect(abs(network.cost - program.cost) <= 1e-10 * network.cost + 1e-15, "matrix \(index)")
    }
  }
}
