import CharacteristicFlows
import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Agents that align by Cucker's and Smale's or Motsch's and Tadmor's rule.
@Suite struct AlignmentTests {
  /// Two agents in free space: Δv + λ·arctan Δx never changes, with the state at t = 2 computed
  /// independently.
  @Test func twoAgents() throws {
    var flow = try flow(of: pair(velocity: 0.5), .power(exponent: 1), step: 0.01)
    try flow.advance(to: 2)
    let x = flow.particles.positions[1] - flow.particles.positions[0]
    let v = flow.particles.velocities[1] - flow.particles.velocities[0]
    #expect(abs(x - 1.69217463) < 2e-8 && abs(v - 0.24834447) < 2e-8)
    #expect(abs(v + arctangent(x) - 0.5 - Double.pi / 4) < 1e-10)
  }

  /// With the integrable kernel 1/(1+r²) fast agents escape from each other, with the velocity that the
  /// invariant leaves them; with a tail that is heavy the same agents align.
  @Test func flockingAndEscape() throws {
    var escaping = try flow(of: pair(velocity: 1), .power(exponent: 1), step: 0.05)
    try escaping.advance(to: 2000)
    let x = escaping.particles.positions[1] - escaping.particles.positions[0]
    let v = escaping.particles.velocities[1] - escaping.particles.velocities[0]
    // arctan x = π/2 − 1/x.
    #expect(abs(v - 1 / x - 0.2146018366) < 1e-6)
    let kernel = try CommunicationKernel.power(exponent: 0.25)
    #expect(kernel.hasHeavyTail == true)
    #expect(try CommunicationKernel.power(exponent: 1).hasHeavyTail == false)
    var flocking = try flow(of: pair(velocity: 1), kernel, step: 0.05)
    try flocking.advance(to: 200)
    #expect(abs(flocking.particles.velocities[1] - flocking.particles.velocities[0]) < 1e-10)
  }

  /// In one dimension v_i + λΣm_jΦ(x_i − x_j) with Φ′ = φ never changes, for any number of agents.
  @Test func theInvariantsOfOneDimension() throws {
    let measure = try randomAgents(count: 50, dimension: 1, seed: 3)
    func invariants(_ particles: ParticleState) -> [Double] {
      let x = particles.positions
      return (0..<50).map { i in
        var heard = 0.0
        for j in 0..<50 { heard += particles.masses[j] * arctangent(x[i] - x[j]) }
        return particles.velocities[i] + 0.8 * heard
      }
    }
    var flow = try flow(of: measure, .power(exponent: 1), strength: 0.8, step: 0.01)
    let before = invariants(flow.particles)
    try flow.advance(to: 3)
    for (a, b) in zip(before, invariants(flow.particles)) { #expect(abs(a - b) < 1e-10) }
  }

  /// φ = 1: v̄ + (v − v̄)e^{−λt}, in both models and on mixed boxes.
  @Test(arguments: AlignmentField.Model.allCases, 1...3)
  func everybodyListensToEverybody(model: AlignmentField.Model, dimension: Int) throws {
    let box = try ProductDomain(
      (0..<dimension).map { $0 == 1 ? .circle(length: 2) : .line })
    let measure = try randomAgents(count: 20, dimension: dimension, seed: 4, box: box)
    var flow = try flow(of: measure, .constant, model, strength: 1.5, step: 0.01)
    let start = flow.particles
    let mean = flow.diagnostics.momentum
    try flow.advance(to: 1)
    for axis in 0..<dimension {
      for i in axis * 20..<(axis + 1) * 20 {
        let expected = mean[axis] + (start.velocities[i] - mean[axis]) * exponential(-1.5)
        #expect(abs(flow.particles.velocities[i] - expected) < 1e-9)
      }
    }
  }

  /// The two flocks of the paper: Cucker's and Smale's small flock hardly aligns, Motsch's and Tadmor's
  /// does. Only the first model conserves momentum. No two velocities come further apart.
  @Test func theTwoFlocks() throws {
    let measure = try TwoFlocks.measure
    let kernel = try CommunicationKernel.power(exponent: 40)
    for (model, expected, drift) in [
      (AlignmentField.Model.cuckerSmale, 0.959700074, [0, 0]),
      (.motschTadmor, 0.001359688196, [5.43659e-5, 6.14507e-5]),
    ] {
      var flow = try flow(of: measure, kernel, model, strength: 10, step: 1.0 / 1600)
      let (start, momentum) = (flow.particles, flow.diagnostics.momentum)
      try flow.advance(to: 1)
      #expect(abs(spread(flow.particles) / spread(start) - expected) < 1e-8 * expected)
      for axis in 0..<2 {
        #expect(abs(flow.diagnostics.momentum[axis] - momentum[axis] - drift[axis]) < 1e-10)
      }
      #expect(velocityDiameter(flow.particles) < velocityDiameter(start))
    }
  }

  /// Runge–Kutta keeps its order 4 with forces of velocities, and methods that would lose theirs refuse
  /// them.
  @Test(arguments: AlignmentField.Model.allCases)
  func theOrderOfTheIntegrator(model: AlignmentField.Model) throws {
    let measure = try randomAgents(count: 30, dimension: 2, seed: 5)
    let kernel = try CommunicationKernel.gaussian(width: 0.4)
    let states = try [32, 64, 128, 1024].map { steps in
      var flow = try flow(of: measure, kernel, model, strength: 3, step: 1 / Double(steps))
      try flow.advance(to: 1)
      return flow.particles
    }
    let errors = try states.dropLast().map { try $0.pairedDistance(to: states[3]) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(logarithm(coarse / fine) / logarithm(2) - 4) < 0.2)
    }
    for integrator in [Integrator.strang, .yoshida4, .yoshida6] {
      #expect(throws: FlowError.self) {
        try CharacteristicFlow(
          measure: measure, field: AlignmentField(model, kernel: kernel), integrator: integrator,
          step: 0.1)
      }
    }
  }

  /// A kernel of one's own gives what the same kernel by name gives.
  @Test(arguments: AlignmentField.Model.allCases)
  func kernelsOfOnesOwn(model: AlignmentField.Model) throws {
    let box = try ProductDomain([.circle(length: 1), .line])
    let measure = try randomAgents(count: 33, dimension: 2, seed: 6, box: box)
    let named = try CommunicationKernel.power(exponent: 2.5, scale: 0.3)
    let own = CommunicationKernel.own(name: "mine") { power(1 + $0 / 0.3 * $0 / 0.3, -2.5) }
    let found = try [named, own].map { kernel in
      var flow = try flow(of: measure, kernel, model, step: 0.1)
      try flow.advance(to: 1)
      return flow.particles
    }
    #expect(try found[0].pairedDistance(to: found[1]) < 1e-13)
  }

  /// A mesh gives the averages of the direct sums up to the fourth power of its cells, in each
  /// dimension.
  @Test(arguments: 1...3, AlignmentField.Model.allCases)
  func aMeshGivesTheSums(dimension: Int, model: AlignmentField.Model) throws {
    let box = try ProductDomain(Array(repeating: .circle(length: 2), count: dimension))
    let measure = try randomAgents(count: 100, dimension: dimension, seed: 7, box: box)
    let kernel = try CommunicationKernel.gaussian(width: 0.2)
    let particles = try ParticleState(measure)
    func accelerations(_ field: AlignmentField) throws -> [Double] {
      try field.validate(for: particles)
      return field.accelerations(of: particles)
    }
    let direct = try accelerations(AlignmentField(model, kernel: kernel))
    let errors = try [24, 48].map { cells in
      let mesh = try AlignmentMesh(
        kernel, box: box, cells: Array(repeating: cells, count: dimension))
      let found = try accelerations(AlignmentField(model, kernel: kernel, mesh: mesh))
      return zip(found, direct).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(errors[0] < 0.02 && errors[1] < 1e-3)
    #expect(errors[1] < errors[0] / 10)
    #expect(throws: FlowError.self) {
      try AlignmentMesh(kernel, box: ProductDomain([.line]), cells: [16])
    }
  }

  /// A run that is stopped and resumed ends with the same bits.
  @Test func resuming() throws {
    let measure = try TwoFlocks.measure
    let kernel = try CommunicationKernel.power(exponent: 40)
    var whole = try flow(of: measure, kernel, .motschTadmor, strength: 10, step: 0.01)
    try whole.advance(to: 0.5)
    let half = try CharacteristicFlow(
      measure: whole.measure,
      lifts: (0..<2).map { whole.particles.position($0) }, field: whole.field,
      integrator: .rungeKutta4, step: 0.01)
    var resumed = half
    try whole.advance(to: 1)
    try resumed.advance(to: 1)
    #expect(resumed.particles.velocities == whole.particles.velocities)
    #expect(resumed.particles.positions == whole.particles.positions)
  }

  @Test func whatIsRefused() throws {
    #expect(throws: KineticModelError.self) {
      try AlignmentField(.cuckerSmale, kernel: .constant, strength: 0)
    }
    #expect(throws: KineticModelError.self) { try CommunicationKernel.power(exponent: -1) }
    #expect(throws: KineticModelError.self) { try CommunicationKernel.power(exponent: 1, scale: 0) }
    #expect(throws: KineticModelError.self) { try CommunicationKernel.gaussian(width: .nan) }
    let negative = CommunicationKernel.own(name: "1 - r") { 1 - $0 }
    #expect(throws: FlowError.self) {
      try flow(of: pair(velocity: 1, distance: 3), negative, step: 0.1)
    }
  }

  // MARK: What the tests share

  private func flow(
    of measure: PhaseSpaceMeasure, _ kernel: CommunicationKernel,
    _ model: AlignmentField.Model = .cuckerSmale, strength: Double = 1, step: Double
  ) throws -> CharacteristicFlow {
    try CharacteristicFlow(
      measure: measure, field: AlignmentField(model, kernel: kernel, strength: strength),
      integrator: .rungeKutta4, step: step)
  }

  private func pair(velocity: Double, distance: Double = 1) throws -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positions: [[0, distance]], velocities: [[0, velocity]], masses: [1, 1])
  }
}

/// Random agents of random masses, the same for every run.
func randomAgents(
  count: Int, dimension: Int, seed: UInt64, box: ProductDomain? = nil
) throws -> PhaseSpaceMeasure {
  var generator = SeededGenerator(seed: seed)
  func columns() -> [[Double]] {
    (0..<dimension).map { _ in (0..<count).map { _ in 2 * generator.uniform() - 1 } }
  }
  return try PhaseSpaceMeasure(
    positions: columns(), velocities: columns(),
    masses: (0..<count).map { _ in 0.5 + generator.uniform() }, box: box, time: 0)
}

/// The velocity spread of the light one of the two flocks.
func spread(_ particles: ParticleState) -> Double {
  TwoFlocks.velocitySpread(
    (0..<2).map { particles.velocity($0) }, TwoFlocks.heavyCount..<particles.count)
}

/// The largest difference of two velocities.
func velocityDiameter(_ particles: ParticleState) -> Double {
  var largest = 0.0
  for i in 0..<particles.count {
    for j in 0..<i {
      var square = 0.0
      for axis in 0..<particles.dimension {
        let difference =
          particles.velocities[axis * particles.count + i]
          - particles.velocities[axis * particles.count + j]
        square += difference * difference
      }
      largest = max(largest, square)
    }
  }
  return largest.squareRoot()
}
