import CharacteristicFlows
import Foundation
import OptimalTransport
import PhaseSpace
import StabilityEstimates
import Testing

/// Theorem 3.1 beside the truth.
@Suite struct VlasovPoissonStudyTests {
  /// Counter-streaming cold beams with κ = 2π·speed·ε = ½, displaced by a wave.
  private func study(
    _ epsilon: Double, theta: Double, until: Double,
    _ change: (inout VlasovPoissonHypothesis) -> Void
  ) throws -> StabilityReport {
    let speed = 0.5 / (2 * .pi * epsilon)
    let a = try PhaseSpaceMeasure.counterStreamingBeams(count: 256, speed: speed)
    let b = try a.displaced(by: theta)
    let field = try ParticleMeshField(epsilon: epsilon, box: a.box, cells: [32], shape: .cubic)
    let flow = try coupled(a, b, field, step: epsilon / 20, exponent: 2)
    var hypothesis = try VlasovPoissonHypothesis(epsilon: epsilon)
    change(&hypothesis)
    let times = (1...6).map { until * Double($0) / 6 }
    return try StabilityStudy(
      flow: flow, theorem: .vlasovPoisson(hypothesis), times: times
    ).run()
  }

  @Test func theRunSupportsItsOwnConstants() throws {
    let report = try study(0.2, theta: 1e-4, until: 2) { _ in }
    #expect(report.violations.isEmpty, "\(report.violations)")
    // ε⁻²|log Q| ≥ 1, so Q satisfies its own equation: checked without `Nonlinearity`.
    for row in report.rows {
      let q = try #require(row.sample.moment.functional)
      #expect(q > row.sample.moment.carriedDistance * row.sample.moment.carriedDistance / 2)
    }
    let supremum = try #require(report.constants.first { $0.name == "sup C_eff" }?.value)
    let used = try #require(report.constants.first { $0.name == "C_d" })
    #expect(used.value == supremum && used.origin == .measured)
    // With the smallest constant, the bound of Q is touched and not crossed.
    let margins = report.trajectory.moments.compactMap { moment -> Double? in
      guard let q = moment.functional, let q0 = report.trajectory.moments[0].functional else {
        return nil
      }
      return VlasovPoissonStabilityBounds.functional(
        initial: q0, epsilon: 0.2, growth: supremum, densityIntegral: moment.densityIntegral) / q
    }
    let least = try #require(margins.dropFirst().min())
    #expect(abs(least - 1) < 1e-10)
  }

  /// A C_d of half the measured size is contradicted by the run, as long as its hypotheses hold.
  @Test func aConstantThatIsTooSmallIsViolated() throws {
    let free = try study(0.5, theta: 1e-6, until: 6) { _ in }
    let supremum = try #require(free.constants.first { $0.name == "sup C_eff" }?.value)
    #expect(supremum > 0)
    let report = try study(0.5, theta: 1e-6, until: 6) { $0.growth = supremum / 2 }
    #expect(report.violations.contains { $0.inequality.name == "Q ≤ bound (3.7)" })
    let larger = try study(0.5, theta: 1e-6, until: 6) { $0.growth = supremum * 1.01 }
    #expect(!larger.violations.contains { $0.inequality.name == "Q ≤ bound (3.7)" })
  }

  /// Where (3.4) does not hold, nothing is claimed, and so nothing is violated or bounded.
  @Test func withoutHypothesesThereIsNoClaim() throws {
    let report = try study(0.2, theta: 1e-4, until: 2) { $0.growth = 10 }
    let last = try #require(report.rows.last)
    #expect(last.newBound == nil)
    #expect(report.hypotheses.contains { $0.name.hasPrefix("(3.4)") && !$0.holds })
    #expect(report.hypotheses[0].holds && report.hypotheses[1].holds)
    #expect(report.violations.isEmpty)
    let large = try study(0.2, theta: 0.1, until: 0.5) { $0.smallness = 0.1 }
    #expect(!large.hypotheses[1].holds)
  }

  /// Case B: cold plasma against rest. D and E are known, so Q is the root of a known equation.
  @Test func theFunctionalOfAColdPlasma() throws {
    let (epsilon, amplitude, count) = (0.25, 0.02, 400)
    let box = try ProductDomain([.circle(length: 1)])
    let y = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let moving = try PhaseSpaceMeasure(
      positions: [y.map { $0 + amplitude * sin(2 * .pi * $0) }],
      velocities: [y.map { _ in 0 }], box: box)
    let rest = try PhaseSpaceMeasure(positions: [y], velocities: [y.map { _ in 0 }], box: box)
    let field = try SheetField(epsilon: epsilon)
    let flow = try coupled(moving, rest, field, step: epsilon / 200, exponent: 2)
    let report = try StabilityStudy(
      flow: flow, theorem: .vlasovPoisson(VlasovPoissonHypothesis(epsilon: epsilon, cells: [20])),
      times: [0.1, 0.3, 0.6]
    ).run()
    for row in report.rows {
      let moment = row.sample.moment
      let theta = moment.elapsed / epsilon
      let position = amplitude * amplitude / 4 * pow(cos(theta), 2)
      let velocity = amplitude * amplitude / 4 * pow(sin(theta) / epsilon, 2)
      let q = try #require(moment.functional)
      // Strang's phase error at ω·dt = 1/200 is (1/200)²·θ/24.
      let residual = q - (position * abs(log(q)) / (epsilon * epsilon) + velocity)
      #expect(abs(residual) < 1e-5 * q, "t = \(moment.elapsed)")
      #expect(abs(row.sample.distance - (2 * (position + velocity)).squareRoot()) < 1e-6)
    }
    #expect(report.violations.isEmpty)
    // A cold wave compresses to 1/(1 − 2πa) at most; one particle of 20 more or less falls into a cell.
    let density = report.trajectory.moments.compactMap(\.density)
    #expect(density.allSatisfy { 2 <= $0 && $0 < 1.05 + 1 / (1 - 2 * .pi * amplitude) + 0.1 })
  }

  /// C_eff of counter-streaming beams lies between .044 and .055, computed elsewhere for ε = .1 and .2.
  @Test(arguments: [0.1, 0.2]) func beamsInThePrintedRange(_ epsilon: Double) throws {
    let report = try study(epsilon, theta: 1e-4, until: 25 * epsilon) { _ in }
    let supremum = try #require(report.constants.first { $0.name == "sup C_eff" }?.value)
    #expect(supremum > 0.044 && supremum < 0.055, "\(supremum)")
  }

  @Test func otherBoxesAreTold() throws {
    let (a, b) = try pair(4, on: false)
    let flow = try coupled(a, b, FreeField(), step: 1, exponent: 2)
    #expect(throws: StabilityError.self) {
      try StabilityStudy(
        flow: flow, theorem: .vlasovPoisson(VlasovPoissonHypothesis(epsilon: 1)), times: [1])
    }
  }
}
