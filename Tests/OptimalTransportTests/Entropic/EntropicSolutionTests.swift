import TestSupport
import Testing

@testable import OptimalTransport

/// What is derived from an entropic solution: brackets, maps, gradients.
@Suite struct EntropicSolutionTests {
  /// On the line the sorted plan is optimal for equal masses, whatever p ≥ 1.
  @Test(arguments: [1.0, 1.5, 2, 3]) func bracketsHoldTheLeastCost(exponent: Double) throws {
    var generator = SeededGenerator(seed: 12)
    let x = (0..<150).map { _ in generator.uniform() }
    let y = (0..<150).map { _ in 0.4 + 0.7 * generator.uniform() }
    let exact = zip(x.sorted(), y.sorted()).reduce(0) {
      $0 + power(abs($1.0 - $1.1), exponent) / 150
    }
    let problem = try TransportProblem(
      from: DiscreteMeasure(axes: [x]), to: DiscreteMeasure(axes: [y]), exponent: exponent)
    var width = Double.infinity
    for epsilon in [1, 0.1, 0.01, 0.001] {
      for tolerance in [0.3, 1e-3, 1e-9] {
        let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: tolerance)
        let solution = try solver.solveEntropic(problem)
        let bounds = try solution.unregularizedCostBounds()
        #expect(bounds.lower <= exact && exact <= bounds.upper)
        guard tolerance == 1e-9 else { continue }
        // The upper end is the plan's own cost when its marginals are right.
        #expect(abs(bounds.upper - solution.transportCost) <= 1e-8)
        #expect(bounds.relativeWidth < 0.85 * width)
        width = bounds.relativeWidth
      }
    }
    #expect(width < 0.03)
  }

  /// Against a translated copy the debiased potential is that of the translation itself, which is
  /// optimal for the squared distance: the lower end does not feel the regularisation.
  @Test func lowerBoundsAreDebiased() throws {
    var generator = SeededGenerator(seed: 17)
    let source = try generator.measure(count: 200, dimension: 2, masses: .random)
    let moved = try DiscreteMeasure(
      axes: [source.axis(0).map { $0 + 0.3 }, source.axis(1).map { $0 - 0.1 }],
      masses: source.masses)
    let problem = try TransportProblem(from: source, to: moved, exponent: 2)
    for epsilon in [0.03, 0.3] {
      let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-8)
      let bounds = try solver.solveEntropic(problem).unregularizedCostBounds()
      #expect(bounds.lower >= 0.98 * 0.1)
      #expect(bounds.lower <= 0.1 * (1 + 1e-12))
    }
  }

  /// Brackets are right for every family of masses and on circles; they agree with the plan's.
  @Test(arguments: MassFamily.allCases) func bracketsAgreeWithThePlans(family: MassFamily) throws {
    var generator = SeededGenerator(seed: 13)
    let domain = try ProductDomain([.circle(length: 1), .line])
    let problem = try TransportProblem(
      from: generator.measure(count: 40, dimension: 2, masses: family),
      to: generator.measure(count: 30, dimension: 2, masses: family), domain: domain, exponent: 2)
    for epsilon in [1e-3, 0.05, 1] {
      let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-8)
      let bounds = try solver.solveEntropic(problem).unregularizedCostBounds()
      let solution = try solver.solve(problem)
      #expect(abs(bounds.upper - solution.costBounds.upper) <= 1e-7)
      #expect(bounds.lower >= solution.costBounds.lower * (1 - 1e-9))
      #expect(bounds.lower <= solution.costBounds.upper)
    }
  }

  /// Sums that leave out much say that rows carry less than they do; the upper end counts what is too much.
  @Test func upperEndsCountRowsThatCarryTooMuch() throws {
    var generator = SeededGenerator(seed: 18)
    let problem = try TransportProblem(
      from: generator.measure(count: 60, dimension: 2, masses: .random),
      to: generator.measure(count: 50, dimension: 2, masses: .random), exponent: 2)
    let exact = try NetworkSimplex().solve(problem).costBounds
    let kernel = try SinkhornIteration(problem: problem).kernel(OwnRegularization(1e-3))
    var iteration = try SinkhornIteration(problem: problem)
    iteration.target = try iteration.halfStep(.target, kernel).potential
    let step = try iteration.halfStep(.source, kernel)
    func upper(_ step: HalfStep) throws -> Double {
      let point = SinkhornFixedPoint(
        iteration: iteration, kernel: kernel, sourceStep: step,
        targetStep: try iteration.halfStep(.target, kernel), iterations: 1)
      return try EntropicBracket(problem: problem, point: point).prove().costBounds.upper
    }
    // Each target takes its mass from the sources nearby, which is cheaper than any coupling.
    let blind = HalfStep(
      potential: step.potential, logRatios: step.logRatios.map { _ in 0 },
      masses: problem.source.masses)
    #expect(try upper(step) >= exact.lower)
    #expect(try upper(blind) >= exact.lower)
  }

  /// With the squared distance, a translated copy is mapped by the translation in the limit.
  @Test func projectionFollowsTheMap() throws {
    var generator = SeededGenerator(seed: 14)
    let source = try generator.measure(count: 60, dimension: 2, masses: .withZeros)
    let domain = try ProductDomain([.circle(length: 1), .line])
    let moved = try DiscreteMeasure(
      axes: [source.axis(0).map { $0 + 0.05 }, source.axis(1).map { $0 - 3 }],
      masses: source.masses)
    let solution = try SinkhornSolver(regularization: 1e-5, marginalTolerance: 1e-9)
      .solveEntropic(TransportProblem(from: source, to: moved, domain: domain, exponent: 2))
    let images = try solution.barycentricProjection()
    for index in 0..<source.count where source.masses[index] > 0 {
      let (x, v) = (images[index], images[source.count + index])
      #expect(x >= 0 && x < 1)
      #expect(abs(domain.axes[0].difference(x, source.coordinates[index] + 0.05)) <= 1e-6)
      #expect(abs(v - (source.coordinates[source.count + index] - 3)) <= 1e-6)
    }
  }

  /// At a large regularisation every point goes to the mean of the target.
  @Test func projectionTendsToTheMean() throws {
    var generator = SeededGenerator(seed: 15)
    let source = try generator.measure(count: 10, dimension: 1, masses: .random)
    let target = try generator.measure(count: 12, dimension: 1, masses: .random)
    let mean = zip(target.coordinates, target.masses).reduce(0) { $0 + $1.0 * $1.1 }
    let images = try SinkhornSolver(regularization: 1e6)
      .solveEntropic(TransportProblem(from: source, to: target, exponent: 2))
      .barycentricProjection()
    for image in images { #expect(abs(image - mean) <= 1e-5) }
  }

  /// Central differences of the entropic cost.
  @Test(arguments: [[2.0], [1.5, 3]]) func gradientsAreDifferences(exponents: [Double]) throws {
    var generator = SeededGenerator(seed: 16)
    let domain = try ProductDomain([.circle(length: 1), .line])
    let blocks =
      exponents.count == 1
      ? [CostBlock(axes: 0..<2, weight: 0.7, exponent: exponents[0])]
      : [
        CostBlock(axes: 0..<1, weight: 2, exponent: exponents[0]),
        CostBlock(axes: 1..<2, exponent: exponents[1]),
      ]
    let source = try generator.measure(count: 6, dimension: 2, masses: .random)
    let target = try generator.measure(count: 7, dimension: 2, masses: .random)
    let solver = SinkhornSolver(regularization: 0.2, marginalTolerance: 1e-13)

    func solution(
      _ change: Double, point: Int? = nil, masses: (Int, Int)? = nil, of side: TransportSide
    ) throws -> EntropicSolution {
      let measure = side == .source ? source : target
      var (coordinates, weights) = (measure.coordinates, measure.masses)
      if let point { coordinates[point] += change }
      if let masses {
        weights[masses.0] += change
        weights[masses.1] -= change
      }
      let changed = try DiscreteMeasure(
        coordinates: coordinates, dimension: 2, masses: weights)
      return try solver.solveEntropic(
        TransportProblem(
          from: side == .source ? changed : source, to: side == .target ? changed : target,
          domain: domain, cost: .blocks(blocks), exponent: 2))
    }
    let gradient = try solution(0, of: .source).gradient()
    let step = 1e-5
    for side in [TransportSide.source, .target] {
      let points = side == .source ? gradient.sourcePoints : gradient.targetPoints
      let masses = side == .source ? gradient.sourceMasses : gradient.targetMasses
      for index in points.indices {
        let difference =
          try
          (solution(step, point: index, of: side).dualCost
          - solution(-step, point: index, of: side).dualCost) / (2 * step)
        #expect(abs(difference - points[index]) <= 1e-7)
      }
      for index in 1..<masses.count {
        let difference =
          try
          (solution(step, masses: (index, 0), of: side).dualCost
          - solution(-step, masses: (index, 0), of: side).dualCost) / (2 * step)
        #expect(abs(difference - (masses[index] - masses[0])) <= 1e-6)
      }
    }
  }

  @Test func gradientsNeedACostOfPoints() throws {
    let measure = try DiscreteMeasure(points: [[0], [1]])
    let problem = try TransportProblem(
      from: measure, to: measure, cost: .matrix([0, 1, 1, 0]), exponent: 1)
    let solution = try SinkhornSolver(regularization: 1).solveEntropic(problem)
    #expect(throws: SolverError.self) { try solution.gradient() }
    #expect(try solution.unregularizedCostBounds().lower == 0)
  }
}
