import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

@Suite struct NonlinearDistanceTests {
  private func pair(_ count: Int) throws -> (PhaseSpaceMeasure, PhaseSpaceMeasure) {
    (
      try SampleFamily.twoStream.sample(
        count: count, seed: 1, parameters: ["beam-speed": 0.3, "thermal-speed": 0.1]),
      try SampleFamily.twoStream.sample(
        count: count + 20, seed: 2, parameters: ["beam-speed": 0.35, "thermal-speed": 0.1])
    )
  }

  static let nonlinearities: [Nonlinearity] = [
    try? .logarithmic(), try? .logarithmic(epsilon: 0.2, convention: .halved),
    try? .extendedLogarithmic(epsilon: 0.5), try? .power(0.5), try? .power(2, epsilon: 3),
    Nonlinearity(name: "rational") { 1 / (1 + $0) },
  ].compactMap { $0 }

  /// The fixed point solves s = W_{Φ(s),p}^p to 1e-12, checked by a fresh transport problem.
  @Test(arguments: nonlinearities.indices, [1.0, 2])
  func fixedPointIsOne(index: Int, p: Double) throws {
    let nonlinearity = Self.nonlinearities[index]
    let (first, second) = try pair(150)
    let metric = try KineticMetric(exponent: p, nonlinearity: nonlinearity)
    let result = try metric.distance(from: first, to: second)
    let s = result.cost
    let point = try #require(result.fixedPoint)
    #expect(point.residual <= 1e-12 * s)
    let linear = try KineticMetric(exponent: p)
    let fresh = try NetworkSimplex().solve(
      linear.problem(from: first, to: second, positionFactor: nonlinearity(s)))
    let half = nonlinearity.convention == .full ? 1 : 0.5
    #expect(abs(s - half * fresh.cost) <= 1e-12 * s)
    #expect(result.costBounds.contains(s))
    #expect(result.costBounds.relativeWidth < 1e-11)
    #expect(point.solves >= 2 && point.warmSolves == point.solves - 1)
    // Every coupling has D(π) ≥ s: here that of the product measure, and the one that is optimal for
    // another weight.
    let other = try NetworkSimplex().solve(
      linear.problem(from: first, to: second, positionFactor: 7))
    let parts = linear.partCosts(other.plan, from: first, to: second)
    if let d = try nonlinearity.root(positionPart: parts.position, velocityPart: parts.velocity) {
      #expect(d >= s * (1 - 1e-13))
    }
  }

  /// For Φ = ε⁻²|log s| the root is s = c·W₀(e^{B/c}/c), c = A/ε².
  @Test func rootIsLambert() throws {
    for (a, b, epsilon) in [(0.1, 0.2, 1.0), (1e-8, 0.9, 0.1), (3, 1e-6, 2), (1e-3, 0, 0.5)] {
      let phi = try Nonlinearity.logarithmic(epsilon: epsilon)
      let s = try #require(try phi.root(positionPart: a, velocityPart: b))
      let c = a / (epsilon * epsilon)
      // w·e^w = e^{B/c}/c in logarithms: w + log w = B/c − log c, by Newton's method.
      let right = b / c - logarithm(c)
      var w = max(right > 1 ? right - logarithm(right) : 0.5, 1e-3)
      for _ in 0..<100 { w -= (w + logarithm(w) - right) / (1 + 1 / w) }
      #expect(abs(s - c * w) <= 1e-13 * s)
    }
  }

  @Test func saysWhichSizeTheLogarithmNeeds() throws {
    let first = try PhaseSpaceMeasure(positions: [[0.0]], velocities: [[0.0]])
    let second = try PhaseSpaceMeasure(positions: [[0.1]], velocities: [[2.0]])
    let metric = try KineticMetric(nonlinearity: .logarithmic())
    #expect {
      try metric.distance(from: first, to: second)
    } throws: { error in
      guard case KineticMetricError.outsideNonlinearity(_, let bound, let part) = error else {
        return false
      }
      return bound == 1 && part == 4 && "\(error)".contains("Remark 3.8")
    }
    let extended = try KineticMetric(nonlinearity: .extendedLogarithmic())
    #expect(try extended.distance(from: first, to: second).cost > 4)
  }

  @Test func identicalMeasuresAreAtDistanceZero() throws {
    let (first, _) = try pair(40)
    for nonlinearity in Self.nonlinearities {
      let metric = try KineticMetric(nonlinearity: nonlinearity)
      let result = try metric.distance(from: first, to: first)
      #expect(result.distance == 0 && result.distanceBounds.lower == 0)
    }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let phi = try Nonlinearity.logarithmic()
    #expect(throws: KineticMetricError.nonlinearityNeedsSplitForm(exponent: 1)) {
      try KineticMetric(exponent: 1, form: .joint, nonlinearity: phi)
    }
    #expect(throws: KineticMetricError.self) { try Nonlinearity.logarithmic(epsilon: 0) }
    #expect(throws: KineticMetricError.self) { try Nonlinearity.power(-1) }
    let (first, second) = try pair(5)
    #expect(throws: KineticMetricError.nonlinearityNeedsPhaseSpace) {
      try KineticMetric(nonlinearity: phi).distance(from: first, to: second, space: .position)
    }
    let broken = Nonlinearity(name: "broken") { _ in -1 }
    #expect(throws: KineticMetricError.self) {
      try KineticMetric(nonlinearity: broken).distance(from: first, to: second)
    }
  }
}
