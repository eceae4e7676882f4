import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

@Suite struct KineticMetricTests {
  private func measure(_ seed: UInt64, count: Int = 50, dimension: Int = 2) throws
    -> PhaseSpaceMeasure
  {
    try SampleFamily.maxwellian.sample(count: count, dimension: dimension, seed: seed)
  }

  static let metrics: [KineticMetric] = [
    try? .standard(exponent: 1), try? .standard(exponent: 2),
    try? .standard(exponent: 3, form: .joint), try? .anisotropic(positionWeight: 7),
    try? .twisted(a: 2, b: -0.9, c: 1, exponent: 1), try? .freeFlow(time: 3, exponent: 1),
    try? KineticMetric(exponent: 1, positionWeight: 4, shear: -0.5),
    try? KineticMetric(nonlinearity: .extendedLogarithmic(epsilon: 0.3)),
    try? KineticMetric(shear: 0.7, nonlinearity: .power(1)),
  ].compactMap { $0 }

  /// Symmetry, the triangle inequality for linear metrics, and invariance under a translation of
  /// positions and (for distances that are differences of velocities) of velocities.
  @Test(arguments: metrics.indices)
  func obeysTheLaws(index: Int) throws {
    let metric = Self.metrics[index]
    let (a, b, c) = (try measure(1), try measure(2), try measure(3))
    let ab = try metric.distance(from: a, to: b)
    let ba = try metric.distance(from: b, to: a)
    #expect(abs(ab.distance - ba.distance) <= 1e-12 * ab.distance)
    if metric.nonlinearity == nil {
      let bc = try metric.distance(from: b, to: c).distance
      let ac = try metric.distance(from: a, to: c).distance
      #expect(ac <= (ab.distance + bc) * (1 + 1e-12))
    }
    let moved = try [a, b].map { measure in
      try PhaseSpaceMeasure(
        positions: (0..<2).map { k in measure.position(k).map { $0 + 0.375 } },
        velocities: (0..<2).map { k in measure.velocity(k).map { $0 - 2 } }, box: measure.box)
    }
    let translated = try metric.distance(from: moved[0], to: moved[1])
    #expect(abs(translated.distance - ab.distance) <= 1e-11 * ab.distance)
  }

  @Test func specialValuesCoincide() throws {
    let (a, b) = (try measure(4), try measure(5))
    for p in [1.0, 2, 3] {
      let joint = try KineticMetric.standard(exponent: p, form: .joint).distance(from: a, to: b)
      let twisted = try KineticMetric.twisted(a: 1, b: 0, c: 1, exponent: p).distance(
        from: a, to: b)
      #expect(abs(joint.distance - twisted.distance) <= 1e-13 * joint.distance)
      let split = try KineticMetric.standard(exponent: p).distance(from: a, to: b)
      let flow = try KineticMetric.freeFlow(time: 0, exponent: p).distance(from: a, to: b)
      #expect(split.distance == flow.distance)
      if p == 2 { #expect(abs(split.distance - joint.distance) <= 1e-13 * joint.distance) }
    }
  }

  @Test func comparesMarginals() throws {
    let (a, b) = (try measure(6, dimension: 1), try measure(7, dimension: 1))
    let metric = try KineticMetric.standard()
    let position = try metric.distance(from: a, to: b, space: .position)
    let velocity = try metric.distance(from: a, to: b, space: .velocity)
    #expect(position.solution.method == "circle" && velocity.solution.method == "line")
    let phase = try metric.distance(from: a, to: b)
    #expect(phase.cost >= position.cost + velocity.cost - 1e-12)
    let places = try PhaseSpaceMeasure(positions: [[0.1, 0.4]], velocities: [])
    #expect(try metric.distance(from: places, to: places, space: .position).distance == 0)
    #expect(throws: KineticMetricError.self) { try metric.distance(from: places, to: places) }
  }

  @Test func namesWhatDoesNotFit() throws {
    let flat = try measure(1, dimension: 1)
    let plane = try measure(1, dimension: 2)
    let metric = try KineticMetric.standard()
    #expect(throws: KineticMetricError.self) { try metric.distance(from: flat, to: plane) }
    let free = try SampleFamily.gaussian.sample(count: 5, seed: 1)
    #expect(
      throws: KineticMetricError.boxMismatch(axis: 0, first: .circle(length: 1), second: .line)
    ) { try metric.distance(from: flat, to: free) }
    let mixed = try PhaseSpaceMeasure(positions: [[0.0]], velocities: [[1.0], [2.0]])
    #expect(throws: KineticMetricError.shearNeedsEqualDimensions(position: 1, velocity: 2)) {
      try KineticMetric.freeFlow(time: 1).distance(from: mixed, to: mixed)
    }
    for (a, b, c) in [(1.0, 1.0, 1.0), (1, -2, 1), (-1, 0, 1), (1, 0, 0), (.nan, 0, 1)] {
      #expect(throws: KineticMetricError.self) {
        try KineticMetric.twisted(a: a, b: b, c: c)
      }
    }
    #expect(throws: KineticMetricError.self) { try KineticMetric.standard(exponent: 0.5) }
    #expect(throws: KineticMetricError.self) { try KineticMetric.anisotropic(positionWeight: 0) }
    #expect(throws: KineticMetricError.self) { try KineticMetric.freeFlow(time: .infinity) }
  }
}
