import CharacteristicFlows
import Foundation
import KineticModels
import TestSupport
import Testing

/// Kinetic equations with relaxation by Fourier series and the modes of their collision operators.
@Suite struct ModeFlowTests {
  /// Without a force, f = M[1 + δe^{−κ²(t−ετ−τ²/2)}cos κ(x−τv)] with τ = ε(1−e^{−t/ε²}), for every ε.
  @Test(arguments: [1.0, 0.3, 0.05, 1e-3, 0]) func theFreeSolution(epsilon: Double) throws {
    let length = 2 * Double.pi
    let delta = 0.4
    var flow = try ModeFlow(
      RelaxationEquation(.fokkerPlanck), epsilon: epsilon, length: length,
      density: cosineWave(delta, count: 16), step: epsilon == 0.05 ? 0.0015 : 0.002)
    for time in [0.01, 0.3, 1] {
      try flow.advance(to: time)
      #expect(flow.time == time)
      let tau = epsilon > 0 ? epsilon * (1 - exp(-time / (epsilon * epsilon))) : 0
      let amplitude = delta * exp(-(time - epsilon * tau))
      #expect(isClose(flow.density[0] * length - 1, amplitude, 1e-6))
      let grid = try flow.grid(velocityCount: 64)
      var largest = 0.0
      for j in 0..<grid.velocityCount {
        for i in 0..<grid.positionCount {
          let (x, v) = (grid.position(i), grid.velocity(j))
          let equilibrium = exp(-v * v / 2) / (2 * Double.pi).squareRoot() / length
          let expected =
            equilibrium
            * (1 + delta * exp(-(time - epsilon * tau - tau * tau / 2)) * cos(x - tau * v))
          largest = max(
            largest, (grid.values[j * grid.positionCount + i] - expected).magnitude)
        }
      }
      #expect(largest < 2e-7)
    }
  }

  /// Rates of mode 1 of Kuramoto's model about the uniform state.
  @Test(arguments: [
    (0.5, 1.0, 0.587007776), (0.5, 0.5, 0.703689774), (0.5, 0.2, 0.742502476),
    (0.5, 0.1, 0.748125039), (2.5, 0.5, -0.197040278), (0.5, 0, 0.75), (2.5, 0, -0.25),
  ])
  func kuramotoRates(strength: Double, epsilon: Double, expected: Double) throws {
    let length = 2 * Double.pi
    var flow = try ModeFlow(
      RelaxationEquation(
        .fokkerPlanck, interaction: PeriodicPotential(cosines: [-strength])),
      epsilon: epsilon, length: length, density: cosineWave(expected > 0 ? 0.05 : 1e-6, count: 8),
      step: epsilon == 0.1 ? 0.001 : epsilon == 0.2 ? 0.002 : 0.004)
    // What else there was has decayed, and so has what is not linear.
    let end = expected < 0 ? 8.0 : epsilon == 1 ? 22 : 12
    try flow.advance(to: end)
    let before = harmonic(flow).0
    try flow.advance(to: end + 1)
    #expect(abs(log(before / harmonic(flow).0) - expected) < 1e-7)
  }

  /// The order parameter on the way, and in the end where r = I₁(Ir)/I₀(Ir).
  @Test(arguments: [
    (3.0, 0.5, 2.0, 0.0999522063), (3, 0.5, 4, 0.208024449), (3, 0, 2, 0.134073129),
    (3, 0, 4, 0.331598415), (2.5, 0, 60, 0.589707987783), (3.5, 0, 30, 0.791432667674),
  ])
  func orderParameter(
    strength: Double, epsilon: Double, time: Double, expected: Double
  ) throws {
    let length = 2 * Double.pi
    var flow = try ModeFlow(
      RelaxationEquation(
        .fokkerPlanck, interaction: PeriodicPotential(cosines: [-strength])),
      epsilon: epsilon, length: length, density: cosineWave(time < 10 ? 0.1 : 0.9, count: 32))
    try flow.advance(to: time)
    let (a, b) = harmonic(flow)
    #expect(isClose((a * a + b * b).squareRoot(), expected, 2e-8))
  }

  /// The decay of mode 1 of swarms, from the characteristic polynomial of the recurrence that equal steps of
  /// time obey.
  @Test(arguments: [
    (0.0, 0.5, 1.694540473), (0, 0.2, 1.366139358), (0, 0.1, 1.302998502),
    (1, 0.5, 0.402029624), (1, 0.2, 0.5355913104), (1, 0.1, 0.5552851216),
  ])
  func swarmRates(delta: Double, epsilon: Double, expected: Double) throws {
    var flow = try ModeFlow(
      RelaxationEquation(.swarm(VelocityPotential(gamma: 1, delta: delta), temperature: 1)),
      epsilon: epsilon, length: 2 * .pi, density: cosineWave(0.5, count: 8), modeCount: 24,
      step: 0.001)
    var samples: [Double] = []
    var moduli: [Double] = []
    for index in 0..<4 {
      try flow.advance(to: 6 + 0.25 * Double(index))
      let (a, b) = harmonic(flow)
      samples.append(a)
      moduli.append((a * a + b * b).squareRoot())
    }
    // A conjugate pair for the even potential with the longest path, one rate for others.
    let rate: Double
    if delta == 0, epsilon == 0.5 {
      let product =
        (samples[1] * samples[3] - samples[2] * samples[2])
        / (samples[0] * samples[2] - samples[1] * samples[1])
      rate = -log(product) / 2 / 0.25
    } else {
      rate = log(moduli[2] / moduli[3]) / 0.25
    }
    #expect(abs(rate - expected) < 1e-7)
    // By the eigenvalues of the modes.
    let found = try #require(
      try DispersionRelation.modes(flow.basis, epsilon: epsilon, wavenumber: 1))
    #expect(abs(found - expected) < 2e-9)
  }

  /// The modes of a swarm have the coefficients and eigenvalues of `SwarmingCoefficients`.
  @Test(arguments: [(2.0, 0.0, 0.0), (2, 1, 0), (5, 0, 1), (40, 0, 0)])
  func swarmModes(gamma: Double, sigma: Double, delta: Double) throws {
    let potential = try VelocityPotential(gamma: gamma, sigma: sigma, delta: delta)
    let found = try SwarmingCoefficients(potential)
    let flow = try ModeFlow(
      RelaxationEquation(.swarm(potential, temperature: 1)), epsilon: 0, length: 1,
      density: cosineWave(0.1, count: 8))
    #expect(isClose(flow.basis.diffusion, found.diffusion, 1e-8))
    #expect(isClose(flow.basis.mobility, found.drift, 1e-9))
    for (own, other) in zip(flow.basis.rates.dropFirst(), found.eigenvalues) {
      #expect(isClose(own, other, 2e-9))
    }
  }

  /// The order in time is 3; less where steps are as long as the initial layer, from which all of the error
  /// comes then.
  @Test(arguments: [(0.1, 2.9), (0.03, 2.9), (0.01, 2.3), (0, 2.9)])
  func orderInTime(epsilon: Double, expected: Double) throws {
    func flow(_ step: Double?) throws -> ModeFlow {
      try ModeFlow(
        RelaxationEquation(.bgk(exponent: 1)), epsilon: epsilon, length: 1,
        density: cosineWave(0.3, count: 16), step: step)
    }
    func run(_ step: Double) throws -> [Double] {
      var flow = try flow(step)
      try flow.advance(to: 0.02)
      return flow.density + (epsilon > 0 ? flow.mode(1) : [])
    }
    let count = max(16, (0.02 / (try flow(nil).stableStep)).rounded(.up))
    let fine = try run(0.02 / count / 32)
    var errors: [Double] = []
    for refinement in [4.0, 8] {
      let differences = zip(try run(0.02 / count / refinement), fine).map { abs($0 - $1) }
      errors.append(differences.reduce(0, max))
    }
    #expect(errors[1] > 1e-13)
    #expect(log2(errors[0] / errors[1]) > expected)
    #expect(errors[1] < 1e-8)
  }

  /// No mass is lost, and f/M stays in the range from which it started.
  @Test(arguments: [-1.0, 0, 0.5, 1]) func massAndMaximumPrinciple(exponent: Double) throws {
    var flow = try ModeFlow(
      RelaxationEquation(.bgk(exponent: exponent)), epsilon: 0.05, length: 1,
      density: cosineWave(0.5, count: 32))
    for time in [0.002, 0.005, 0.01, 0.02, 0.04] {
      let norm = flow.deviation
      try flow.advance(to: time)
      let mass = flow.density.reduce(0, +) / 32
      #expect(abs(mass - 1) < 1e-14)
      let range = flow.quotientRange
      #expect(range.lowerBound > 0.5 - 1e-6)
      #expect(range.upperBound < 1.5 + 1e-6)
      #expect(flow.deviation < norm)
    }
  }

  /// A density on a grid goes on as the flow from which it is; one that is wider than M is refused.
  @Test(arguments: [0.0, 0.3]) func startFromAGrid(epsilon: Double) throws {
    let equation = try RelaxationEquation(
      .fokkerPlanck, interaction: PeriodicPotential(cosines: [-1]))
    var flow = try ModeFlow(
      equation, epsilon: epsilon, length: 2 * .pi, density: cosineWave(0.5, count: 16),
      modeCount: 32, step: 0.002)
    try flow.advance(to: 0.3)
    var other = try ModeFlow(
      equation, epsilon: epsilon, grid: flow.grid(velocityCount: 96), modeCount: 32, step: 0.002)
    #expect(other.time == 0.3)
    try flow.advance(to: 0.6)
    try other.advance(to: 0.6)
    let difference = zip(flow.density, other.density).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(difference < 1e-9)
    guard epsilon > 0 else { return }
    let wide = try PhaseSpaceGrid(
      length: 2 * .pi, velocityRange: -9...9, positionCount: 16, velocityCount: 96
    ) { _, v in exp(-v * v / 8) }
    do {
      _ = try ModeFlow(equation, epsilon: epsilon, grid: wide)
      Issue.record("wide tails were not found")
    } catch {
      guard case .notSumOfModes = error else { throw error }
    }
    // A step in v in the place of which modes wave, and velocities that the grid does not hold.
    let narrow = try PhaseSpaceGrid(
      length: 2 * .pi, velocityRange: -3...3, positionCount: 16, velocityCount: 96
    ) { x, v in exp(-v * v / 2) }
    #expect(throws: KineticModelError.self) {
      try ModeFlow(equation, epsilon: epsilon, grid: narrow, modeCount: 16)
    }
    // Well prepared, only ρ counts.
    let prepared = try ModeFlow(equation, epsilon: epsilon, grid: wide, isWellPrepared: true)
    #expect(prepared.mode(1).allSatisfy { $0 == 0 })
  }

  @Test func refusals() throws {
    let bgk = try RelaxationEquation(.bgk(exponent: 1))
    let start = cosineWave(0.5, count: 16)
    #expect(throws: KineticModelError.freePathTooLong(0.11, limit: 0.1)) {
      try ModeFlow(bgk, epsilon: 0.11, length: 1, density: start)
    }
    #expect(throws: KineticModelError.self) {
      try ModeFlow(bgk, epsilon: -0.1, length: 1, density: start)
    }
    #expect(throws: KineticModelError.self) {
      try ModeFlow(bgk, epsilon: 0.05, length: 1, density: cosineWave(1.01, count: 16))
    }
    let stable = try ModeFlow(bgk, epsilon: 0.05, length: 1, density: start).stableStep
    #expect(throws: KineticModelError.unstableStep(step: 2 * stable, stable: stable)) {
      try ModeFlow(bgk, epsilon: 0.05, length: 1, density: start, step: 2 * stable)
    }
    #expect(throws: KineticModelError.self) {
      try RelaxationEquation(
        .fokkerPlanck, interaction: PeriodicPotential(cosines: [1], sines: [1]))
    }
    // Eight modes in v do not hold what a free flight makes of the density.
    var flow = try ModeFlow(bgk, epsilon: 0.1, length: 1, density: start, modeCount: 8)
    do {
      try flow.advance(to: 0.04)
      Issue.record("a tail was not found")
    } catch {
      guard case .unresolvedTail = error else { throw error }
    }
  }

  /// The stable step is not far below where the limit equation becomes unstable.
  @Test func theStableStepIsNotFarBelowTheLimit() throws {
    let flow = try ModeFlow(
      RelaxationEquation(.bgk(exponent: 0)), epsilon: 0, length: 1,
      density: cosineWave(0.5, count: 16))
    // Explicit Runge–Kutta of order 3 or 4 is stable for hDk² up to about 2.5.
    #expect(flow.stableStep * 4 * Double.pi * Double.pi * 49 < 2.5)
    #expect(flow.stableStep * 4 * Double.pi * Double.pi * 49 > 0.8)
  }
}

func cosineWave(_ amplitude: Double, count: Int) -> [Double] {
  (0..<count).map { 1 + amplitude * cos(2 * .pi * Double($0) / Double(count)) }
}

/// ∫e^{ix}ρ on the circle of length 2π.
private func harmonic(_ flow: ModeFlow) -> (Double, Double) {
  let n = flow.positionCount
  var (a, b) = (0.0, 0.0)
  for (i, value) in flow.density.enumerated() {
    a += value * cos(2 * .pi * Double(i) / Double(n))
    b += value * sin(2 * .pi * Double(i) / Double(n))
  }
  return (a * flow.length / Double(n), b * flow.length / Double(n))
}
