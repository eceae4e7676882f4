import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct SinkhornDivergenceTests {
  /// For the squared distance a translation adds a function of x and one of y to the cost: the
  /// divergence is |shift|² at every regularisation.
  @Test(arguments: [0.01, 0.1, 1, 100]) func translationsAreExact(epsilon: Double) throws {
    var generator = SeededGenerator(seed: 4)
    let source = try generator.measure(count: 40, dimension: 2, masses: .random)
    let shifted = try DiscreteMeasure(
      axes: [source.axis(0).map { $0 + 0.3 }, source.axis(1).map { $0 - 0.4 }],
      masses: source.masses)
    let divergence = try SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-9)
      .divergence(TransportProblem(from: source, to: shifted, exponent: 2))
    #expect(abs(divergence.value - 0.25) <= 1e-8 + 1e-14 * epsilon)
    #expect(abs(divergence.value - 0.25) <= divergence.errorBound)
  }

  /// Equal measures, also with points split, permuted or without mass.
  @Test func equalMeasuresHaveNone() throws {
    var generator = SeededGenerator(seed: 6)
    let source = try generator.measure(count: 30, dimension: 2, masses: .withZeros)
    let halves = source.masses.map { $0 / 2 }
    let split = try DiscreteMeasure(
      axes: (0..<2).map { Array(source.axis($0).reversed()) + source.axis($0) },
      masses: Array(halves.reversed()) + halves)
    for exponent in [1.0, 1.5, 2] {
      for epsilon in [0.02, 1, 1e4] {
        let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-10)
        for target in [source, split] {
          let divergence = try solver.divergence(
            TransportProblem(from: source, to: target, exponent: exponent))
          #expect(divergence.value >= 0)
          #expect(divergence.value <= 1e-9 + 1e-14 * epsilon)
        }
      }
    }
  }

  @Test func isPositiveSymmetricAndBetweenItsLimits() throws {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<5 {
      let source = try generator.measure(count: 15, dimension: 2, masses: .random)
      let target = try generator.measure(count: 20, dimension: 2, masses: .random)
      let problem = try TransportProblem(from: source, to: target, exponent: 1)
      for epsilon in [0.01, 0.3, 1e3] {
        let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-9)
        let value = try solver.divergence(problem).value
        let swapped = try solver.divergence(problem.swapped()).value
        #expect(value > 0)
        #expect(abs(value - swapped) <= 1e-8)
      }
      // As ε → ∞ the plans become products: half the energy distance.
      func mean(_ mu: DiscreteMeasure, _ nu: DiscreteMeasure) throws -> Double {
        let problem = try TransportProblem(from: mu, to: nu, exponent: 1)
        var sum = CompensatedSum()
        for i in 0..<mu.count {
          for j in 0..<nu.count {
            sum.add(mu.masses[i] * nu.masses[j] * plainCost(problem, i, j))
          }
        }
        return sum.value
      }
      let limit = try mean(source, target) - (mean(source, source) + mean(target, target)) / 2
      let large = try SinkhornSolver(regularization: 1e4, marginalTolerance: 1e-10)
        .divergence(problem).value
      #expect(abs(large - limit) <= 1e-4)
    }
  }

  @Test func needsACostWithinEachMeasure() throws {
    let measure = try DiscreteMeasure(points: [[0], [1]])
    let problem = try TransportProblem(
      from: measure, to: measure, cost: .matrix([0, 1, 1, 0]), exponent: 1)
    #expect {
      try SinkhornSolver(regularization: 1).divergence(problem)
    } throws: { error in
      guard case .unsuitable? = error as? SolverError else { return false }
      return true
    }
  }

  /// Against differences of the value, in points and in masses; it vanishes where the measures agree.
  @Test func gradientIsTheDerivative() throws {
    let solver = SinkhornSolver(regularization: 0.1, marginalTolerance: 1e-13)
    let axes = [[0.1, 0.4, 0.9, 1.3], [0.2, 0.8, 0.1, 0.5]]
    let masses = [0.1, 0.2, 0.3, 0.4]
    let target = try DiscreteMeasure(
      axes: [[0.6, 1.1, 0.2], [0.9, 0.3, 0.4]], masses: [0.5, 0.2, 0.3])
    func divergence(_ axes: [[Double]], _ masses: [Double]) throws -> SinkhornDivergence {
      try solver.divergence(
        TransportProblem(
          from: DiscreteMeasure(axes: axes, masses: masses), to: target, exponent: 2))
    }
    let gradient = try divergence(axes, masses).gradient()
    let step = 1e-5
    for axis in 0..<2 {
      for point in 0..<4 {
        let values = try [step, -step].map { shift in
          var moved = axes
          moved[axis][point] += shift
          return try divergence(moved, masses).value
        }
        let slope = (values[0] - values[1]) / (2 * step)
        #expect(abs(gradient.sourcePoints[axis * 4 + point] - slope) < 1e-8)
      }
    }
    // Mass goes from one point to the next, so that the total stays.
    for point in 0..<3 {
      let values = try [step, -step].map { shift in
        var other = masses
        other[point] -= shift
        other[point + 1] += shift
        return try divergence(axes, other).value
      }
      let slope = (values[0] - values[1]) / (2 * step)
      let wanted = gradient.sourceMasses[point + 1] - gradient.sourceMasses[point]
      #expect(abs(wanted - slope) < 1e-8)
    }
    let same = try DiscreteMeasure(axes: axes, masses: masses)
    let zero = try solver.divergence(TransportProblem(from: same, to: same, exponent: 2)).gradient()
    #expect((zero.sourcePoints + zero.targetPoints).allSatisfy { abs($0) < 1e-10 })
  }
}
