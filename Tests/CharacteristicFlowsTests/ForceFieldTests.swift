import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Fields and methods of a user's own: one method, a scratch type, a list of substeps.
@Suite struct ForceFieldTests {
  /// x″ = −x, with the one method that a field needs.
  private struct Spring: ForceField {
    func accelerations(
      of particles: ParticleState, at time: Double, scratch: inout NoScratch,
      into accelerations: inout [Double]
    ) {
      for index in accelerations.indices { accelerations[index] = -particles.positions[index] }
    }
  }

  /// The same, which counts its evaluations in memory of its own.
  private struct CountingSpring: ForceField {
    struct Scratch: FieldScratch {
      var evaluations = 0
    }

    func accelerations(
      of particles: ParticleState, at time: Double, scratch: inout Scratch,
      into accelerations: inout [Double]
    ) {
      scratch.evaluations += 1
      // Right only as long as the memory is kept from one evaluation to the next.
      let factor = scratch.evaluations == 1 ? -1.0 : -4
      for index in accelerations.indices {
        accelerations[index] = factor * particles.positions[index]
      }
    }
  }

  private func turn(
    _ field: some ForceField, _ integrator: Integrator, step: Double
  ) throws -> CharacteristicFlow {
    let start = try PhaseSpaceMeasure(positions: [[1, 0]], velocities: [[0, 1]])
    var flow = try CharacteristicFlow(
      measure: start, field: field, integrator: integrator, step: step)
    try flow.advance(to: .pi / 2)
    return flow
  }

  @Test(arguments: Integrator.allCases)
  func aFieldNeedsOneMethod(integrator: Integrator) throws {
    let flow = try turn(Spring(), integrator, step: 0.01)
    // A quarter of a turn: (x, v) goes to (v, −x).
    let errors = [
      flow.particles.positions[0], flow.particles.positions[1] - 1,
      flow.particles.velocities[0] + 1, flow.particles.velocities[1],
    ]
    #expect(errors.allSatisfy { abs($0) < 3e-5 }, "\(errors)")
    #expect(flow.field.name == "Spring")
    #expect(flow.diagnostics.potentialEnergy == nil)
  }

  @Test func theMemoryOfAFieldLastsFromStepToStep() throws {
    let start = try PhaseSpaceMeasure(positions: [[1]], velocities: [[0]])
    var flow = try CharacteristicFlow(measure: start, field: CountingSpring(), step: 0.5)
    try flow.advance(to: 1)
    // By hand: v = −½ at x = 1, then x = ¾ and v −= ½·4·¾, then x −= ¼·2.
    #expect(flow.particles.velocities[0] == -2)
    #expect(flow.particles.positions[0] == 0.25)
  }

  /// A method is data: kick, drift, kick is of order two, reversible, and stable up to ω·dt = 2.
  @Test func aMethodOfOnesOwn() throws {
    let verlet = Integrator(
      name: "velocity Verlet", order: 2, scheme: .splitting([.kick(0.5), .drift(1), .kick(0.5)]))
    let errors = try [0.02, 0.01].map { step in
      try abs(turn(Spring(), verlet, step: step).particles.positions[0])
    }
    #expect(abs(order(errors[0], errors[1]) - 2) < 0.05)
    var flow = try turn(Spring(), verlet, step: 0.01)
    try flow.advance(to: 0)
    #expect(abs(flow.particles.positions[0] - 1) < 1e-13)
    #expect(verlet.isStable(phase: 1.999) && !verlet.isStable(phase: 2.001))
    #expect(!verlet.allowsVelocityForces)
  }

  /// Runge and Kutta's method of order 2 (midpoint): no oscillation stays bounded.
  @Test func stagesAreData() throws {
    let midpoint = Integrator(
      name: "midpoint", order: 2,
      scheme: .rungeKutta([.init(node: 0, weight: 0), .init(node: 0.5, weight: 1)]))
    let errors = try [0.02, 0.01].map { step in
      try abs(turn(Spring(), midpoint, step: step).particles.positions[0])
    }
    #expect(order(errors[0], errors[1]) > 1.9)
    #expect(!midpoint.isStable(phase: 0.5))
    #expect(midpoint.allowsVelocityForces)
  }

  @Test func theMethodsOfTheLibraryHaveTheirLimits() {
    #expect(Integrator.strang.isStable(phase: 2) && !Integrator.strang.isStable(phase: 2.001))
    let limit = 8.0.squareRoot()
    for phase in [1e-8, 1e-3, 0.1, 1, 2, limit - 1e-3] {
      #expect(Integrator.rungeKutta4.isStable(phase: phase), "\(phase)")
      #expect(Integrator.rungeKutta4.isStable(phase: -phase), "\(phase)")
    }
    #expect(!Integrator.rungeKutta4.isStable(phase: limit + 1e-3))
    #expect(Integrator(rawValue: "yoshida6") == .yoshida6)
    #expect(Integrator(rawValue: "euler") == nil)
    for method in Integrator.allCases {
      guard case .splitting(let substeps) = method.scheme else { continue }
      var (drift, kick) = (0.0, 0.0)
      for substep in substeps {
        switch substep {
        case .drift(let length): drift += length
        case .kick(let length): kick += length
        }
      }
      #expect(abs(drift - 1) < 1e-14 && abs(kick - 1) < 1e-14, "\(method.name)")
    }
  }
}
