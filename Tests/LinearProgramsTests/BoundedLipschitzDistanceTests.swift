import TestSupport
import Testing

@testable import LinearPrograms
@testable import OptimalTransport

@Suite(.enabled(if: LinearProgramSolver.isAvailable)) struct BoundedLipschitzDistanceTests {
  /// The split and joint ground distances, weighted and not, on a scale where many pairs are
  /// farther apart than 2 and many are not.
  private static func problem(
    _ generator: inout SeededGenerator, _ index: Int, scale: Double
  ) throws -> TransportProblem {
    let dimension = 1 + index % 3
    let family = MassFamily.allCases[index / 3 % 4]
    let lattice = index % 5 == 0
    let blocks: [CostBlock]
    switch (dimension, index % 2) {
    case (3, 0):
      blocks = [
        CostBlock(axes: 0..<1, weight: 0.7, exponent: 1), CostBlock(axes: 1..<3, exponent: 1),
      ]
    case (2, 0): blocks = (0..<2).map { CostBlock(axes: $0..<$0 + 1, exponent: 1) }
    default: blocks = [CostBlock(axes: 0..<dimension, exponent: 1)]
    }
    func measure(_ count: Int) throws -> DiscreteMeasure {
      let unit = try generator.measure(
        count: count, dimension: dimension, masses: family, lattice: lattice)
      return try DiscreteMeasure(
        coordinates: unit.coordinates.map { $0 * scale }, dimension: dimension,
        masses: unit.masses)
    }
    return try TransportProblem(
      from: measure(1 + Int(generator.next() % 18)), to: measure(1 + Int(generator.next() % 18)),
      domain: ProductDomain(
        (0..<dimension).map { ($0 + index) % 2 == 0 ? .circle(length: scale) : .line }),
      cost: .blocks(blocks), exponent: 1)
  }

  /// Checks the bracket, and the witness from its definition over all points of both measures.
  private func check(_ flat: BoundedLipschitzDistance, _ comment: Comment? = nil) throws {
    let problem = flat.problem
    let psi = flat.witnessAtSource + flat.witnessAtTarget
    let size = psi.reduce(flat.distanceBounds.upper) { max($0, abs($1)) }
    #expect(flat.distanceBounds.contains(flat.value), comment)
    #expect(flat.distanceBounds.upper - flat.distanceBounds.lower <= 1e-12 * size, comment)
    #expect(psi.allSatisfy { abs($0) <= 1 }, comment)
    let n = problem.source.count
    let all = try DiscreteMeasure(
      points: (0..<n).map { problem.source.point($0) }
        + (0..<problem.target.count).map { problem.target.point($0) })
    let union = try TransportProblem(
      from: all, to: all, domain: problem.domain, cost: problem.cost, exponent: 1)
    for i in psi.indices {
      for j in psi.indices where psi[i] - psi[j] > plainCost(union, i, j) + 1e-14 * size {
        Issue.record("ψ is not 1-Lipschitz between points \(i) and \(j)")
        return
      }
    }
    let masses = problem.source.masses + problem.target.masses.map { -$0 }
    let integral = CompensatedSum(zip(masses, psi).map { $0 * $1 }).value
    #expect(abs(integral - flat.value) <= 1e-14 * size, comment)
  }

  @Test func knowsHandComputedDistances() throws {
    func flat(
      _ x: [Double], _ a: [Double]?, _ y: [Double], _ b: [Double]?
    ) throws -> Double {
      let flat = try BoundedLipschitzDistance(
        of: TransportProblem(
          from: DiscreteMeasure(axes: [x], masses: a), to: DiscreteMeasure(axes: [y], masses: b),
          exponent: 1))
      try check(flat)
      return flat.value
    }
    for (gap, expected) in [(0.0, 0), (0.25, 0.25), (1.5, 1.5), (2, 2), (2.5, 2), (1e9, 2)] {
      #expect(try flat([3], nil, [gap + 3], nil) == expected)
    }
    // Half the mass moves by ½, the other half is given up and made anew.
    #expect(try flat([0, 10], nil, [0.5], nil) == 1.25)
    // Three quarters of the mass stay where they are.
    #expect(try flat([0, 1], [3, 1], [0, 5], [3, 1]) == 0.5)
    #expect(try flat([1, 2, 3], [2, 0, 5], [3, 1], [5, 2]) == 0)
  }

  /// The other way to the same number: transport for the truncated distance, by another solver.
  @Test func agreesWithTruncatedTransport() throws {
    var generator = SeededGenerator(seed: 41)
    var (worst, truncated) = (0.0, 0)
    for index in 0..<120 {
      let scale = [0.5, 3, 8, 40][index % 4]
      let problem = try Self.problem(&generator, index, scale: scale)
      let flat = try BoundedLipschitzDistance(of: problem)
      try check(flat, "problem \(index)")
      let other = try NetworkSimplex().solve(
        TransportProblem(
          from: problem.source, to: problem.target, domain: problem.domain,
          cost: .function { min(plainCost(problem, $0, $1), 2) }, exponent: 1))
      let plain = try NetworkSimplex().solve(problem)
      if plain.cost > other.cost * (1 + 1e-9) { truncated += 1 }
      worst = max(worst, abs(flat.value - other.cost) / max(other.cost, 1e-3))
      #expect(
        abs(flat.value - other.cost) <= 1e-12 * max(other.cost, 1e-3), "problem \(index)")
      #expect(
        flat.distanceBounds.lower <= other.distanceBounds.upper
          && other.distanceBounds.lower <= flat.distanceBounds.upper)
    }
    print("bounded-Lipschitz against truncated transport: worst disagreement \(worst)")
    // The truncation must matter in many of them for the comparison to mean anything.
    #expect(truncated >= 40)
  }

  /// Below the scale 1 it is W₁ to all digits, above it the total variation.
  @Test func isRightOnEveryScale() throws {
    var generator = SeededGenerator(seed: 43)
    let x = (0..<15).map { _ in generator.uniform() }
    let y = (0..<12).map { _ in generator.uniform() + 0.3 }
    let unit = try NetworkSimplex().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [x]), to: DiscreteMeasure(axes: [y]), exponent: 1)
    ).cost
    for (scale, expected) in [(0x1p-500, unit * 0x1p-500), (0x1p-2, unit / 4), (0x1p500, 2)] {
      let flat = try BoundedLipschitzDistance(
        of: TransportProblem(
          from: DiscreteMeasure(axes: [x.map { $0 * scale }]),
          to: DiscreteMeasure(axes: [y.map { $0 * scale }]), exponent: 1))
      try check(flat)
      #expect(abs(flat.value - expected) <= 1e-12 * expected)
    }
  }

  @Test func refusesWhatIsNoGroundDistance() throws {
    let points = try DiscreteMeasure(axes: [[0, 1], [0, 1]])
    let refused: [(GroundCost, Double, String)] = [
      (.euclidean(dimension: 2, exponent: 2), 2, "block 1 of the cost has exponent 2.0"),
      (.matrix([0, 1, 1, 0]), 1, "needs a ground distance"),
      (.function { $0 == $1 ? 0 : 1 }, 1, "needs a ground distance"),
      (.euclidean(dimension: 2, exponent: 1), 2, "exponent p of the problem is 2.0"),
    ]
    for (cost, exponent, reason) in refused {
      let problem = try TransportProblem(
        from: points, to: points, cost: cost, exponent: exponent)
      let error = #expect(throws: SolverError.self) {
        try BoundedLipschitzDistance(of: problem)
      }
      #expect(error?.description.contains(reason) == true)
    }
    let many = try DiscreteMeasure(axes: [(0..<513).map { Double($0) }])
    #expect(throws: SolverError.self) {
      try BoundedLipschitzDistance(of: TransportProblem(from: many, to: many, exponent: 1))
    }
  }
}
