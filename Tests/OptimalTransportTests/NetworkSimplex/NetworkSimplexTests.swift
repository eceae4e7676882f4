import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct NetworkSimplexTests {
  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func closesTheBracketOnSmallProblems(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 7)
    for (n, m, dimension) in [(1, 1, 1), (1, 7, 2), (5, 5, 1), (12, 9, 2), (30, 40, 3)] {
      for lattice in [false, true] {
        let problem = try TransportProblem(
          from: generator.measure(
            count: n, dimension: dimension, masses: family, lattice: lattice),
          to: generator.measure(count: m, dimension: dimension, masses: family, lattice: lattice),
          exponent: exponent)
        judge(try NetworkSimplex().solve(problem), "\(n) \(m) \(dimension) \(lattice)")
      }
    }
  }

  @Test(arguments: MassFamily.allCases, [1.0, 1.5, 2, 3])
  func closesTheBracketFromCoarseToFine(family: MassFamily, exponent: Double) throws {
    var generator = SeededGenerator(seed: 11)
    for (n, m, dimension) in [(300, 300, 2), (1000, 700, 2), (20, 3000, 3), (1500, 1, 1)] {
      let axes = (0..<dimension).map { $0 == 0 ? CoordinateAxis.circle(length: 1) : .line }
      let problem = try TransportProblem(
        from: generator.measure(count: n, dimension: dimension, masses: family),
        to: generator.measure(count: m, dimension: dimension, masses: family),
        domain: ProductDomain(axes), exponent: exponent)
      judge(try NetworkSimplex().solve(problem), "\(n) \(m) \(dimension)")
    }
  }

  /// The potentials of the optimal tree are far larger than the cost here, and so are their rounding
  /// errors: the bracket closes only with smaller potentials.
  @Test(arguments: [1.0, 2.0], [100, 2000])
  func closesTheBracketOfNearlyCoincidentClouds(exponent: Double, count: Int) throws {
    var generator = SeededGenerator(seed: 17)
    for noise in [1e-2, 1e-4, 1e-6, 1e-9] {
      let axes = (0..<2).map { _ in (0..<count).map { _ in generator.uniform() } }
      let moved = axes.map { $0.map { $0 + noise * generator.uniform() } }
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: axes), to: DiscreteMeasure(axes: moved), exponent: exponent)
      let solution = try NetworkSimplex().solve(problem)
      judge(solution)
      #expect(solution.costBounds.relativeWidth <= 1e-12, "noise \(noise)")
      #expect(solution.cost > 0 && solution.distance <= noise * 2.0.squareRoot())
    }
  }

  /// A mass that no integer of the solver can hold still counts in the lower bound, also beside one
  /// that is larger by 200 decades.
  @Test func countsTinyMasses() throws {
    for mass in [1e-20, 1e-40, 1e-76, 1e-200] {
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: [[0, 3], [0, 0]], masses: [1, mass]),
        to: DiscreteMeasure(axes: [[0], [0]], masses: [1]), exponent: 1)
      let solution = try NetworkSimplex().solve(problem)
      // The plan's mass is a multiple of 2^-88 if it is large enough for that.
      judge(solution, cost: 3 * mass, relativeTolerance: max(1e-12, 0x1p-88 / mass))
      #expect(solution.costBounds.relativeWidth <= 1e-12, "\(mass)")
    }
  }

  private func clouds(
    count: Int, exponent: Double, shift: Double = 0
  ) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 23)
    func cloud(_ offset: Double) throws -> DiscreteMeasure {
      let axes = (0..<2).map { _ in (0..<count).map { _ in generator.uniform() + offset } }
      return try DiscreteMeasure(
        axes: axes, masses: (0..<count).map { _ in 0.01 + generator.uniform() })
    }
    return try TransportProblem(from: cloud(0), to: cloud(shift), exponent: exponent)
  }

  /// With p = 1 and a large displacement nearly all arcs along a ray are ties. A strictly convex cost
  /// on the way keeps the arcs few: without it there are half as many again.
  @Test func keepsArcsFewWhereThereAreTies() throws {
    let problem = try clouds(count: 3000, exponent: 1, shift: 3)
    let solution = try NetworkSimplex().solve(problem)
    judge(solution)
    #expect(solution.effort.arcs < 10 * 6000, "\(solution.effort.arcs)")
    #expect(solution.costBounds.relativeWidth < 5e-14)
  }

  /// The bracket is as tight as was asked for and proved like any other, and the work is less.
  @Test(arguments: [1.0, 2.0])
  func stopsAtATolerance(exponent: Double) throws {
    let problem = try clouds(count: 3000, exponent: exponent)
    let exact = try NetworkSimplex().solve(problem)
    for tolerance in [1e-4, 1e-2, 0.2] {
      let solution = try NetworkSimplex(tolerance: tolerance).solve(problem)
      judge(solution, closedTo: nil)
      #expect(solution.distanceBounds.relativeWidth <= tolerance)
      #expect(solution.distanceBounds.lower <= exact.distanceBounds.upper)
      #expect(solution.distanceBounds.upper >= exact.distanceBounds.lower)
      if tolerance > 0.1 {
        // It ends before the points themselves are reached by a pivot.
        #expect(solution.effort.iterations < exact.effort.iterations * 2 / 3)
        #expect(solution.distanceBounds.relativeWidth > 1e-6)
      }
    }
  }

  /// A coarse level's plan and potentials are enough for a rough bracket: hardly a pivot is made.
  @Test(arguments: [1.0, 2.0])
  func coarseLevelsGiveARoughBracket(exponent: Double) throws {
    let problem = try clouds(count: 3000, exponent: exponent, shift: 3)
    let exact = try NetworkSimplex().solve(problem)
    var before = 0
    for tolerance in [0.1, 0.01, 1e-3] {
      let solution = try NetworkSimplex(tolerance: tolerance).solve(problem)
      judge(solution, closedTo: nil)
      #expect(solution.distanceBounds.relativeWidth <= tolerance)
      #expect(solution.effort.iterations >= before)
      before = solution.effort.iterations
      if tolerance == 0.01 {
        #expect(
          solution.effort.iterations < exact.effort.iterations / 10,
          "\(solution.effort.iterations) of \(exact.effort.iterations)")
      }
    }
  }

  /// Where points move on one axis only, the plan of a coarse level is off by the distance between its
  /// points; the potentials of the level still bound the distance well, and a few pivots do the rest.
  @Test func aPlanBesideGoodPotentialsTakesFewPivots() throws {
    let problem = try beams(movedBy: 0)
    let exact = try NetworkSimplex().solve(problem)
    let solution = try NetworkSimplex(tolerance: 0.03).solve(problem)
    judge(solution, closedTo: nil)
    #expect(solution.distanceBounds.relativeWidth <= 0.03)
    #expect(
      solution.effort.iterations < exact.effort.iterations / 3,
      "\(solution.effort.iterations) of \(exact.effort.iterations)")
  }

  /// A start from the plan of another problem costs little where plans hardly change, and no more than a
  /// pivot for each point where they do.
  @Test func aStartFromAFarPlanIsGivenUp() throws {
    let before = try NetworkSimplex().solve(beams(movedBy: 0))
    for step in [1e-5, 0.02] {
      let problem = try beams(movedBy: step)
      let cold = try NetworkSimplex().solve(problem)
      let warm = try NetworkSimplex().solve(problem, from: before, progress: nil)
      judge(warm, closedTo: 1e-12)
      #expect(abs(warm.cost - cold.cost) <= 1e-13 * cold.cost)
      #expect(warm.effort.arcs < cold.effort.arcs * 6 / 5)
      let limit = step < 1e-3 ? cold.effort.iterations / 10 : cold.effort.iterations + 9000
      #expect(
        warm.effort.iterations < limit, "\(warm.effort.iterations), \(cold.effort.iterations) cold")
    }
  }

  /// Broad beams against broader and faster ones, whose points move by random steps of some size.
  private func beams(movedBy step: Double) throws -> TransportProblem {
    var (generator, steps) = (SeededGenerator(seed: 7), SeededGenerator(seed: 8))
    func beam(_ width: Double, _ shift: Double, step: Double) throws -> DiscreteMeasure {
      let count = 4000
      let places = (0..<count).map { _ in generator.uniform() + step * steps.uniform() }
      let speeds = (0..<count).map { _ in
        (generator.next() % 2 == 0 ? 0.8 : -0.8) + shift + step * steps.uniform()
          + width * (generator.uniform() + generator.uniform() + generator.uniform() - 1.5)
      }
      let masses = (0..<count).map { _ in generator.uniform() + 1e-3 }
      return try DiscreteMeasure(axes: [places, speeds], masses: masses)
    }
    return try TransportProblem(
      from: beam(0.5, 0, step: 0), to: beam(0.7, 0.3, step: step),
      domain: ProductDomain([.circle(length: 1), .line]),
      cost: .blocks([
        CostBlock(axes: 0..<1, weight: 1, exponent: 1),
        CostBlock(axes: 1..<2, weight: 1, exponent: 1),
      ]), exponent: 1)
  }

  @Test func refusesATolerance() throws {
    let problem = try clouds(count: 5, exponent: 2)
    for tolerance in [-1e-3, 1, .nan, .infinity] {
      let error = #expect(throws: SolverError.self) {
        try NetworkSimplex(tolerance: tolerance).solve(problem)
      }
      #expect(error?.description.contains("tolerance") == true)
    }
  }

  /// Every report may be the last one that is answered; the bracket is among what is reported.
  @Test func canBeCancelledAtEveryReport() throws {
    let problem = try clouds(count: 2000, exponent: 1, shift: 3)
    let stages = Counter()
    _ = try NetworkSimplex().solve(problem) { stages.add($0.stage) }
    #expect(stages.all.contains(.searchingPairs(round: 1)))
    #expect(
      stages.all.contains { stage in
        if case .roundEnded(1, let pivots, _, let width) = stage {
          pivots > 0 && width > 0
        } else {
          false
        }
      })
    for last in [1, 2, stages.all.count / 2, stages.all.count] {
      let seen = Counter()
      stopped {
        try NetworkSimplex().solve(problem) { seen.add($0.stage) && seen.all.count < last }
      }
      #expect(seen.all.count == last)
    }
  }

  /// A basis stays feasible when the points move and when the cost changes: the work is less than
  /// from the start, and the answer is the same.
  @Test(arguments: [1.0, 2.0])
  func startsFromTheSolutionBefore(exponent: Double) throws {
    var generator = SeededGenerator(seed: 29)
    let problem = try clouds(count: 2000, exponent: exponent)
    let before = try NetworkSimplex().solve(problem)
    func moved(_ measure: DiscreteMeasure) throws -> DiscreteMeasure {
      let axes = (0..<2).map { axis in
        (0..<measure.count).map { measure.point($0)[axis] + 1e-4 * generator.uniform() }
      }
      return try DiscreteMeasure(axes: axes, masses: measure.masses)
    }
    let weights = [GroundCost.blocks([CostBlock(axes: 0..<2, weight: 1.5, exponent: exponent)])]
    let later = try TransportProblem(
      from: moved(problem.source), to: moved(problem.target), exponent: exponent)
    let reweighed = try TransportProblem(
      from: problem.source, to: problem.target, domain: problem.domain, cost: weights[0],
      exponent: exponent)
    for changed in [later, reweighed] {
      let cold = try NetworkSimplex().solve(changed)
      let warm = try NetworkSimplex().solve(changed, from: before)
      judge(warm)
      #expect(abs(warm.cost - cold.cost) <= 1e-12 * cold.cost)
      #expect(warm.effort.iterations < cold.effort.iterations / 3)
      // Its candidates are those of the solution before, and a few more.
      let kept = try #require(before.basis?.candidates.sources.count)
      #expect(kept > 0 && kept < before.effort.arcs)
      #expect(warm.effort.arcs >= kept && warm.effort.arcs < kept + cold.effort.arcs / 3)
    }
  }
}

/// Collects texts from any thread.
private final class Counter: @unchecked Sendable {
  private(set) var all: [SolverStage] = []

  func add(_ stage: SolverStage) -> Bool {
    all.append(stage)
    return true
  }

  /// A cost that underflows is not proved to be nothing: |Δ| = 1e-5 beside a distance of 1.
  @Test(arguments: [100, 1e19]) func bracketsHoldPowersThatUnderflow(exponent: Double) throws {
    let source = try DiscreteMeasure(axes: [[0, 1], [0, 0]])
    let target = try DiscreteMeasure(axes: [[1e-5, 1 - 1e-5], [0, 0]])
    let problem = try TransportProblem(from: source, to: target, exponent: exponent)
    let solution = try NetworkSimplex().solve(problem)
    #expect(solution.distanceBounds.contains(1e-5), "\(solution.distanceBounds)")
    let same = try TransportProblem(from: source, to: source, exponent: exponent)
    #expect(try NetworkSimplex().solve(same).distanceBounds.upper == 0)
  }
}
