import CharacteristicFlows
import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Agents whose strength of alignment is carried by what they hear.
@Suite struct AdaptiveFlowTests {
  /// The small one of the two flocks aligns as Motsch's and Tadmor's does, and the weight of its first
  /// agent changes on the way: with the first weights it would end at 0.0013567.
  @Test func theTwoFlocks() throws {
    var flow = try AdaptiveFlow(
      measure: TwoFlocks.measure, model: .inverseDensity, kernel: .power(exponent: 40),
      strength: 10,
      cells: [128, 128], step: 1.0 / 100)
    let start = flow.particles
    #expect(isClose(try flow.carriedValues[TwoFlocks.heavyCount], 211.6153, 1e-6))
    try flow.advance(to: 1)
    #expect(isClose(spread(flow.particles) / spread(start), 0.00136162189, 1e-5))
    #expect(isClose(try flow.carriedValues[TwoFlocks.heavyCount], 212.45366, 1e-5))
    #expect(velocityDiameter(flow.particles) < velocityDiameter(start))
  }

  /// With w₀ = 1 the w-model is Cucker's and Smale's; so is the s-model with s₀ = (ρ₀)_φ, since ρ_φ is
  /// carried by u_F: the second only as far as the lattice shows det ∇Y.
  @Test(arguments: 1...3) func theModelOfCuckerAndSmale(dimension: Int) throws {
    let box = try ProductDomain(Array(repeating: .circle(length: 1.5), count: dimension))
    let measure = try randomAgents(count: 40, dimension: dimension, seed: 8, box: box)
    let kernel = try CommunicationKernel.gaussian(width: 0.4)
    var expected = try CharacteristicFlow(
      measure: measure, field: AlignmentField(.cuckerSmale, kernel: kernel, strength: 2),
      integrator: .rungeKutta4, step: 0.01)
    try expected.advance(to: 0.2)
    let start = try ParticleState(measure)
    let density: @Sendable ([Double]) -> Double = { place in
      var sum = 0.0
      for j in 0..<start.count {
        var square = 0.0
        for axis in 0..<dimension {
          let d = start.box.axes[axis].difference(
            place[axis], start.positions[axis * start.count + j])
          square += d * d
        }
        sum += start.masses[j] * kernel(square.squareRoot())
      }
      return sum
    }
    let cells = Array(repeating: dimension == 3 ? 16 : 48, count: dimension)
    for (model, tolerance) in [
      (AdaptiveStrength.weight(name: "1") { _ in 1 }, 1e-12),
      (.strength(name: "density", density), dimension == 3 ? 1e-3 : 2e-5),
    ] {
      var flow = try AdaptiveFlow(
        measure: measure, model: model, kernel: kernel, strength: 2, cells: cells, step: 0.01)
      try flow.advance(to: 0.2)
      #expect(try flow.particles.pairedDistance(to: expected.particles) < tolerance)
    }
  }

  /// Agents and the field of strength go by one method of order 4.
  @Test func theOrderInTime() throws {
    let box = try ProductDomain([.circle(length: 1)])
    let random = try randomAgents(count: 20, dimension: 1, seed: 9, box: box)
    // Nobody turns round, so that differences lean to one side.
    let measure = try PhaseSpaceMeasure(
      positions: [random.position(0)], velocities: [random.velocity(0).map { 1 + $0 / 2 }],
      masses: random.masses, box: box)
    // Smooth also where the nearest image changes.
    let kernel = CommunicationKernel.own(name: "exp cos") { exponential(cosine(2 * .pi * $0)) }
    let states = try [40, 80, 160, 640].map { steps in
      var flow = try AdaptiveFlow(
        measure: measure, model: .weight(name: "wave") { 2 + sine(2 * .pi * $0[0]) },
        kernel: kernel, strength: 5, cells: [48], step: 0.5 / Double(steps))
      try flow.advance(to: 0.5)
      return flow.particles
    }
    let errors = try states.dropLast().map { try $0.pairedDistance(to: states[3]) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(logarithm(coarse / fine) / logarithm(2) - 4) < 0.4)
    }
  }

  /// The weight is carried: agents that all move alike keep theirs. It stays in its range.
  @Test func theWeightIsCarried() throws {
    let box = try ProductDomain([.circle(length: 1)])
    let places = (0..<10).map { Double($0) / 10 }
    let measure = try PhaseSpaceMeasure(
      positions: [places], velocities: [Array(repeating: 0.7, count: 10)],
      masses: (0..<10).map { Double($0 + 1) }, box: box)
    let weight: @Sendable ([Double]) -> Double = { exponential(5 * sine(2 * .pi * $0[0])) }
    var flow = try AdaptiveFlow(
      measure: measure, model: .weight(name: "decades", weight), kernel: .constant, cells: [12],
      step: 0.01)
    #expect(throws: KineticModelError.self) {
      try AdaptiveFlow(
        measure: measure, model: .weight(name: "decades", weight), kernel: .constant, strength: 10,
        cells: [12], step: 0.01)
    }
    try flow.advance(to: 3.1)
    for (value, place) in zip(try flow.carriedValues, places) {
      #expect(isClose(value, weight([place]), 1e-11))
    }
  }

  /// What a flow kept, taken over by another flow from the same start, goes on to the same bits; without the
  /// displacements it does not.
  @Test(arguments: [false, true]) func resuming(isStrength: Bool) throws {
    func flow() throws -> AdaptiveFlow {
      try AdaptiveFlow(
        measure: TwoFlocks.measure,
        model: isStrength ? .strength(name: "1") { _ in 1 } : .inverseDensity,
        kernel: .power(exponent: 40), strength: 10, cells: [16, 16], step: 0.05)
    }
    var whole = try flow()
    try whole.advance(to: 0.5)
    let (measure, displacements) = (try whole.measure, whole.displacements)
    let lifts = (0..<2).map { whole.particles.position($0) }
    try whole.advance(to: 1)
    var resumed = try flow()
    try resumed.resume(from: measure, lifts: lifts, displacements: displacements)
    try resumed.advance(to: 1)
    #expect(resumed.particles == whole.particles && resumed.displacements == whole.displacements)
    var anew = try flow()
    try anew.resume(from: measure, lifts: lifts, displacements: displacements.map { _ in 0 })
    try anew.advance(to: 1)
    #expect(anew.particles != whole.particles)
    // What belongs to another run.
    var other = try flow()
    let before = try PhaseSpaceMeasure(
      positions: (0..<2).map { measure.position($0) },
      velocities: (0..<2).map { measure.velocity($0) }, masses: TwoFlocks.masses,
      box: measure.box, time: -1)
    let equal = try PhaseSpaceMeasure(
      positions: (0..<2).map { measure.position($0) },
      velocities: (0..<2).map { measure.velocity($0) }, box: measure.box, time: 1)
    for (state, values) in [
      (measure, [0.0]), (measure, displacements.map { _ in Double.nan }),
      (before, displacements), (equal, displacements),
    ] {
      #expect {
        try other.resume(
          from: state, lifts: (0..<2).map { state.position($0) }, displacements: values)
      } throws: { error in
        if case KineticModelError.anotherRun = error { true } else { false }
      }
    }
    #expect(try other.particles == flow().particles)
  }

  /// The same for a density on a grid, whose mass is taken as it is.
  @Test func resumingOnAGrid() throws {
    func flow() throws -> AdaptiveGridFlow {
      try AdaptiveGridFlow(
        grid: PhaseSpaceGrid(
          length: 1, velocityRange: -2...2, positionCount: 16, velocityCount: 128
        ) { x, v in (1 + 0.5 * cosine(2 * .pi * x)) * exponential(-v * v / 0.2) },
        model: .inverseDensity, kernel: .gaussian(width: 0.2), step: 0.02)
    }
    var whole = try flow()
    try whole.advance(to: 0.3)
    let (values, displacements) = (whole.grid.values, whole.displacements)
    #expect(abs(whole.grid.mass - 1) > 1e-9)
    try whole.advance(to: 0.6)
    var resumed = try flow()
    try resumed.resume(from: values, at: 0.3, displacements: displacements)
    try resumed.advance(to: 0.6)
    #expect(resumed.grid == whole.grid && resumed.displacements == whole.displacements)
    for (values, time, displacements) in [
      ([1.0], 0.3, displacements), (values, -1, displacements), (values, 0.3, [0.0]),
    ] {
      #expect {
        try resumed.resume(from: values, at: time, displacements: displacements)
      } throws: { error in
        if case KineticModelError.anotherRun = error { true } else { false }
      }
    }
    #expect(resumed.grid == whole.grid)
  }

  @Test func whatIsRefused() throws {
    let flocks = try TwoFlocks.measure
    let kernel = try CommunicationKernel.power(exponent: 40)
    // The fastest step of 128 points at velocities of about 0.1 on both axes.
    #expect {
      try AdaptiveFlow(
        measure: flocks, model: .inverseDensity, kernel: kernel, cells: [128, 128], step: 0.2)
    } throws: { error in
      if case KineticModelError.unstableStep(0.2, let stable) = error {
        0.01...0.1 ~= stable
      } else {
        false
      }
    }
    #expect {
      try AdaptiveFlow(
        measure: flocks, model: .inverseDensity, kernel: .gaussian(width: 0.005), cells: [16, 16],
        step: 0.01)
    } throws: { error in
      if case KineticModelError.nobodyHeard = error { true } else { false }
    }
    #expect(throws: KineticModelError.self) {
      try AdaptiveFlow(
        measure: flocks, model: .weight(name: "-1") { _ in -1 }, kernel: kernel, cells: [16, 16],
        step: 0.01)
    }
    #expect(throws: KineticModelError.self) {
      try AdaptiveFlow(
        measure: randomAgents(count: 3, dimension: 1, seed: 1), model: .inverseDensity,
        kernel: kernel, cells: [16], step: 0.01)
    }
  }
}
