import CharacteristicFlows
import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// The limit of strong local alignment, in which each place has one velocity.
@Suite struct MonokineticTests {
  /// With φ = 1 characteristics meet at −ln(1 − λ/m)/λ, m = −min u₀′, where m > λ, and never else.
  @Test(arguments: [1.0, 2.5])
  func theShock(strength: Double) throws {
    let alignment = try AlignmentField(.cuckerSmale, kernel: .constant, strength: strength)
    var agents = try MonokineticAgents(
      measure: wave(amplitude: 0.5, count: 400), alignment: alignment, step: 0.005)
    let expected = -logarithm(1 - strength / Double.pi) / strength
    var found: Double?
    do {
      try agents.advance(to: 3)
    } catch KineticModelError.shock(let time) {
      found = time
    }
    #expect(abs(try #require(found) - expected) < 2e-4)
    var smooth = try MonokineticAgents(
      measure: wave(amplitude: 0.15, count: 400), alignment: alignment, step: 0.02)
    try smooth.advance(to: 3)
    #expect(smooth.time == 3)
  }

  /// φ = 1 and a normal density on a long circle: positions and velocities stay normal, and W₂ at t = 1 is known from
  /// the equations of their covariance.
  @Test func theGaussianClosure() throws {
    let count = 2000
    let box = try ProductDomain([.circle(length: 16)])
    let x = (0..<count).map { 8 + NormalQuantile.value((Double($0) + 0.5) / Double(count)) }
    let measure = try PhaseSpaceMeasure(
      positions: [x], velocities: [x.map { 0.5 * ($0 - 8) }], box: box, time: 0)
    let study = try MonokineticStudy(
      measure: measure, alignment: AlignmentField(.cuckerSmale, kernel: .constant), step: 0.02,
      times: [1])
    let report = try study.run(epsilon: 0.1, width: 0.1)
    #expect(abs(report.lastDistance / 0.0164523942762 - 1) < 0.03)
    #expect(report.rows.allSatisfy { $0.isBelowCoupling })
    // The start is εN/2 off in its velocities, and less far from the line v = x/2.
    #expect(abs(report.rows[0].distance / (0.05 / 1.25.squareRoot()) - 1) < 0.03)
    #expect(report.rows[0].positionDistance == 0)
  }

  /// The largest W₂ is that of the start where δ²/ε is small, and falls with ε; at the end it grows with δ²/ε.
  @Test func howFarTheKineticSolutionIs() throws {
    let measure = try wave(amplitude: 0.1, count: 300)
    let study = try MonokineticStudy(
      measure: measure,
      alignment: AlignmentField(.cuckerSmale, kernel: CommunicationKernel.power(exponent: 2)),
      step: 0.02, times: [0.25, 0.5])
    func report(_ epsilon: Double, _ width: Double) throws -> MonokineticStudy.Report {
      let report = try study.run(epsilon: epsilon, width: width)
      #expect(report.rows.allSatisfy { $0.isBelowCoupling } && report.rows.count == 3)
      #expect(report.constant < 1)
      return report
    }
    let reports = try [0.08, 0.04, 0.02].map { try report($0, 0.01) }
    for (coarse, fine) in zip(reports, reports.dropFirst()) {
      #expect(1.8...2.2 ~= coarse.largestDistance / fine.largestDistance)
    }
    #expect(try report(0.02, 0.04).lastDistance > 4 * reports[2].lastDistance)
  }

  @Test func whatIsRefused() throws {
    let alignment = try AlignmentField(.cuckerSmale, kernel: .constant)
    let line = try PhaseSpaceMeasure(positions: [[0, 1]], velocities: [[0, 1]], time: 0)
    #expect(throws: KineticModelError.self) {
      try MonokineticAgents(measure: line, alignment: alignment, step: 0.1)
    }
    let box = try ProductDomain([.circle(length: 1)])
    let twice = try PhaseSpaceMeasure(
      positions: [[0.5, 0.5]], velocities: [[0, 1]], box: box, time: 0)
    #expect(throws: KineticModelError.shock(time: 0)) {
      try MonokineticAgents(measure: twice, alignment: alignment, step: 0.1)
    }
    let study = try MonokineticStudy(
      measure: wave(amplitude: 0.1, count: 20), alignment: alignment, step: 0.1, times: [0.1])
    #expect(throws: KineticModelError.self) { try study.run(epsilon: 0, width: 0.1) }
    #expect(throws: KineticModelError.self) { try study.run(epsilon: 0.1, width: 1e-5) }
    #expect(throws: KineticModelError.self) { try study.run(epsilon: 0.1, width: .nan) }
  }

  /// Even places with the velocities A·sin 2πx.
  private func wave(amplitude: Double, count: Int) throws -> PhaseSpaceMeasure {
    let x = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    return try PhaseSpaceMeasure(
      positions: [x], velocities: [x.map { amplitude * sine(2 * Double.pi * $0) }],
      box: ProductDomain([.circle(length: 1)]), time: 0)
  }
}
