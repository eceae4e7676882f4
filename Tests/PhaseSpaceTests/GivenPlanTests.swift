import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// The upper bound that a given plan proves.
@Suite struct GivenPlanTests {
  private func metrics() throws -> [KineticMetric] {
    [
      try KineticMetric(exponent: 1), try KineticMetric(exponent: 3),
      try KineticMetric(exponent: 1.5, form: .joint, positionWeight: 25),
      try .twisted(a: 2, b: 0.9, c: 1, exponent: 1), try .freeFlow(time: 0.5),
      try KineticMetric(nonlinearity: .extendedLogarithmic(epsilon: 0.5)),
      try KineticMetric(exponent: 1, nonlinearity: .power(0.5)),
    ]
  }

  private func measure(
    _ x: [Double], _ v: [Double], _ masses: [Double]? = nil
  ) throws -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positions: [x], velocities: [v], masses: masses, box: ProductDomain([.circle(length: 1)]))
  }

  /// Every particle is shifted by the same (α, u), so that every coupling costs at least what that
  /// of each particle with itself does: the bound is the distance, whatever the order of the
  /// particles. |α + tu| stays below half the circle.
  @Test func shiftedParticles() throws {
    let (alpha, u) = (0.125, -0.25)
    let (x, v) = ([0.0, 0.3, 0.7, 0.9], [1.0, -0.5, 2, 0])
    let order = [2, 0, 3, 1]
    let source = try measure(x, v)
    let target = try measure(order.map { x[$0] + alpha }, order.map { v[$0] + u })
    let places = [1, 3, 0, 2]
    let expected: [Double] = [
      0.375, alpha.power(3) + 0.25.power(3),
      (25 * alpha * alpha + u * u).power(0.75),
      (2 * alpha * alpha + 1.8 * alpha * u + u * u).squareRoot(),
      (alpha - 0.5 * u).power(2) + u * u,
    ]
    for (metric, cost) in zip(try metrics(), expected) {
      let found = try metric.distance(movingTo: places, from: source, to: target)
      #expect(abs(found.cost - cost) <= 1e-14, "\(metric.summary): \(found.cost) for \(cost)")
      #expect(found.costBounds.lower == 0 && found.costBounds.upper >= cost)
      #expect(found.costBounds.upper <= cost * (1 + 1e-12))
      #expect(try found.solution.verify().isConfirmed)
    }
    for metric in try metrics().suffix(2) {
      let found = try metric.distance(movingTo: places, from: source, to: target)
      let nonlinearity = try #require(metric.nonlinearity)
      let (a, b) = (alpha.power(metric.exponent), abs(u).power(metric.exponent))
      let s = try #require(try nonlinearity.root(positionPart: a, velocityPart: b))
      #expect(abs(found.cost - s) <= 1e-13 && found.costBounds.contains(s))
      let point = try #require(found.fixedPoint)
      #expect(point.residual <= 1e-13 && point.solves == 0)
    }
  }

  /// A bad plan is still a bound, also where masses differ and some must move elsewhere.
  @Test func everyPlanIsAnUpperBound() throws {
    var generator = SeededGenerator(seed: 8)
    func numbers() -> [Double] { (0..<40).map { _ in generator.uniform() } }
    let source = try measure(numbers(), numbers(), numbers())
    let target = try measure(numbers(), numbers(), numbers())
    for metric in try metrics() {
      let found = try metric.distance(
        movingTo: Array((0..<40).reversed()), from: source, to: target)
      let exact = try metric.distance(from: source, to: target)
      #expect(found.cost > exact.cost * (1 + 1e-6), "\(metric.summary)")
      #expect(found.costBounds.lower <= exact.costBounds.lower)
      #expect(try found.solution.verify().marginalError <= 1e-14)
    }
  }
  /// Places that are no plan are refused: they once ended the process.
  @Test(arguments: [[0, 1], [0, 1, 3], [0, 1, -1], [0, 0, 1], [0, 1, 2, 3]])
  func placesThatAreNoneAreRefused(places: [Int]) throws {
    let points = try measure([0.1, 0.2, 0.3], [0, 0, 0])
    for metric in try metrics() {
      #expect(
        throws: KineticMetricError.badPlaces(places: places.count, sources: 3, targets: 3)
      ) { try metric.distance(movingTo: places, from: points, to: points) }
    }
  }
}
