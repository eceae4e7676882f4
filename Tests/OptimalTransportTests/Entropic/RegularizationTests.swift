import TestSupport
import Testing

@testable import OptimalTransport

/// Regularisations in the unit of the cost and relative to it.
@Suite struct RegularizationTests {
  private func problem(scale: Double) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 41)
    func cloud(_ count: Int) throws -> DiscreteMeasure {
      let cloud = try generator.measure(count: count, dimension: 2, masses: .random)
      return try DiscreteMeasure(
        coordinates: cloud.coordinates.map { $0 * scale }, dimension: 2, masses: cloud.masses)
    }
    return try TransportProblem(from: cloud(30), to: cloud(25), exponent: 2)
  }

  /// A relative regularisation keeps its proportion to the data, here to every bit.
  @Test func relativeOnesFollowTheScale() throws {
    let solver = SinkhornSolver(regularization: .relative(0.01), marginalTolerance: 1e-9)
    let relaxed = UnbalancedSinkhornSolver(
      regularization: .relative(0.01), relaxation: .movedMass(0.5))
    let (first, partial) = try (
      solver.solveEntropic(problem(scale: 1)), relaxed.solve(problem(scale: 1))
    )
    for power in [-400, 3, 250] {
      let scaled = try problem(scale: 1.0.scaled(by: power))
      let second = try solver.solveEntropic(scaled)
      #expect(second.regularization == first.regularization.scaled(by: 2 * power))
      #expect(second.transportCost == first.transportCost.scaled(by: 2 * power))
      #expect(second.effort.iterations == first.effort.iterations)
      let moved = try relaxed.solve(scaled)
      #expect(moved.transportCost == partial.transportCost.scaled(by: 2 * power))
      #expect(moved.regularization == partial.regularization.scaled(by: 2 * power))
    }
  }

  /// In the problem's own unit the largest cost is about 1; both ways of saying ε are the same then.
  @Test func bothWaysAgree() throws {
    let problem = try problem(scale: 3)
    var largest = 0.0
    for i in 0..<problem.source.count {
      for j in 0..<problem.target.count { largest = max(largest, problem.cost(from: i, to: j)) }
    }
    let relative = try SinkhornSolver(regularization: .relative(0.02)).solveEntropic(problem)
    let ratio = relative.regularization / (0.02 * largest)
    #expect(ratio > 0.99 && ratio < 4)
    let absolute = try SinkhornSolver(regularization: relative.regularization)
      .solveEntropic(problem)
    #expect(absolute.entropicCost == relative.entropicCost)
    #expect(absolute.potentials == relative.potentials)
    #expect(absolute.regularizations == [relative.regularization])
    #expect(absolute.effort.iterations > 0 && absolute.effort.arcs == 0)
    for bad in [0, -1, Double.nan, .infinity, 1e-300] {
      #expect(throws: SolverError.self) {
        try SinkhornSolver(regularization: .relative(bad)).solveEntropic(problem)
      }
    }
  }

  /// One shape of what is told for all solvers.
  @Test func solutionsTellTheirMethodAndEffort() throws {
    let problem = try problem(scale: 1)
    let solutions: [any SolvedTransport] = [
      try NetworkSimplex().solve(problem),
      try SinkhornSolver(regularization: 0.1).solveEntropic(problem),
      try AdaptiveSinkhornSolver(relativeWidth: 0.3).solveEntropic(problem),
      try UnbalancedSinkhornSolver(
        regularization: 0.1, relaxation: .totalVariation(strength: 1)
      ).solve(problem),
    ]
    #expect(
      solutions.map(\.method) == ["network simplex", "sinkhorn", "sinkhorn", "unbalanced sinkhorn"])
    for solution in solutions {
      #expect(solution.effort.iterations > 0 && solution.effort.seconds > 0)
      #expect(solution.potentials.source.count == problem.source.count)
      #expect(solution.potentials.target.count == problem.target.count)
    }
  }

  /// A long unbalanced run proves brackets on the way, as a balanced one does.
  @Test func unbalancedRunsProveBracketsOnTheWay() throws {
    let problem = try problem(scale: 1)
    let condition = RelaxedMarginals(
      problem: problem, relaxation: .kullbackLeibler(strength: 0.3),
      strength: problem.pairCosts.unit.own(0.3))
    let least = try UnbalancedSinkhornSolver(
      regularization: 1e-3, relaxation: .kullbackLeibler(strength: 0.3)
    ).solve(problem).unregularizedCostBounds()
    var iteration = try SinkhornIteration(problem: problem)
    var widths: [Double] = []
    for regularization in [0.1, 0.01] {
      let kernel = iteration.kernel(
        Regularization.absolute(regularization).own(in: problem.pairCosts.unit))
      for _ in 0..<200 {
        for side in [TransportSide.target, .source] {
          let step = try condition.halfStep(side, iteration, kernel)
          if side == .source {
            iteration.source = step.potential
          } else {
            iteration.target = step.potential
          }
        }
      }
      let bounds = try condition.bracket(iteration, kernel, iterations: 200)
      #expect(bounds.lower <= least.upper && least.lower <= bounds.upper)
      widths.append(bounds.width)
    }
    #expect(widths[1] < 0.5 * widths[0])
  }
}
