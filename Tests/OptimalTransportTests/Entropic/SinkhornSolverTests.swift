import Libc
import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct SinkhornSolverTests {
  /// The stages that a run told of.
  private final class Stages: @unchecked Sendable {
    var all: [SolverStage] = []
  }

  /// What is told of a long run on the way is a proved bracket of the unregularised cost, which
  /// later ones only narrow.
  @Test func progressTellsOfProvedBrackets() throws {
    var generator = SeededGenerator(seed: 8)
    let problem = try TransportProblem(
      from: generator.measure(count: 40, dimension: 2, masses: .random),
      to: generator.measure(count: 50, dimension: 2, masses: .random), exponent: 2)
    let exact = try NetworkSimplex().solve(problem).cost
    let stages = Stages()
    var journal = SinkhornJournal(
      bracket: ProvedBounds(lower: 0, upper: 2 * exact), interval: 0
    ) { progress in
      stages.all.append(progress.stage)
      return true
    }
    let condition = ExactMarginals(problem: problem)
    var iteration = try SinkhornIteration(problem: problem)
    var widths: [Double] = []
    for regularization in [0.1, 0.01, 0.0005, 0.1] {
      let kernel = iteration.kernel(OwnRegularization(regularization))
      for _ in 0..<400 {
        iteration.source = try iteration.halfStep(.source, kernel).potential
        iteration.target = try iteration.halfStep(.target, kernel).potential
      }
      for _ in 0..<50 {
        try journal.report {
          condition.stage(iteration: 1, error: 0, bracket: $0)
        } proof: {
          [iteration] () throws(SolverError) in
          try condition.bracket(iteration, kernel, iterations: 1)
        }
      }
      let bracket = try #require(journal.bracket)
      #expect(bracket.contains(exact))
      widths.append(bracket.relativeWidth)
    }
    #expect(widths[2] < 0.1 * widths[0])
    #expect(widths[3] <= widths[2])
    #expect(stages.all.contains { if case .iterating(_, _, cost: _?) = $0 { true } else { false } })
    #expect(
      stages.all.count { if case .provingBracket(.iteration) = $0 { true } else { false } } == 4,
      "one in 50 iterations")
  }

  /// Two points on either side at distance 1: the plan is known in closed form.
  @Test func twoPointsInClosedForm() throws {
    let measure = try DiscreteMeasure(points: [[0], [1]])
    let problem = try TransportProblem(
      from: measure, to: measure, cost: .matrix([0, 1, 1, 0]), exponent: 1)
    for epsilon in [0.1, 0.25, 1, 10, 1e3] {
      let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-13)
      let solution = try solver.solveEntropic(problem)
      let far = 1 / (1 + exp(1 / epsilon))
      #expect(abs(solution.transportCost - far) <= 1e-13)
      // ε · relative entropy of (1 − far, far) with respect to (½, ½).
      let entropy = far * log(2 * far) + (1 - far) * log(2 * (1 - far))
      let expected = far + epsilon * entropy
      let rounding = 1e-14 * max(1, epsilon)
      #expect(abs(solution.entropicCost - expected) <= rounding)
      #expect(abs(solution.dualCost - expected) <= rounding)
    }
  }

  /// Gaussians on fine lattices, where sums are integrals to many digits.
  @Test func gaussiansInClosedForm() throws {
    func gaussian(mean: Double, deviation: Double) throws -> DiscreteMeasure {
      let points = stride(from: -7.0, through: 7.0, by: 0.1).map { mean + deviation * $0 }
      return try DiscreteMeasure(
        axes: [points],
        masses: points.map { exp(-0.5 * pow(($0 - mean) / deviation, 2)) })
    }
    let (a, b, shift) = (1.0, 0.6, 0.8)
    let problem = try TransportProblem(
      from: gaussian(mean: 0, deviation: a), to: gaussian(mean: shift, deviation: b), exponent: 2)
    for epsilon in [0.5, 2, 20] {
      let solution = try SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-11)
        .solveEntropic(problem)
      // The plan is Gaussian; its covariance c solves 2(a²b² − c²) = εc.
      let product = a * a * b * b
      let c = (-epsilon + (epsilon * epsilon + 16 * product).squareRoot()) / 4
      let transport = shift * shift + a * a + b * b - 2 * c
      let entropic = transport - epsilon / 2 * log(1 - c * c / product)
      // What the lattice cuts off beyond seven deviations is about 1e-11.
      #expect(abs(solution.transportCost - transport) <= 1e-9)
      #expect(abs(solution.entropicCost - entropic) <= 1e-9)
      #expect(abs(solution.dualCost - entropic) <= 1e-9)
    }
  }

  static let families: [(MassFamily, Bool, Bool)] = MassFamily.allCases.flatMap { family in
    [(family, false, false), (family, true, false), (family, false, true)]
  }

  /// Every form of cost, on lines and circles, with every family of masses.
  @Test(arguments: families)
  func plansAndBracketsAreRight(family: MassFamily, lattice: Bool, periodic: Bool) throws {
    var generator = SeededGenerator(seed: 11)
    let source = try generator.measure(
      count: 23, dimension: 2, masses: family, lattice: lattice)
    let target = try generator.measure(
      count: 17, dimension: 2, masses: family, lattice: lattice)
    let axes: [CoordinateAxis] = periodic ? [.circle(length: 1), .line] : [.line, .line]
    let split = [
      CostBlock(axes: 0..<1, weight: 2, exponent: 2), CostBlock(axes: 1..<2, exponent: 1.5),
    ]
    let blocks = try TransportProblem(
      from: source, to: target, domain: ProductDomain(axes), cost: .blocks(split), exponent: 2)
    let matrix = (0..<source.count).flatMap { i in
      (0..<target.count).map { blocks.cost(from: i, to: $0) }
    }
    let width = target.count
    let problems = [
      blocks,
      try TransportProblem(from: source, to: target, cost: .matrix(matrix), exponent: 2),
      try TransportProblem(
        from: source, to: target, cost: .function { matrix[$0 * width + $1] }, exponent: 2),
    ]
    for epsilon in [0.005, 0.1, 3] {
      let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-10)
      var costs: [Double] = []
      for problem in problems {
        let solution = try solver.solve(problem)
        judge(solution, closedTo: nil)
        costs.append(solution.cost)
        let entropic = try solver.solveEntropic(problem)
        #expect(entropic.marginalError <= 1e-10)
        #expect(plainMarginalError(entropic) <= 1.1e-10)
        #expect(abs(entropic.dualCost - entropic.entropicCost) <= 1e-9)
        #expect(entropic.transportCost <= entropic.entropicCost)
        #expect(abs(solution.cost - entropic.transportCost) <= 1e-9)
      }
      // Other kernels, the same mathematics.
      #expect(abs(costs[1] - costs[0]) <= 1e-9)
      #expect(costs[2] == costs[1])
    }
  }

  /// From far below the resolution of a double to far above the cost: the answer is right or there
  /// is none.
  @Test func anyRegularizationIsRightOrRefused() throws {
    var generator = SeededGenerator(seed: 5)
    for family in MassFamily.allCases {
      let problem = try TransportProblem(
        from: generator.measure(count: 9, dimension: 2, masses: family),
        to: generator.measure(count: 12, dimension: 2, masses: family), exponent: 2)
      for exponent in stride(from: -12, through: 6, by: 1) {
        let epsilon = pow(10, Double(exponent))
        let solver = SinkhornSolver(
          regularization: epsilon, marginalTolerance: 1e-6, maximumIterations: 2000)
        do {
          let solution = try solver.solveEntropic(problem)
          #expect(solution.marginalError <= 1e-6)
          #expect(plainMarginalError(solution) <= 1e-6 + 1e-14 / epsilon)
          for number in [solution.transportCost, solution.entropicCost, solution.dualCost] {
            #expect(number.isFinite)
          }
          #expect(solution.transportCost > 0)
        } catch SolverError.notConverged(_, let reason) {
          #expect(exponent <= -3, "ε = \(epsilon) is easy: \(reason)")
          #expect(reason.contains("marginal error") && reason.contains("would help"))
        }
      }
    }
  }

  /// On the line with equal masses the optimal plan is the sorted one.
  @Test func approachesTheLeastCost() throws {
    var generator = SeededGenerator(seed: 3)
    let (x, y) = (
      (0..<40).map { _ in generator.uniform() }, (0..<40).map { _ in generator.uniform() + 0.3 }
    )
    let exact = zip(x.sorted(), y.sorted()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 40
    let problem = try TransportProblem(
      from: DiscreteMeasure(axes: [x]), to: DiscreteMeasure(axes: [y]), exponent: 2)
    var width = Double.infinity
    for epsilon in [0.1, 0.01, 0.001, 0.0001] {
      let solution = try SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-9)
        .solve(problem)
      judge(solution, closedTo: nil)
      #expect(solution.costBounds.lower <= exact && exact <= solution.costBounds.upper)
      #expect(solution.costBounds.relativeWidth < width / 2)
      width = solution.costBounds.relativeWidth
    }
    #expect(width < 1e-3)
  }

  /// Swapping the measures transposes the plan; scaling by powers of two changes no digit.
  @Test func isInvariant() throws {
    var generator = SeededGenerator(seed: 8)
    let source = try generator.measure(count: 30, dimension: 2, masses: .random)
    let target = try generator.measure(count: 25, dimension: 2, masses: .random)
    let problem = try TransportProblem(from: source, to: target, exponent: 2)
    let solver = SinkhornSolver(regularization: 0.05, marginalTolerance: 1e-11)
    let solution = try solver.solveEntropic(problem)
    let again = try solver.solveEntropic(problem)
    #expect(solution.potentials == again.potentials)
    let swapped = try solver.solveEntropic(problem.swapped())
    #expect(abs(swapped.transportCost - solution.transportCost) <= 1e-9)
    #expect(abs(swapped.dualCost - solution.dualCost) <= 1e-9)

    for power in [-450, 450] {
      let scaled = try TransportProblem(
        from: source.scaled(by: power), to: target.scaled(by: power), exponent: 2)
      let far = try SinkhornSolver(
        regularization: 0.05.scaled(by: 2 * power), marginalTolerance: 1e-11
      ).solveEntropic(scaled)
      #expect(far.transportCost == solution.transportCost.scaled(by: 2 * power))
      #expect(far.dualCost == solution.dualCost.scaled(by: 2 * power))
    }
  }

  /// One point, coinciding points, points far apart, masses of very different size.
  @Test func pathologicalProblems() throws {
    let one = try DiscreteMeasure(points: [[0.25]])
    let other = try DiscreteMeasure(points: [[1]])
    let same = try DiscreteMeasure(points: [[0.5], [0.5], [0.5]], masses: [1, 0, 2])
    let far = try DiscreteMeasure(points: [[0], [1e8]], masses: [1, 3])
    let tiny = try DiscreteMeasure(
      points: [[0], [0.5], [1], [2]], masses: [1e-300, 1, 1e-150, 0.5])
    let measures = [one, other, same, far, tiny]
    for source in measures {
      for target in measures {
        let problem = try TransportProblem(from: source, to: target, exponent: 2)
        let unit = 1.0.scaled(by: problem.pairCosts.unitExponent)
        for relative in [0.02, 1, 1e6] {
          let solver = SinkhornSolver(regularization: relative * unit)
          judge(try solver.solve(problem), closedTo: nil)
          let solution = try solver.solveEntropic(problem)
          #expect(plainMarginalError(solution) <= 1.01e-6)
        }
      }
    }
    let single = try SinkhornSolver(regularization: 1)
      .solve(TransportProblem(from: one, to: other, exponent: 2))
    judge(single, cost: 0.5625)
  }

  @Test func refusesAndFailsByName() throws {
    var generator = SeededGenerator(seed: 2)
    let problem = try TransportProblem(
      from: generator.measure(count: 30, dimension: 2, masses: .random),
      to: generator.measure(count: 30, dimension: 2, masses: .random), exponent: 2)
    for bad in [0, -1, .nan, .infinity] {
      #expect(throws: SolverError.self) {
        try SinkhornSolver(regularization: bad).solveEntropic(problem)
      }
    }
    for bad in [0, 1, .nan] {
      #expect(throws: SolverError.self) {
        try SinkhornSolver(regularization: 1, marginalTolerance: bad).solveEntropic(problem)
      }
    }
    #expect {
      try SinkhornSolver(regularization: 10, maximumPlanEntries: 899).solve(problem)
    } throws: { error in
      guard case .tooLarge(_, let reason)? = error as? SolverError else { return false }
      return reason.contains("maximumPlanEntries = 899")
    }
    #expect {
      try SinkhornSolver(regularization: 1e-3, maximumIterations: 3).solve(problem)
    } throws: { error in
      guard case .notConverged(_, let reason)? = error as? SolverError else { return false }
      return reason.contains("after 3 iterations")
    }
    stopped {
      try SinkhornSolver(regularization: 1e-3).solve(problem) { _ in false }
    }
    #expect {
      try SinkhornSolver(regularization: 1e-12, maximumIterations: 3000).solve(problem)
    } throws: { error in
      guard case .notConverged? = error as? SolverError else { return false }
      return true
    }
  }
}

/// The marginal error straight from the definition of the plan.
func plainMarginalError(_ solution: EntropicSolution) -> Double {
  let problem = solution.problem
  let (a, b) = (problem.source.masses, problem.target.masses)
  let (f, g) = (solution.potentials.source, solution.potentials.target)
  var columns = [Double](repeating: 0, count: b.count)
  var error = 0.0
  for i in a.indices where a[i] > 0 {
    var row = 0.0
    for j in b.indices where b[j] > 0 {
      let density = exp((f[i] + g[j] - plainCost(problem, i, j)) / solution.regularization)
      row += a[i] * b[j] * density
      columns[j] += a[i] * b[j] * density
    }
    error += abs(row - a[i])
  }
  return error + zip(columns, b).reduce(0) { $0 + abs($1.0 - $1.1) }
}

extension DiscreteMeasure {
  fileprivate func scaled(by exponent: Int) throws -> DiscreteMeasure {
    try DiscreteMeasure(
      coordinates: coordinates.map { $0.scaled(by: exponent) }, dimension: dimension,
      masses: masses)
  }
}
