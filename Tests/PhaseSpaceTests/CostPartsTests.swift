import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// The position and the velocity part of a cost.
@Suite struct CostPartsTests {
  private func particle(_ x: [Double], _ v: [Double], box: ProductDomain? = nil) throws
    -> PhaseSpaceMeasure
  {
    try PhaseSpaceMeasure(positions: x.map { [$0] }, velocities: v.map { [$0] }, box: box)
  }

  private let plan = TransportPlan(sources: [0], targets: [0], masses: [1])

  @Test func closedForms() throws {
    // |Δx| = 5 and |Δv| = 2.
    let first = try particle([0, 0], [1, 0])
    let second = try particle([3, 4], [1, 2])
    for exponent in [1.0, 2, 3] {
      let metric = try KineticMetric(exponent: exponent, positionWeight: 7, velocityWeight: 0.5)
      let parts = metric.partCosts(plan, from: first, to: second)
      #expect(abs(parts.position - 7 * 5.0.power(exponent)) < 1e-12 * parts.position)
      #expect(abs(parts.velocity - 0.5 * 2.0.power(exponent)) < 1e-12)
    }
    // The cost (25 + 4)^½ in proportion to 25 and 4.
    let joint = try KineticMetric(exponent: 1, form: .joint)
      .partCosts(plan, from: first, to: second)
    let cost = 29.0.squareRoot()
    #expect(abs(joint.position - cost * 25 / 29) < 1e-15 * 8)
    #expect(abs(joint.velocity - cost * 4 / 29) < 1e-15 * 8)
    // The free flow for the time 1 moves the second particle back by its own velocity.
    let free = try KineticMetric.freeFlow(time: 1).partCosts(plan, from: first, to: second)
    #expect(free.position == 3 * 3 + 2 * 2 && free.velocity == 4)
  }

  @Test func partsSumToTheCost() throws {
    let box = try ProductDomain([.circle(length: 1)])
    var generator = SeededGenerator(seed: 11)
    let measures = try (0..<2).map { _ in
      try PhaseSpaceMeasure(
        positions: [(0..<60).map { _ in generator.uniform() }],
        velocities: [(0..<60).map { _ in generator.uniform() }], box: box)
    }
    var metrics: [KineticMetric] = []
    for form in KineticMetric.Form.allCases {
      for exponent in [1.0, 1.5, 2, 3] {
        metrics.append(
          try KineticMetric(
            exponent: exponent, form: form, positionWeight: 3, velocityWeight: 0.2, shear: 0.1))
      }
    }
    metrics.append(try KineticMetric(nonlinearity: .extendedLogarithmic()))
    metrics.append(try KineticMetric(nonlinearity: .extendedLogarithmic(convention: .halved)))
    for metric in metrics {
      let distance = try metric.distance(from: measures[0], to: measures[1])
      let parts = try #require(distance.costParts(from: measures[0], to: measures[1]))
      #expect(parts.position > 0 && parts.velocity > 0)
      #expect(
        abs(parts.position + parts.velocity - distance.cost) < 1e-12 * distance.cost,
        "\(metric.summary)")
    }
    let positions = try KineticMetric().distance(
      from: measures[0], to: measures[1], space: .position)
    #expect(positions.costParts(from: measures[0], to: measures[1]) == nil)
  }

  /// Squares that leave the numbers do not take the parts along.
  @Test(arguments: [1e-200, 1e-170, 1e150, 1e200]) func extremeUnits(unit: Double) throws {
    let first = try particle([0, 0], [0, 0])
    let second = try particle([3 * unit, 4 * unit], [0, 2 * unit])
    let split = try KineticMetric(exponent: 1).partCosts(plan, from: first, to: second)
    #expect(abs(split.position / unit - 5) < 1e-14 && abs(split.velocity / unit - 2) < 1e-14)
    let joint = try KineticMetric(exponent: 1, form: .joint)
      .partCosts(plan, from: first, to: second)
    #expect(abs(joint.position / unit - 29.0.squareRoot() * 25 / 29) < 1e-14)
    #expect(abs(joint.velocity / unit - 29.0.squareRoot() * 4 / 29) < 1e-14)
  }
}
