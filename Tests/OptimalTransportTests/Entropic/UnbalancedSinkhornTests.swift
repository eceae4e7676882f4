import TestSupport
import Testing

@testable import OptimalTransport
import Libc

@Suite struct UnbalancedSinkhornTests {
  /// One point on either side: a scalar equation.
  @Test func onePointInClosedForm() throws {
    for (a, b) in [(1.0, 1.0), (2, 0.5), (30, 1e-3)] {
      let problem = try TransportProblem(
        from: DiscreteMeasure(points: [[0]], masses: [a]),
        to: DiscreteMeasure(points: [[1.5]], masses: [b]), exponent: 2)
      for (epsilon, tau) in [(0.5, 1.0), (0.1, 3), (2, 0.2), (0.01, 10)] {
        let solution = try UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: .kullbackLeibler(strength: tau), tolerance: 1e-11
        ).solve(problem)
        let mass = exp(((epsilon + tau) * log(a * b) - 2.25) / (epsilon + 2 * tau))
        #expect(abs(solution.movedMass - mass) <= 1e-9 * max(mass, 1e-3))
        #expect(abs(solution.transportCost - 2.25 * mass) <= 1e-9)
        #expect(abs(solution.totalCost - solution.dualCost) <= 1e-9 * (1 + abs(a * b)))
      }
    }
  }

  /// The plan's total cost, written out from its definition, equals the dual: both are optimal.
  @Test(arguments: MassFamily.allCases) func primalMeetsDual(family: MassFamily) throws {
    var generator = SeededGenerator(seed: 31)
    let problem = try TransportProblem(
      from: generator.measure(count: 14, dimension: 2, masses: family),
      to: generator.measure(count: 11, dimension: 2, masses: family), exponent: 2)
    for relaxation in [
      MarginalRelaxation.kullbackLeibler(strength: 0.3), .kullbackLeibler(strength: 5),
      .totalVariation(strength: 0.05), .totalVariation(strength: 0.4),
    ] {
      for epsilon in [0.01, 0.2] {
        let solution = try UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: relaxation, tolerance: 1e-10
        ).solve(problem)
        let plain = plainTotal(solution, epsilon, relaxation)
        let size = problem.source.rawMass * problem.target.rawMass + 1
        #expect(abs(plain.transport - solution.transportCost) <= 1e-9 * size)
        #expect(abs(plain.total - solution.totalCost) <= 1e-9 * size)
        #expect(abs(plain.total - solution.dualCost) <= 1e-7 * size)
      }
    }
  }

  /// With equal masses and a strength beyond all costs nothing is left behind.
  @Test func strongRelaxationsAreBalanced() throws {
    var generator = SeededGenerator(seed: 32)
    let source = try generator.measure(count: 20, dimension: 2, masses: .equal)
    let target = try generator.measure(count: 20, dimension: 2, masses: .equal)
    let problem = try TransportProblem(
      from: DiscreteMeasure(coordinates: source.coordinates, dimension: 2),
      to: DiscreteMeasure(coordinates: target.coordinates, dimension: 2), exponent: 2)
    let balanced = try SinkhornSolver(regularization: 0.05, marginalTolerance: 1e-10)
      .solveEntropic(problem)
    let partial = try UnbalancedSinkhornSolver(
      regularization: 0.05, relaxation: .totalVariation(strength: 100), tolerance: 1e-10
    ).solve(problem)
    #expect(abs(partial.totalCost - balanced.entropicCost) <= 1e-7)
    let unbalanced = try UnbalancedSinkhornSolver(
      regularization: 0.05, relaxation: .kullbackLeibler(strength: 1e4), tolerance: 1e-9
    ).solve(problem)
    #expect(abs(unbalanced.totalCost - balanced.entropicCost) <= 1e-3)
  }

  /// Partial transport of a given mass: the plan is right by its definition, and the bracket holds the
  /// least cost, here of the linear program with a point that takes what stays.
  @Test(arguments: MassFamily.allCases) func givenMassesAreMoved(family: MassFamily) throws {
    var generator = SeededGenerator(seed: 33)
    let problem = try TransportProblem(
      from: generator.measure(count: 14, dimension: 2, masses: family),
      to: generator.measure(count: 11, dimension: 2, masses: family), exponent: 2)
    let (a, b) = (problem.source.rawMass, problem.target.rawMass)
    for part in [0.01, 0.3, 0.9, 1] {
      let mass = part * min(a, b)
      let least = try leastCost(problem, moving: mass)
      for epsilon in [0.2, 0.01] {
        let solution = try UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: .movedMass(mass), tolerance: 1e-9
        ).solve(problem)
        let plain = plainTotal(solution, epsilon, .movedMass(mass))
        #expect(abs(solution.movedMass - mass) <= 1e-7 * (a * b).squareRoot())
        #expect(abs(plain.transport - solution.transportCost) <= 1e-9 * (1 + a * b))
        #expect(abs(plain.total - solution.totalCost) <= 1e-9 * (1 + a * b))
        #expect(abs(plain.total - solution.dualCost) <= 1e-6 * (1 + a * b))
        let bounds = try solution.unregularizedCostBounds()
        #expect(bounds.lower <= least * (1 + 1e-12) && least * (1 - 1e-12) <= bounds.upper)
        if epsilon == 0.01 { #expect(bounds.upper - bounds.lower <= 0.12 * mass) }
      }
    }
  }

  /// What stays goes to a point at no cost, exactly as much from either side.
  private func leastCost(_ problem: TransportProblem, moving mass: Double) throws -> Double {
    let a = problem.source.masses.map { $0 * problem.source.rawMass }
    let b = problem.target.masses.map { $0 * problem.target.rawMass }
    let (n, m) = (a.count, b.count)
    let (restA, restB) = (problem.source.rawMass - mass, problem.target.rawMass - mass)
    var costs: [Double] = []
    for i in 0...n {
      for j in 0...m {
        let isCorner = i == n && j == m
        costs.append(i < n && j < m ? plainCost(problem, i, j) : isCorner ? 1e3 : 0)
      }
    }
    let extended = try TransportProblem(
      from: DiscreteMeasure(axes: [a.map { _ in 0 } + [0]], masses: a + [max(0, restB)]),
      to: DiscreteMeasure(axes: [b.map { _ in 0 } + [0]], masses: b + [max(0, restA)]),
      cost: .matrix(costs), exponent: 1)
    return try NetworkSimplex().solve(extended).cost * extended.source.rawMass
  }

  /// The brackets of the relaxed costs hold what finer regularisations find.
  @Test func bracketsOfRelaxedCostsAreNested() throws {
    var generator = SeededGenerator(seed: 34)
    let problem = try TransportProblem(
      from: generator.measure(count: 30, dimension: 2, masses: .random),
      to: generator.measure(count: 25, dimension: 2, masses: .random), exponent: 2)
    for relaxation in [
      MarginalRelaxation.kullbackLeibler(strength: 0.3), .totalVariation(strength: 0.1),
      .movedMass(0.6 * min(problem.source.rawMass, problem.target.rawMass)),
    ] {
      let brackets = try [0.1, 0.01, 1e-3].map { epsilon in
        try UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: relaxation, tolerance: 1e-8
        ).solve(problem).unregularizedCostBounds()
      }
      let width = brackets[2].upper - brackets[2].lower
      #expect(width <= 0.05 * brackets[2].upper)
      for bracket in brackets {
        #expect(bracket.lower <= brackets[2].upper && brackets[2].lower <= bracket.upper)
        #expect(width <= bracket.upper - bracket.lower)
      }
    }
  }

  /// Partial transport leaves the far point where it is.
  @Test func partialTransportLeavesOutliers() throws {
    let problem = try TransportProblem(
      from: DiscreteMeasure(points: [[0], [1], [50]], masses: [1, 1, 1]),
      to: DiscreteMeasure(points: [[0.1], [1.1]], masses: [1, 1]), exponent: 2)
    let solution = try UnbalancedSinkhornSolver(
      regularization: 1e-3, relaxation: .totalVariation(strength: 1)
    ).solve(problem)
    #expect(abs(solution.sourceMarginal[0] - 1) <= 1e-5)
    #expect(solution.sourceMarginal[2] <= 1e-12)
    #expect(abs(solution.transportCost - 0.02) <= 1e-5)
  }

  @Test func refusesBadOptions() throws {
    let measure = try DiscreteMeasure(points: [[0], [1]])
    let problem = try TransportProblem(from: measure, to: measure, exponent: 1)
    for (epsilon, tau, tolerance) in [(0.0, 1.0, 0.1), (1, 0, 0.1), (1, .nan, 0.1), (1, 1, 0)] {
      #expect(throws: SolverError.self) {
        try UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: .kullbackLeibler(strength: tau),
          tolerance: tolerance
        ).solve(problem)
      }
    }
  }
}

private func plainTotal(
  _ solution: UnbalancedSolution, _ epsilon: Double, _ relaxation: MarginalRelaxation
) -> (transport: Double, total: Double) {
  let problem = solution.problem
  let a = problem.source.masses.map { $0 * problem.source.rawMass }
  let b = problem.target.masses.map { $0 * problem.target.rawMass }
  var (rows, columns) = (a.map { _ in 0.0 }, b.map { _ in 0.0 })
  func divergence(_ p: Double, _ q: Double) -> Double {
    (p > 0 ? p * log(p / q) : 0) - p + q
  }
  var (transport, entropy) = (0.0, 0.0)
  for i in a.indices where a[i] > 0 {
    for j in b.indices where b[j] > 0 {
      let cost = plainCost(problem, i, j)
      let exponent =
        (solution.potentials.source[i] + solution.potentials.target[j] + solution.multiplier - cost)
        / epsilon
      let mass = a[i] * b[j] * exp(exponent)
      transport += mass * cost
      entropy += divergence(mass, a[i] * b[j])
      rows[i] += mass
      columns[j] += mass
    }
  }
  let excess = zip(rows + columns, a + b).reduce(0) { sum, pair in
    guard pair.1 > 0 else { return sum }
    switch relaxation {
    case .kullbackLeibler(let strength):
      return sum + strength * divergence(pair.0, pair.1)
    case .totalVariation(let strength):
      return sum + strength * abs(pair.0 - pair.1)
    case .movedMass: return sum
    }
  }
  return (transport, transport + epsilon * entropy + excess)
}
