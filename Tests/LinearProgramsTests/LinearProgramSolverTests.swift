import TestSupport
import Testing

@testable import LinearPrograms
@testable import OptimalTransport

@Suite(.enabled(if: LinearProgramSolver.isAvailable)) struct LinearProgramSolverTests {
  private let simplex = LinearProgramSolver()
  private let interior = LinearProgramSolver(method: .interiorPoint)

  /// A problem with its known cost.
  private func problem(
    _ x: [[Double]], masses a: [Double]? = nil, to y: [[Double]], masses b: [Double]? = nil,
    circle: Double? = nil, exponent: Double
  ) throws -> TransportProblem {
    let axis = circle.map { CoordinateAxis.circle(length: $0) } ?? .line
    return try TransportProblem(
      from: DiscreteMeasure(points: x, masses: a), to: DiscreteMeasure(points: y, masses: b),
      domain: ProductDomain(Array(repeating: axis, count: x[0].count)), exponent: exponent)
  }

  @Test func reproducesTheKnownFigures() throws {
    let cases: [(TransportProblem, Double)] = [
      (try problem([[0], [1]], masses: [3, 1], to: [[0]], exponent: 1), 0.25),
      (
        try problem(
          [[3.4], [3.9], [7.5], [7.8]], masses: [1.4, 0.9, 3.1, 7.2], to: [[4.5], [1.4]],
          masses: [3.2, 3.5], exponent: 1), 4.078133143804786
      ),
      (
        try problem(
          [[0, 2, 3], [1, 2, 5]], to: [[3, 2, 3], [4, 2, 5]], exponent: 1), 3
      ),
      (try problem([[0.1]], to: [[0.9]], circle: 1, exponent: 1), 0.2),
      (
        try problem([[0.2], [0.5], [0.8]], to: [[0.4], [0.5], [0.7]], circle: 1, exponent: 1), 0.1
      ),
      (
        try problem([[0.2], [0.5], [0.8]], to: [[0.4], [0.5], [0.7]], circle: 1, exponent: 2),
        1.0 / 60
      ),
      (
        try problem(
          [[0.6]], to: [[0.2], [0.5], [0.4], [0.9], [0.3], [0.9]], circle: 1, exponent: 1), 4.0 / 15
      ),
    ]
    for (problem, cost) in cases {
      judge(try simplex.solve(problem), cost: cost, relativeTolerance: 2e-15)
      judge(
        try interior.solve(problem), closedTo: 1e-6, cost: cost, relativeTolerance: 1e-6)
    }
  }

  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func closesTheBracket(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 31)
    for (n, m, dimension) in [(1, 1, 1), (1, 7, 2), (7, 1, 1), (5, 5, 1), (12, 9, 2), (30, 40, 3)] {
      for lattice in [false, true] {
        let problem = try TransportProblem(
          from: generator.measure(
            count: n, dimension: dimension, masses: family, lattice: lattice),
          to: generator.measure(count: m, dimension: dimension, masses: family, lattice: lattice),
          exponent: exponent)
        let solution = try simplex.solve(problem)
        judge(solution, "\(n) \(m) \(dimension) \(lattice)")
        let approximate = try interior.solve(problem)
        judge(approximate, closedTo: 1e-6, "\(n) \(m) \(dimension) \(lattice)")
        #expect(approximate.costBounds.upper >= solution.costBounds.lower)
        #expect(approximate.costBounds.lower <= solution.costBounds.upper)
      }
    }
  }

  /// The cheapest of all permutations, for a matrix and for the same costs as a function.
  @Test func findsTheBestPermutation() throws {
    var generator = SeededGenerator(seed: 5)
    let points = try DiscreteMeasure(axes: [[0, 0, 0, 0, 0]])
    for _ in 0..<10 {
      let costs = (0..<25).map { _ in generator.uniform() }
      var best = Double.infinity
      func search(_ row: Int, _ used: Set<Int>, _ sum: Double) {
        if row == 5 { best = min(best, sum / 5) }
        for column in 0..<5 where row < 5 && !used.contains(column) {
          search(row + 1, used.union([column]), sum + costs[row * 5 + column])
        }
      }
      search(0, [], 0)
      for cost in [GroundCost.matrix(costs), .function { costs[$0 * 5 + $1] }] {
        let problem = try TransportProblem(from: points, to: points, cost: cost, exponent: 1)
        judge(try simplex.solve(problem), cost: best, relativeTolerance: 1e-14)
        judge(
          try interior.solve(problem), closedTo: 1e-6, cost: best, relativeTolerance: 1e-6)
      }
    }
  }

  /// Masses far below the tolerances of double precision still arrive whole.
  @Test func carriesTinyMassesExactly() throws {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<10 {
      let masses = (0..<2).map { _ in
        (0..<12).map { _ in (generator.uniform() + 0.1).scaled(by: -Int(generator.next() % 45)) }
      }
      let axes = (0..<4).map { _ in (0..<12).map { _ in generator.uniform() } }
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: Array(axes[..<2]), masses: masses[0]),
        to: DiscreteMeasure(axes: Array(axes[2...]), masses: masses[1]), exponent: 2)
      let solution = try simplex.solve(problem)
      judge(solution)
      // The least mass is above 4e-16, and integer masses are counted in units of 2^-88.
      for (sum, mass) in zip(solution.plan.sourceMarginal(count: 12), problem.source.masses) {
        #expect(abs(sum - mass) <= 1e-11 * mass)
      }
      for (sum, mass) in zip(solution.plan.targetMarginal(count: 12), problem.target.masses) {
        #expect(abs(sum - mass) <= 1e-11 * mass)
      }
    }
  }

  /// Masses below GLPK's tolerance may stay out of its basis; the arcs that complete the basis would
  /// carry a negative flow here. The plan is repaired, and the bracket still holds.
  @Test func repairsWhatGLPKTolerates() throws {
    let tiny = 1e-13
    let problem = try problem(
      [[0], [1], [2]], masses: [1, tiny, 3 * tiny], to: [[0], [2], [1]],
      masses: [1, 3 * tiny, tiny], exponent: 1)
    let solution = try simplex.solve(problem)
    judge(solution, closedTo: nil)
    // The tolerance 1e-12 for each of four tiny masses, at the largest cost 2; the least cost is 0.
    #expect(solution.costBounds.lower == 0 && solution.costBounds.upper <= 8e-12)
    #expect(try solution.verify().marginalError <= 1e-15)
  }

  /// Two clouds that nearly coincide, where the potentials of a basis can be far larger than the cost
  /// and hide it: GLPK's bases are forests, and each tree has its own small potentials.
  @Test(arguments: [1.0, 2, 3])
  func resolvesTinyDistances(exponent: Double) throws {
    var generator = SeededGenerator(seed: 3)
    for noise in [1e-1, 1e-3, 1e-6, 1e-9] {
      let axes = (0..<2).map { _ in (0..<60).map { _ in generator.uniform() } }
      let moved = axes.map { $0.map { $0 + noise * generator.uniform() } }
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: axes), to: DiscreteMeasure(axes: moved), exponent: exponent)
      let solution = try simplex.solve(problem)
      judge(solution)
      #expect(solution.costBounds.relativeWidth <= 1e-12)
      // Nothing moves farther than the longest shift.
      #expect(solution.cost > 0 && solution.distance <= noise * 2.0.squareRoot())
    }
  }

  @Test func survivesExtremeNumbers() throws {
    for scale in [1e-140, 1, 1e140] {
      let problem = try problem(
        [[0], [scale]], masses: [1e-300, 1], to: [[2 * scale], [3 * scale]], exponent: 2)
      judge(try simplex.solve(problem), cost: 2.5 * scale * scale)
      judge(
        try interior.solve(problem), closedTo: 1e-6, cost: 2.5 * scale * scale,
        relativeTolerance: 1e-6)
    }
    judge(try simplex.solve(problem([[5], [5], [5]], to: [[5]], exponent: 3)), cost: 0)
    judge(
      try simplex.solve(problem([[1], [2]], masses: [0, 7], to: [[4]], exponent: 1)), cost: 2)
  }

  @Test func refusesWhatIsTooLarge() throws {
    let many = try DiscreteMeasure(axes: [(0..<513).map { Double($0) }])
    let problem = try TransportProblem(from: many, to: many, exponent: 1)
    for solver in [simplex, interior] {
      #expect(
        throws: SolverError.tooLarge(
          solver: solver.name,
          reason: "it has 263169 pairs of points, and this reference takes up to 262144; use the "
            + "network simplex.")
      ) { try solver.solve(problem) }
      stopped {
        try solver.solve(self.problem([[0]], to: [[1]], exponent: 1)) { _ in false }
      }
    }
  }

  @Test func solvesHundredsOfPoints() throws {
    var generator = SeededGenerator(seed: 77)
    let problem = try TransportProblem(
      from: generator.measure(count: 256, dimension: 2, masses: .random),
      to: generator.measure(count: 256, dimension: 2, masses: .random), exponent: 2)
    let solution = try simplex.solve(problem)
    judge(solution)
    judge(try interior.solve(problem), closedTo: 1e-6, cost: solution.cost, relativeTolerance: 1e-6)
  }
}
