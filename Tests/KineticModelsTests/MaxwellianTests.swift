import KineticModels
import OptimalTransport
import TestSupport
import Testing

/// The limit of strong local alignment with noise, in which velocities are Maxwellian.
@Suite struct MaxwellianTests {
  /// φ = 1 and a normal density on a long circle: f stays normal. Moments and relative entropy at t = 1 for ε = .1 are
  /// known from the equations of the covariance.
  @Test func theGaussianClosure() throws {
    let length = 20.0
    let start = try FluidState(length: length, count: 96) { x in
      exponential(-power(x - length / 2, 2) / 2) + 1e-15
    } velocity: {
      0.5 * ($0 - length / 2)
    }
    var flow = try MaxwellianAlignmentFlow(
      start, kernel: .constant, strength: 1, epsilon: 0.1, modeCount: 40)
    try flow.advance(to: 1)
    let found = flow.secondMoments
    for (found, known) in [
      (found.xx, 2.52580993), (found.xv, 0.96292723), (found.vv, 1.24512813),
    ] {
      #expect(abs(found / known - 1) < 1e-4)
    }
    // The limit: variance X and u = bx.
    let limit = try FluidState(length: length, count: 96) { x in
      exponential(-power(x - length / 2, 2) / 2 / 2.63904202) + 1e-15
    } velocity: {
      0.40646653 * ($0 - length / 2)
    }
    #expect(abs(flow.relativeEntropy(to: limit) / 0.0053303463 - 1) < 0.03)
    var fluid = try AlignedFluid(start, kernel: .constant, strength: 1)
    try fluid.advance(to: 1)
    for (found, known) in zip(fluid.state.densities, limit.densities) {
      #expect(abs(found - known) < 2e-4)
    }
    let normal = (xx: 2.52580993, xv: 0.96292723, vv: 1.24512813)
    let other = (
      xx: 2.63904202, xv: 0.40646653 * 2.63904202, vv: 1 + power(0.40646653, 2) * 2.63904202
    )
    #expect(abs(distance(found, other) / 0.0901447421 - 1) < 0.03)
    #expect(abs(distance(normal, other) / 0.0901447421 - 1) < 1e-6)
    // Points of equal mass come near to W₂ in phase space.
    let study = try MaxwellianStudy(
      start: start, kernel: .constant, strength: 1, times: [1], phaseCloud: (96, 32))
    let row = try study.run(epsilon: 0.1, modeCount: 40).rows[0]
    #expect(abs(row.distance / 0.0901447421 - 1) < 0.1, "\(row.distance)")
    #expect(row.distanceBounds.lower <= row.distance && row.distance <= row.distanceBounds.upper)
    #expect(row.positionDistance < row.distance)
  }

  /// H falls with an order that tends to 2 and densities with one that tends to 1, and the density is within what H
  /// allows.
  @Test func theOrders() throws {
    let study = try MaxwellianStudy(
      start: wave(), kernel: .power(exponent: 2), strength: 1, times: [0.25, 0.5])
    let reports = try [0.04, 0.02, 0.01].map { try study.run(epsilon: $0) }
    for report in reports {
      #expect(report.rows.count == 2 && report.rows.allSatisfy { $0.isWithinEntropy })
    }
    let orders = zip(reports, reports.dropFirst()).map { coarse, fine in
      (
        logarithm(coarse.lastEntropy / fine.lastEntropy) / logarithm(2),
        logarithm(coarse.largestPositionDistance / fine.largestPositionDistance) / logarithm(2)
      )
    }
    #expect(orders[1].0 > orders[0].0 && 1.4...2.1 ~= orders[1].0)
    #expect(0.7...1.1 ~= orders[1].1)
    // An average of the local velocity is one more error.
    let wide = try study.run(epsilon: 0.02, width: 0.1)
    #expect(wide.lastEntropy > 2 * reports[1].lastEntropy)
  }

  /// Mass is conserved, and momentum by the symmetric kernel; a fluid at rest of even density stays.
  @Test func whatIsConserved() throws {
    let start = try wave()
    var fluid = try AlignedFluid(start, kernel: .gaussian(width: 0.2), strength: 3)
    var flow = try MaxwellianAlignmentFlow(
      start, kernel: .gaussian(width: 0.2), strength: 3, epsilon: 0.05)
    try fluid.advance(to: 0.3)
    try flow.advance(to: 0.3)
    for state in [fluid.state, flow.state] {
      #expect(abs(state.densities.reduce(0, +) / 64 - 1) < 1e-12)
      #expect(
        abs(state.momenta.reduce(0, +) - start.momenta.reduce(0, +)) < 1e-10)
    }
    let even = try FluidState(length: 2, count: 32) { _ in
      1
    } velocity: { _ in
      0
    }
    var rest = try MaxwellianAlignmentFlow(even, kernel: .constant, strength: 0, epsilon: 0.1)
    try rest.advance(to: 1)
    #expect(abs(rest.relativeEntropy(to: even)) < 1e-12)
  }

  @Test func whatIsRefused() throws {
    let start = try wave()
    func flow(epsilon: Double, width: Double = 0, modes: Int = 32) throws {
      _ = try MaxwellianAlignmentFlow(
        start, kernel: .constant, strength: 1, epsilon: epsilon, width: width, modeCount: modes)
    }
    #expect(throws: KineticModelError.self) { try flow(epsilon: 0) }
    #expect(throws: KineticModelError.self) { try flow(epsilon: -1) }
    #expect(throws: KineticModelError.self) { try flow(epsilon: 1, width: 0.01) }
    #expect(throws: KineticModelError.self) { try flow(epsilon: 1, modes: 1) }
    #expect(throws: KineticModelError.self) {
      try FluidState(length: 1, count: 32) {
        $0 - 0.5
      } velocity: { _ in
        0
      }
    }
    // A wave that steepens is not shown by these points for ever.
    var steep = try AlignedFluid(
      FluidState(length: 1, count: 32) { _ in
        1
      } velocity: {
        2 * sine(2 * Double.pi * $0)
      },
      kernel: .constant, strength: 0)
    #expect(throws: KineticModelError.self) { try steep.advance(to: 1) }
    // More steps than can be taken are counted before the first one.
    for speed in [1e300, 1e12] {
      var runaway = try AlignedFluid(
        FluidState(length: 1, count: 8) { _ in
          1
        } velocity: { _ in
          speed
        }, kernel: .constant,
        strength: 1)
      #expect(throws: KineticModelError.self) { try runaway.advance(to: 1) }
      #expect(throws: KineticModelError.self) { try runaway.advance(to: 1e300) }
    }
    // Few modes do not show a fast fluid.
    var fast = try MaxwellianAlignmentFlow(
      FluidState(length: 1, count: 32) { _ in
        1
      } velocity: { _ in
        5
      }, kernel: .constant,
      strength: 1, epsilon: 0.1, modeCount: 12)
    #expect(throws: KineticModelError.self) { try fast.advance(to: 0.1) }
  }

  private func wave() throws -> FluidState {
    try FluidState(length: 1, count: 64) {
      1 + 0.2 * cosine(2 * Double.pi * $0)
    } velocity: {
      0.2 * sine(2 * Double.pi * $0)
    }
  }

  /// W₂ of two centred normal laws.
  private func distance(
    _ a: (xx: Double, xv: Double, vv: Double), _ b: (xx: Double, xv: Double, vv: Double)
  ) -> Double {
    let trace = a.xx * b.xx + 2 * a.xv * b.xv + a.vv * b.vv
    let determinant = (a.xx * a.vv - a.xv * a.xv) * (b.xx * b.vv - b.xv * b.xv)
    let root = (trace + 2 * determinant.squareRoot()).squareRoot()
    return (a.xx + a.vv + b.xx + b.vv - 2 * root).squareRoot()
  }
}
