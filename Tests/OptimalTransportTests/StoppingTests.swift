import LinearPrograms
import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// Says yes a number of times.
private final class Patience: Sendable {
  private let rest: Mutex<Int>

  init(_ count: Int) { rest = Mutex(count) }

  var goesOn: Bool {
    rest.withLock {
      $0 -= 1
      return $0 > 0
    }
  }
}

/// What solvers prove when they are stopped, and how soon they stop.
@Suite struct StoppingTests {
  private static func clouds(
    _ count: Int, dimension: Int = 2, exponent: Double, shift: Double = 0.3
  ) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 11)
    func cloud(_ offset: Double) throws -> DiscreteMeasure {
      try DiscreteMeasure(
        axes: (0..<dimension).map { _ in (0..<count).map { _ in generator.uniform() + offset } },
        masses: (0..<count).map { _ in 0.01 + generator.uniform() })
    }
    return try TransportProblem(from: cloud(0), to: cloud(shift), exponent: exponent)
  }

  /// Stops a solver at the n-th question, for some n: every bracket encloses the least cost.
  @Test(arguments: [1.0, 2.0, 3.0])
  func bracketsAtEveryStageEncloseTheCost(exponent: Double) throws {
    let plane = try Self.clouds(700, exponent: exponent)
    let circle = try TransportProblem(
      from: DiscreteMeasure(axes: [plane.source.axis(0).map { $0 }]),
      to: DiscreteMeasure(axes: [plane.target.axis(1).map { $0 }]),
      domain: ProductDomain([.circle(length: 1)]), exponent: exponent)
    let small = try Self.clouds(120, exponent: exponent)
    let cases: [(TransportProblem, any TransportSolver)] =
      [
        (plane, NetworkSimplex()), (plane, NetworkSimplex(tolerance: 1e-3)),
        (plane, SinkhornSolver(regularization: 1e-3)), (plane, AdaptiveSinkhornSolver()),
        (circle, CircleSolver()),
      ] + linearPrograms.map { (small, $0) }
    for (problem, solver) in cases {
      let exact = try AutomaticSolver().solve(problem).costBounds
      for last in [1, 2, 3, 5, 8, 20, 50] {
        let patience = Patience(last)
        let progress: ProgressHandler = { _ in patience.goesOn }
        guard let bounds = provedBounds(solver, problem, progress) else { continue }
        #expect(bounds.lower <= exact.upper, "\(solver.name) \(last)")
        #expect(bounds.upper >= exact.lower, "\(solver.name) \(last)")
        #expect(bounds.upper.isFinite && bounds.upper < 100 * exact.upper)
      }
    }
  }

  /// What a solver proves that is stopped; `nil` where it comes to its end.
  private func provedBounds(
    _ solver: any TransportSolver, _ problem: TransportProblem,
    _ progress: @escaping ProgressHandler
  ) -> ProvedBounds? {
    do {
      _ = try solver.solve(problem, progress: progress)
      return nil
    } catch {
      #expect(error.bracket != nil, "\(error)")
      return error.bracket?.costBounds
    }
  }

  /// A limit in the middle of what takes far longer, half-steps, c-transforms and proofs among it.
  @Test func limitsHold() throws {
    let cloud = try Self.clouds(12_000, dimension: 4, exponent: 1)
    let lines = try Self.clouds(500, exponent: 1)
    let cases: [(TransportProblem, Double, any TransportSolver)] =
      [
        (cloud, 0.3, NetworkSimplex()),
        (cloud, 0.5, SinkhornSolver(regularization: 1e-4)),
        (cloud, 0.5, AdaptiveSinkhornSolver(relativeWidth: 1e-5)),
      ] + linearPrograms.map { (lines, 0.3, $0) }
    for (problem, seconds, solver) in cases {
      let stopwatch = Stopwatch()
      let limit = TimeLimit(seconds: seconds)
      let bracket = stopped { try solver.solve(problem, progress: limit.handler) }
      #expect(stopwatch.seconds < seconds + 4, "\(solver.name)")
      #expect(limit.interrupted != nil)
      #expect(bracket.map { $0.costBounds.lower >= 0 && $0.costBounds.upper.isFinite } == true)
    }
  }

  @Test func proofsCanBeStopped() throws {
    let problem = try Self.clouds(3000, dimension: 3, exponent: 1)
    let solution = try SinkhornSolver(regularization: 0.1, marginalTolerance: 0.1)
      .solveEntropic(problem)
    let bracket = stopped { try solution.unregularizedCostBounds { _ in false } }
    let full = try solution.unregularizedCostBounds()
    #expect(
      bracket.map { $0.costBounds.lower <= full.upper && $0.costBounds.upper >= full.lower } == true
    )
    let small = try Self.clouds(300, exponent: 2)
    let exact = try NetworkSimplex().solve(small)
    #expect(stopped { try exact.verify { _ in false } }?.costBounds == exact.costBounds)
    let solver = UnbalancedSinkhornSolver(
      regularization: 1e-3, relaxation: .kullbackLeibler(strength: 0.5))
    let unbalanced = try solver.solve(small)
    let least = try unbalanced.unregularizedCostBounds()
    for stop in [
      stopped { try solver.solve(small) { _ in false } },
      stopped { try unbalanced.unregularizedCostBounds { _ in false } },
    ] {
      let bounds = try #require(stop).costBounds
      #expect(bounds.lower <= least.upper && bounds.upper >= least.lower)
    }
  }

  /// The bracket that costs little, against the exact one, with circles and blocks of all kinds.
  @Test func quickBracketsEncloseTheCost() throws {
    var generator = SeededGenerator(seed: 5)
    for round in 0..<40 {
      let masses = MassFamily.allCases[round % 4]
      let problem = try TransportProblem(
        from: generator.measure(count: 1 + round, dimension: 3, masses: masses),
        to: generator.measure(count: 41 - round, dimension: 3, masses: masses),
        domain: ProductDomain([.circle(length: 1), .line, .circle(length: 2)]),
        cost: .blocks([
          CostBlock(axes: 0..<1, weight: 2, exponent: 1 + Double(round % 3)),
          CostBlock(axes: 1..<3, exponent: 1 + 0.7 * Double(round % 4)),
        ]), exponent: 1)
      let exact = try NetworkSimplex().solve(problem).costBounds
      let quick = try #require(problem.quickBracket()).costBounds
      #expect(quick.lower <= exact.upper && exact.lower <= quick.upper)
      #expect(quick.lower > 0)
    }
    // So many points are not sorted any more.
    let many = try TransportProblem(
      from: generator.measure(count: 200_000, dimension: 2, masses: .random),
      to: generator.measure(count: 150_000, dimension: 2, masses: .equal),
      domain: ProductDomain([.circle(length: 1), .line]), exponent: 2)
    let sliced = try #require(many.quickBracket()).costBounds
    // The squares of clouds in the same unit square, one axis in order and the other at random.
    #expect(sliced.lower >= 0 && sliced.upper > 0.05 && sliced.upper < 0.2)
    let same = try generator.measure(count: 50, dimension: 2, masses: .random)
    let zero = try #require(
      TransportProblem(from: same, to: same, exponent: 2).quickBracket()
    ).costBounds
    #expect(zero == ProvedBounds(lower: 0, upper: 0))
  }

  @Test func pointsAreCounted() throws {
    try NetworkSimplex.check(pointCount: NetworkSimplex.largestPointCount)
    let error = #expect(throws: SolverError.self) {
      try NetworkSimplex.check(pointCount: NetworkSimplex.largestPointCount + 1)
    }
    #expect(error?.description.contains("134217727") == true)
    // A search may list sixteen arcs for each point, which must have 32-bit places.
    #expect(16 * NetworkSimplex.largestPointCount <= Int(Int32.max))
  }
}

/// The methods of GLPK; none in a build without it.
private let linearPrograms: [any TransportSolver] =
  LinearProgramSolver.isAvailable
  ? LinearProgramSolver.Method.allCases.map { LinearProgramSolver(method: $0) } : []
