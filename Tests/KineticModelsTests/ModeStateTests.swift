import KineticModels
import TestSupport
import Testing

/// What is known of solutions by modes: rates, free energies, and the state from which they go on.
@Suite struct ModeStateTests {
  /// The eigenvalues of the modes of Fokker and Planck give the rates of the continued fraction.
  @Test(arguments: [(0.5, 0.5, 0.703689774), (2.5, 0.5, -0.197040278), (0.5, 0.1, 0.748125039)])
  func ratesByEigenvalues(strength: Double, epsilon: Double, expected: Double) throws {
    let flow = try ModeFlow(
      RelaxationEquation(.fokkerPlanck), epsilon: epsilon, length: 2 * .pi,
      density: cosineWave(0.1, count: 8))
    let found = try #require(
      try DispersionRelation.modes(
        flow.basis, epsilon: epsilon, wavenumber: 1, interaction: -strength))
    #expect(abs(found - expected) < 2e-9)
  }

  /// The free energy falls at the rate of its dissipation: for the kinetic equations and their limits, with a force
  /// where there is a rate.
  @Test(arguments: [0.3, 0.1, 0]) func dissipation(epsilon: Double) throws {
    let forces = try PeriodicPotential(cosines: [-0.8, 0.3])
    let swarm = RelaxationEquation.Collision.swarm(
      try VelocityPotential(gamma: 1), temperature: 0.7)
    let cases: [(RelaxationEquation.Collision, PeriodicPotential, Double, Double)] = [
      (.fokkerPlanck, forces, 2 * .pi, epsilon), (.fokkerPlanck, .zero, 2 * .pi, epsilon),
      (swarm, .zero, 2 * .pi, epsilon), (.bgk(exponent: 1), .zero, 1, epsilon / 5),
      (.bgk(exponent: -0.5), .zero, 1, epsilon / 5),
    ]
    for (collision, interaction, length, epsilon) in cases {
      var flow = try ModeFlow(
        RelaxationEquation(collision, interaction: interaction), epsilon: epsilon,
        length: length, density: cosineWave(0.4, count: 16))
      // In the unit in which the first harmonic diffuses.
      let unit = power(length / (2 * .pi), 2)
      let delta = 1e-3 * unit
      try flow.advance(to: 0.2 * unit)
      let before = flow
      try flow.advance(to: before.time + delta)
      let middle = try #require(flow.freeEnergyDissipation)
      var after = flow
      try after.advance(to: flow.time + delta)
      let fall = (before.freeEnergy - after.freeEnergy) / (after.time - before.time)
      #expect(isClose(fall, middle, 2e-4), "\(flow.equation.name): \(fall), \(middle)")
    }
    let driven = try ModeFlow(
      RelaxationEquation(swarm, interaction: forces), epsilon: epsilon, length: 2 * .pi,
      density: cosineWave(0.4, count: 16))
    #expect(driven.freeEnergyDissipation == nil)
  }

  /// A flow goes on from the state of another one to the same bits, within the layer too.
  @Test(arguments: [0.05, 0]) func resuming(epsilon: Double) throws {
    let start = try ModeFlow(
      RelaxationEquation(.bgk(exponent: 1)), epsilon: epsilon, length: 1,
      density: cosineWave(0.5, count: 32))
    var whole = start
    try whole.advance(to: 0.003)
    var other = start
    try other.resume(from: whole.state, at: whole.time)
    try whole.advance(to: 0.006)
    try other.advance(to: 0.006)
    #expect(other.state == whole.state && other.time == whole.time)
    for (state, time) in [
      (Array(start.state.dropLast()), 0.01), (start.state, -1.0),
      (start.state.map { $0 * .nan }, 0.01),
    ] {
      #expect(throws: KineticModelError.self) { try other.resume(from: state, at: time) }
    }
  }
}
