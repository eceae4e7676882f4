import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Cases A and D: flows that are known in closed form.
@Suite struct ClosedFormFlowTests {
  // MARK: A, the Galilean pair

  /// The separation is α + ut whatever the kernel does to the shape; the plan that pairs each
  /// particle with its copy stays optimal.
  @Test(arguments: Integrator.allCases)
  func aGalileanPairKeepsItsSeparation(integrator: Integrator) throws {
    let (alpha, u) = (0.3, -0.7)
    let start = try cloud(count: 60, dimension: 2, seed: 1)
    let field = try QuadraticField(curvature: 2)
    var flow = try CoupledFlow(
      first: CharacteristicFlow(measure: start, field: field, integrator: integrator, step: 0.1),
      second: CharacteristicFlow(
        measure: shifted(start, by: -alpha, -u), field: field, integrator: integrator, step: 0.1),
      plan: identityPlan(start))
    for time in [0, 0.4, 1, 3.7] {
      try flow.advance(to: time)
      for axis in 0..<2 {
        // Rounding: a few units of 2e-16 for each of at most 37 steps.
        for difference in flow.liftedPositionDifferences(axis) {
          #expect(abs(difference - (alpha + u * time)) < 1e-13)
        }
        for difference in flow.velocityDifferences(axis) { #expect(abs(difference - u) < 1e-13) }
      }
      let distance = try KineticMetric.freeFlow(time: time, exponent: 2).distance(
        from: flow.first.measure, to: flow.second.measure)
      #expect(abs(distance.cost - 2 * (alpha * alpha + u * u)) < 1e-12)
    }
  }

  /// W̃_t is constant under free transport, on the torus too.
  @Test func freeTransportKeepsTheShiftedDistance() throws {
    let pair = try [2, 3].map { try cloud(count: 40, seed: $0, box: torus()) }
    var flows = try pair.map {
      try CharacteristicFlow(measure: $0, field: FreeField(), step: 0.5)
    }
    let start = try KineticMetric.standard().distance(from: pair[0], to: pair[1]).distance
    for time in [0.25, 1, 7.5] {
      for index in flows.indices { try flows[index].advance(to: time) }
      let now = try KineticMetric.freeFlow(time: time).distance(
        from: flows[0].measure, to: flows[1].measure)
      #expect(abs(now.distance - start) < 1e-13)
    }
  }

  /// A plan on the circle pairs particles across the origin: their differences start as the nearest
  /// image, go on without a jump, and are the same after a stop.
  @Test func coupledFlowsOnTheTorus() throws {
    let box = try torus()
    let first = try PhaseSpaceMeasure(positions: [[0.05]], velocities: [[1]], box: box, time: 0)
    let second = try PhaseSpaceMeasure(positions: [[0.95]], velocities: [[-1]], box: box, time: 0)
    let plan = identityPlan(first)
    func flow(_ measure: PhaseSpaceMeasure) throws -> CharacteristicFlow {
      try CharacteristicFlow(measure: measure, field: FreeField(), step: 1)
    }
    var coupled = try CoupledFlow(first: flow(first), second: flow(second), plan: plan)
    #expect(abs(coupled.liftedPositionDifferences(0)[0] - 0.1) < 1e-15)
    try coupled.advance(to: 0.35)
    #expect(abs(coupled.liftedPositionDifferences(0)[0] - 0.8) < 1e-15)
    #expect(abs(coupled.positionDifferences(0)[0] + 0.2) < 1e-15)
    #expect(coupled.velocityDifferences(0) == [2])
    let halves = try [coupled.first, coupled.second].map { half in
      try CharacteristicFlow(
        measure: half.measure, lifts: [half.particles.position(0)], field: FreeField(),
        step: 1)
    }
    let resumed = try CoupledFlow(
      first: halves[0], second: halves[1], plan: plan, turns: coupled.turns)
    #expect(resumed.liftedPositionDifferences(0) == coupled.liftedPositionDifferences(0))
    #expect(throws: FlowError.self) {
      try CoupledFlow(
        first: halves[0], second: flow(second), plan: plan)
    }
    let wrong = TransportPlan(sources: [0], targets: [1], masses: [1])
    #expect(throws: FlowError.planMismatch(sources: 1, targets: 1)) {
      try CoupledFlow(first: flow(first), second: flow(second), plan: wrong)
    }
    let elsewhere = try PhaseSpaceMeasure(positions: [[0.5]], velocities: [[0]], time: 0)
    #expect(throws: FlowError.boxesDiffer) {
      try CoupledFlow(first: flow(first), second: flow(elsewhere), plan: plan)
    }
    #expect(throws: FlowError.badLifts) {
      try CharacteristicFlow(measure: first, lifts: [[0.06]], field: FreeField(), step: 1)
    }
  }

  // MARK: D, the quadratic kernel

  private func exactState(
    _ start: PhaseSpaceMeasure, _ curvature: Double, _ time: Double
  ) -> [(x: Double, v: Double)] {
    let mean = { (values: [Double]) in
      zip(values, start.masses).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (x0, v0) = (mean(start.position(0)), mean(start.velocity(0)))
    let omega = abs(curvature).squareRoot()
    let phase = omega * time
    let (c, s) =
      curvature > 0
      ? (cosine(phase), sine(phase))
      : (
        (exponential(phase) + exponential(-phase)) / 2,
        (exponential(phase) - exponential(-phase)) / 2
      )
    let sign = curvature > 0 ? -1.0 : 1.0
    return zip(start.position(0), start.velocity(0)).map { x, v in
      (
        x0 + v0 * time + (x - x0) * c + (v - v0) * s / omega,
        v0 + sign * omega * (x - x0) * s + (v - v0) * c
      )
    }
  }

  private func error(
    _ integrator: Integrator, _ curvature: Double, _ step: Double
  ) throws -> Double {
    let start = try cloud(count: 20, seed: 4)
    var flow = try CharacteristicFlow(
      measure: start, field: QuadraticField(curvature: curvature), integrator: integrator,
      step: step)
    try flow.advance(to: 2)
    let exact = exactState(start, curvature, 2)
    return zip(exact, zip(flow.particles.positions, flow.particles.velocities))
      .map { max(abs($0.x - $1.0), abs($0.v - $1.1)) }.max() ?? .infinity
  }

  /// The error falls like step^order, for both signs of the kernel: a wrong coefficient or a wrong
  /// sign of the force changes the order or the limit.
  @Test(arguments: Integrator.allCases, [4.0, -1.0])
  func theErrorAgainstTheStepShowsTheOrder(integrator: Integrator, curvature: Double) throws {
    let step = integrator == .yoshida6 ? 0.1 : 0.05
    let errors = try [step, step / 2].map { try error(integrator, curvature, $0) }
    let found = order(errors[0], errors[1])
    #expect(abs(found - Double(integrator.order)) < 0.15)
    #expect(errors[1] < (integrator == .strang ? 2e-3 : 2e-5))
  }

  @Test(arguments: [Integrator.strang, .yoshida4, .yoshida6])
  func splittingsRunBackwards(integrator: Integrator) throws {
    let box = try torus(2)
    let start = try cloud(count: 50, dimension: 2, seed: 5, box: box)
    var flow = try CharacteristicFlow(
      measure: start, field: CosineField(curvature: 3, box: box), integrator: integrator,
      step: 0.02)
    let before = flow.particles
    try flow.advance(to: 2)
    #expect(flow.particles.positions != before.positions)
    try flow.advance(to: 0)
    let difference =
      zip(
        flow.particles.positions + flow.particles.velocities, before.positions + before.velocities
      ).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference < 1e-12)
  }

  @Test func stepControlKeepsItsPromise() throws {
    let start = try cloud(count: 20, seed: 4)
    let field = try QuadraticField(curvature: 4)
    for tolerance in [1e-3, 1e-6, 1e-9] {
      var flow = try CharacteristicFlow(
        measure: start, field: field, integrator: .yoshida4, step: 1)
      let estimate = try flow.advance(to: 2, tolerance: tolerance).error
      let exact = exactState(start, 4, 2)
      var sum = 0.0
      for (index, state) in exact.enumerated() {
        let (dx, dv) = (
          state.x - flow.particles.positions[index], state.v - flow.particles.velocities[index]
        )
        sum += start.masses[index] * (dx * dx + dv * dv)
      }
      #expect(estimate <= tolerance && sum.squareRoot() < 1.5 * estimate)
      // Not a step finer than needed: the estimate of the step before was above the tolerance.
      #expect(estimate > tolerance / 40)
      #expect(flow.step == 1)
    }
    var flow = try CharacteristicFlow(
      measure: start, field: field, integrator: .yoshida6, step: 1)
    #expect(throws: FlowError.self) { try flow.advance(to: 2, tolerance: 1e-18) }
  }
}
