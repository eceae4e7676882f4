import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct BracketGoalTests {
  private static func problem(count: Int = 3000) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 3)
    return try TransportProblem(
      from: generator.measure(count: count, dimension: 2, masses: .random),
      to: generator.measure(count: count, dimension: 2, masses: .random), exponent: 2)
  }

  /// Far from the threshold little work is enough; near it the bracket is as narrow as need be.
  @Test func thresholdsAreDecided() throws {
    let problem = try Self.problem()
    let exact = try NetworkSimplex().solve(problem)
    for (factor, verdict) in [
      (0.1, GateVerdict.above), (0.999, .above), (1.001, .within), (10, .within),
    ] {
      let threshold = factor * exact.distance
      for solver in [
        NetworkSimplex(goal: BracketGoal(deciding: threshold)) as any TransportSolver,
        AutomaticSolver(goal: BracketGoal(relativeWidth: 0.3, threshold: threshold)),
      ] {
        let found = try solver.solve(problem)
        judge(found, closedTo: nil)
        #expect(GateVerdict(of: found.distanceBounds, threshold: threshold) == verdict)
        #expect(found.ending != .optimal)
        if factor == 10 { #expect(found.effort.iterations < exact.effort.iterations * 3 / 4) }
      }
    }
    let equal = try NetworkSimplex(goal: BracketGoal(deciding: exact.distance)).solve(problem)
    #expect(equal.ending == .optimal)
    #expect(throws: SolverError.self) {
      try NetworkSimplex(goal: BracketGoal(relativeWidth: 1)).solve(problem)
    }
    #expect(throws: SolverError.self) {
      try NetworkSimplex(goal: BracketGoal(deciding: .nan)).solve(problem)
    }
  }

  /// A solution says itself why it was made so and where it stopped.
  @Test func solutionsSayWhatWasDone() throws {
    let problem = try Self.problem()
    let loose = try AutomaticSolver(tolerance: 0.2).solve(problem)
    #expect(loose.choice?.contains("exact") == false)
    #expect(loose.ending == .withinTolerance(0.2))
    let exact = try AutomaticSolver().solve(problem)
    #expect(exact.choice?.contains("exact for any cost") == true && exact.ending == .optimal)
    #expect(try NetworkSimplex().solve(Self.problem(count: 20)).choice == nil)
    let entropic = try SinkhornSolver(regularization: 0.1).solve(Self.problem(count: 20))
    #expect(entropic.ending == .approximate)
  }

  /// Sinkhorn's search either reaches the width or says what it reached.
  @Test(arguments: [0.3, 1e-2, 1e-8])
  func searchesReachTheirWidthOrSaySo(relativeWidth: Double) throws {
    let problem = try Self.problem(count: 40)
    let exact = try NetworkSimplex().solve(problem).costBounds
    do {
      let solution = try AdaptiveSinkhornSolver(relativeWidth: relativeWidth)
        .solveEntropic(problem)
      let found = try #require(solution.provedCostBounds)
      #expect(found.relativeWidth <= relativeWidth)
      #expect(found.lower <= exact.upper && exact.lower <= found.upper)
    } catch SolverError.goalNotReached(_, _, let bracket) {
      #expect(relativeWidth == 1e-8)
      #expect(bracket.costBounds.lower <= exact.upper && exact.lower <= bracket.costBounds.upper)
      #expect(bracket.costBounds.relativeWidth > relativeWidth)
    }
  }

  @Test func searchesDecideAboutThresholds() throws {
    let problem = try Self.problem(count: 200)
    let distance = try NetworkSimplex().solve(problem).distance
    for (factor, verdict) in [(0.5, GateVerdict.above), (0.97, .above), (1.03, .within)] {
      let solution = try AdaptiveSinkhornSolver(relativeWidth: 1, threshold: factor * distance)
        .solveEntropic(problem)
      let found = try #require(solution.provedCostBounds)
      #expect(GateVerdict(of: found.root(2), threshold: factor * distance) == verdict)
    }
  }
}
