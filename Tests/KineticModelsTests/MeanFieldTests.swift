import CharacteristicFlows
import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Few agents beside many: Theorem 3.2 of the alignment models.
@Suite struct MeanFieldTests {
  /// W₁ never grows beyond a constant times what it was, whatever the number of agents; the strengths come
  /// as near; and W₁ is never above the carried plan. Quiet starts, in each model.
  @Test(arguments: ["cucker-smale", "motsch-tadmor", "w-model", "s-model"])
  func theConstantDoesNotDependOnTheNumber(model: String) throws {
    let study = try MeanFieldStudy(fine: flow(model, 1024), times: [0.25, 0.5, 1])
    let reports = try [32, 64, 128, 256].map { try study.run(flow(model, $0)) }
    for report in reports {
      let growth = try #require(report.growth)
      #expect(growth >= 1 && growth < 1.5)
      #expect(report.rows.allSatisfy { $0.isBelowCarriedPlan })
      #expect(isClose(report.rows[0].carriedDistance, report.rows[0].distance, 1e-12))
      #expect(try #require(report.carriedGrowth) >= growth * (1 - 1e-12))
    }
    let distances = reports.map(\.largestDistance)
    for (coarse, fine) in zip(distances, distances.dropFirst()) { #expect(fine < 0.8 * coarse) }
    let strengths = reports.compactMap(\.strengthDifference)
    #expect(strengths.count == (model == "motsch-tadmor" ? 0 : 4))
    if let first = strengths.first, let last = strengths.last { #expect(last < first / 3) }
  }

  /// The kinetic w-model on a grid is the limit of its agents: densities at the end agree with those of
  /// many agents.
  @Test func theGridIsTheLimitOfTheAgents() throws {
    // At the other side of the circle 4e-6 is left of it.
    let kernel = try CommunicationKernel.gaussian(width: 0.1)
    let weight = AdaptiveStrength.weight(name: "wave") { 1.5 + sine(2 * .pi * $0[0]) }
    func grid(_ positions: Int, _ velocities: Int) throws -> PhaseSpaceGrid {
      try PhaseSpaceGrid(
        length: 1, velocityRange: -1.5...1.5, positionCount: positions, velocityCount: velocities
      ) { x, v in
        let u = v - 0.3 * sine(2 * .pi * x)
        return (1 + 0.5 * cosine(2 * .pi * x)) * exponential(-u * u / 0.08)
      }
    }
    var agents = try AdaptiveFlow(
      measure: grid(32, 48).measure(), model: weight, kernel: kernel, strength: 1, cells: [64],
      step: 0.01)
    var errors: [Double] = []
    try agents.advance(to: 0.4)
    let particles = agents.particles
    for steps in [20, 40] {
      var flow = try AdaptiveGridFlow(
        grid: grid(64, 256), model: weight, kernel: kernel, strength: 1,
        step: 0.2 / Double(steps))
      try flow.advance(to: 0.4)
      #expect(abs(flow.grid.mass - 1) < 1e-6)
      // Moments with functions of x and v.
      var difference = 0.0
      for (place, speed) in [(1.0, 0.0), (0, 1), (1, 1), (2, 1), (1, 2)] {
        func value(_ x: Double, _ v: Double) -> Double {
          cosine(2 * .pi * place * x + 1) * (speed == 0 ? 1 : power(v, speed))
        }
        var (mine, theirs) = (0.0, 0.0)
        for i in 0..<particles.count {
          theirs += particles.masses[i] * value(particles.positions[i], particles.velocities[i])
        }
        let end = flow.grid
        for j in 0..<end.velocityCount {
          for i in 0..<end.positionCount {
            mine +=
              end.values[j * 64 + i] * value(end.position(i), end.velocity(j))
              * end.positionStep * end.velocityStep
          }
        }
        difference = max(difference, abs(mine - theirs))
      }
      errors.append(difference)
    }
    // Order 2 of the splitting.
    #expect(errors[1] < 2e-5)
    #expect(errors[0] / errors[1] > 3)
  }

  /// φ = 1, w = 1: velocities come together as e^{−t} around their mean, until the grid no longer shows
  /// them, which is said.
  @Test func velocitiesComeTogetherOnAGrid() throws {
    let grid = try PhaseSpaceGrid(
      length: 1, velocityRange: -3...3, positionCount: 16, velocityCount: 512
    ) { x, v in (1 + 0.3 * sine(2 * .pi * x)) * exponential(-(v - 0.5) * (v - 0.5) / 0.18) }
    var flow = try AdaptiveGridFlow(
      grid: grid, model: .weight(name: "1") { _ in 1 }, kernel: .constant, step: 0.02)
    try flow.advance(to: 1)
    let end = flow.grid
    var (mean, square) = (0.0, 0.0)
    for j in 0..<512 {
      let row = end.values[j * 16..<(j + 1) * 16].reduce(0, +) * end.positionStep * end.velocityStep
      mean += row * end.velocity(j)
      square += row * end.velocity(j) * end.velocity(j)
    }
    #expect(abs(mean - 0.5) < 2e-7)
    #expect(abs(square - mean * mean - 0.09 * exponential(-2)) < 2e-7)
    #expect(flow.strengthFieldOrEmpty.allSatisfy { abs($0 - 1) < 1e-6 })
    #expect {
      try flow.advance(to: 6)
    } throws: { error in
      if case KineticModelError.unresolvedDensity = error { true } else { false }
    }
    #expect(throws: KineticModelError.self) {
      try AdaptiveGridFlow(grid: grid, model: .inverseDensity, kernel: .constant, step: 1)
    }
  }

  // MARK: What the tests share

  private func flow(_ model: String, _ count: Int) throws -> AgentFlow {
    let measure = try #require(SampleFamily.named("density-wave")).sample(
      count: count, seed: 1, isQuiet: true, parameters: ["amplitude": 0.5])
    let kernel = try CommunicationKernel.power(exponent: 10)
    if let fixed = AlignmentField.Model(rawValue: model) {
      return .fixed(
        try CharacteristicFlow(
          measure: measure, field: AlignmentField(fixed, kernel: kernel, strength: 2),
          integrator: .rungeKutta4, step: 0.05))
    }
    let start: AdaptiveStrength =
      model == "w-model"
      ? .inverseDensity : .strength(name: "wave") { 1 + 0.5 * sine(2 * .pi * $0[0]) }
    return .adaptive(
      try AdaptiveFlow(
        measure: measure, model: start, kernel: kernel, strength: 2, cells: [64], step: 0.002))
  }
}

extension AdaptiveGridFlow {
  fileprivate var strengthFieldOrEmpty: [Double] { (try? strengthField) ?? [-1] }
}
