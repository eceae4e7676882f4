import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import KineticModels

/// Particles that relax under noise: the order of the law, its moments, and its bits.
@Suite struct RelaxationFlowTests {
  // MARK: The law

  /// For a linear force the scheme is a linear map, so that it carries means and covariances: the law has order 2 in
  /// the position for every ε, with the errors that were found by an independent program.
  @Test(arguments: [(1.0, 1.8937e-4), (0.1, 7.0500e-4), (0.01, 8.0042e-4), (0, 8.0088e-4)])
  func theOrderIsTwoWhateverEpsilonIs(epsilon: Double, known: Double) throws {
    let exact = GaussianState.solution(epsilon: epsilon, time: 1)
    let errors = try [20, 40, 80].map { steps in
      let found = try GaussianState.scheme(epsilon: epsilon, time: 1, steps: steps)
      return abs(found.mean.x - exact.mean.x) + abs(found.xx - exact.xx)
    }
    #expect(abs(errors[0] / known - 1) < 1e-4)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(logarithm(coarse / fine) / logarithm(2) > 1.95)
    }
  }

  /// X₀ ~ N(1, ¼), V₀ ~ N(0, 1) in the potential x²/2 at ε = .1: W₂ from f to the limit with a Maxwellian, and of
  /// positions alone. The figures were computed independently.
  @Test(arguments: [
    (0.5, 0.0653477776824, 0.00355738336704), (2, 0.0136374626605, 0.00137411818815),
  ])
  func theDistanceFromTheLimit(time: Double, phase: Double, positions: Double) throws {
    func distances(_ steps: Int) throws -> (Double, Double) {
      let found = try GaussianState.scheme(epsilon: 0.1, time: time, steps: steps)
      let limit = GaussianState.solution(epsilon: 0, time: time)
      return (found.distance(to: limit), found.positionDistance(to: limit))
    }
    let coarse = try distances(Int(1600 * time))
    let fine = try distances(Int(3200 * time))
    #expect(abs((4 * fine.0 - coarse.0) / 3 - phase) < 1e-9)
    #expect(abs((4 * fine.1 - coarse.1) / 3 - positions) < 1e-9)
  }

  /// Particles have the moments of the exact law, within 4 standard errors: the noise has the right size, at the
  /// right place.
  @Test(arguments: [1, 0.1, 0])
  func theMomentsOfParticles(epsilon: Double) throws {
    let count = 40_000
    let start = try SampleFamily.gaussian.sample(count: count, dimension: 1, seed: 5)
    let wide = try PhaseSpaceMeasure(
      positions: [start.position(0).map { 1 + 0.5 * $0 }], velocities: [start.velocity(0)],
      time: 0)
    var flow = try RelaxationFlow(
      measure: wide, field: Self.harmonic, epsilon: epsilon, seed: 11, step: 0.01)
    try flow.advance(to: 0.5)
    let exact = GaussianState.solution(epsilon: epsilon, time: 0.5)
    let (x, v) = (flow.particles.position(0), flow.particles.velocity(0))
    let n = Double(count)
    func expect(_ found: Double, _ expected: Double, variance: Double) {
      #expect(abs(found - expected) < 4 * (variance / n).squareRoot() + 2e-4)
    }
    let mean = (x: x.reduce(0, +) / n, v: v.reduce(0, +) / n)
    expect(mean.x, exact.mean.x, variance: exact.xx)
    expect(mean.v, exact.mean.v, variance: exact.vv)
    func covariance(_ a: [Double], _ b: [Double], _ first: Double, _ second: Double) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - first) * ($1.1 - second) } / n
    }
    expect(covariance(x, x, mean.x, mean.x), exact.xx, variance: 2 * exact.xx * exact.xx)
    expect(covariance(v, v, mean.v, mean.v), exact.vv, variance: 2 * exact.vv * exact.vv)
    expect(
      covariance(x, v, mean.x, mean.v), exact.xv,
      variance: exact.xx * exact.vv + exact.xv * exact.xv)
  }

  /// Equal seeds couple ε with the limit: particles come together in proportion to ε.
  @Test func equalSeedsCoupleWithTheLimit() throws {
    let measure = try SampleFamily.gaussian.sample(count: 2000, dimension: 2, seed: 2)
    func end(_ epsilon: Double, seed: UInt64 = 3) throws -> ParticleState {
      var flow = try RelaxationFlow(
        measure: measure, field: Self.harmonic, epsilon: epsilon, seed: seed, step: 0.02)
      try flow.advance(to: 1)
      return flow.particles
    }
    let limit = try end(0)
    func cost(_ state: ParticleState) -> Double {
      let squares = zip(state.positions, limit.positions).map { ($0 - $1) * ($0 - $1) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let costs = try [0.2, 0.1, 0.05].map { cost(try end($0)) }
    for (large, small) in zip(costs, costs.dropFirst()) {
      #expect(1.6...2.4 ~= large / small)
    }
    #expect(costs[2] < 0.1)
    // Another seed is no coupling.
    #expect(try cost(end(0.05, seed: 4)) > 0.5)
  }

  /// The noisy Kuramoto model in the limit: the order parameter tends to the known one of the stationary state.
  @Test(arguments: [(2.5, 0.589707987783), (3.5, 0.791432667674)])
  func theNoisyKuramotoModel(attraction: Double, known: Double) throws {
    let box = try ProductDomain([.circle(length: 2 * Double.pi)])
    let sample = try SampleFamily.gaussian.sample(count: 20_000, dimension: 1, seed: 3)
    let measure = try PhaseSpaceMeasure(
      positions: [sample.position(0)], velocities: [sample.velocity(0)], box: box, time: 0)
    // K = I cos x, so that k = −K attracts.
    let force = SumField([FreeField(), try CosineField(curvature: attraction, box: box)])
    var flow = try RelaxationFlow(
      measure: measure, field: FokkerPlanckField(force: force), epsilon: 0, seed: 4, step: 0.05)
    var orders: [Double] = []
    for time in [6.0, 8, 10] {
      try flow.advance(to: time)
      orders.append(try #require(flow.particles.orderParameters[0]))
    }
    #expect(abs(orders.reduce(0, +) / 3 - known) < 0.015)
    #expect(SumField([]).name == FreeField().name && force.curvatureBound == attraction)
  }

  // MARK: Bits

  /// The same bits on any number of threads, and after resuming.
  @Test(arguments: [0, 0.3])
  func bits(epsilon: Double) throws {
    let measure = try SampleFamily.gaussian.sample(count: 6000, dimension: 2, seed: 9)
    func flow(_ measure: PhaseSpaceMeasure, _ lifts: [[Double]]? = nil) throws -> RelaxationFlow {
      try RelaxationFlow(
        measure: measure, lifts: lifts, field: Self.harmonic, epsilon: epsilon, seed: 1 << 40,
        step: 0.03)
    }
    var ends: [ParticleState] = []
    for threads in [1, 2, 5] {
      var whole = try flow(measure)
      try ThreadLimit.with(threads) {
        try whole.advance(to: 0.1)
        try whole.advance(to: 0.2)
      }
      ends.append(whole.particles)
    }
    var half = try flow(measure)
    try half.advance(to: 0.1)
    var resumed = try flow(half.measure, (0..<2).map { half.particles.position($0) })
    try resumed.advance(to: 0.2)
    for end in ends + [resumed.particles] {
      #expect(end.positions == ends[0].positions && end.velocities == ends[0].velocities)
    }
    var other = try RelaxationFlow(
      measure: measure, field: Self.harmonic, epsilon: epsilon, seed: 1, step: 0.03)
    try other.advance(to: 0.2)
    #expect(other.particles.positions != ends[0].positions)
  }

  // MARK: Refusals

  @Test func whatIsRefused() throws {
    let measure = try SampleFamily.gaussian.sample(count: 10, dimension: 1, seed: 9)
    func flow(_ field: any RelaxationField, epsilon: Double) throws -> RelaxationFlow {
      try RelaxationFlow(measure: measure, field: field, epsilon: epsilon, seed: 1, step: 0.1)
    }
    for epsilon in [-1, .nan, .infinity, 1e-200] {
      #expect(throws: KineticModelError.self) { try flow(Self.harmonic, epsilon: epsilon) }
    }
    // No limit without a positive rate, nor with one of velocities.
    #expect(throws: KineticModelError.self) { try flow(WavyNoise(), epsilon: 0) }
    let swarm = try SwarmingField(force: FreeField(), gamma: 1e-9, sigma: 1)
    #expect(throws: KineticModelError.self) { try flow(swarm, epsilon: 0) }
    #expect(throws: KineticModelError.self) { try SwarmingField(force: FreeField(), gamma: 0) }
    #expect(throws: KineticModelError.self) {
      try SwarmingField(force: FreeField(), gamma: 1, temperature: -1)
    }
    let alignment = try AlignmentField(.cuckerSmale, kernel: .constant)
    #expect(throws: KineticModelError.self) {
      try NoisyAlignmentField(alignment, temperature: 0)
    }
    #expect(throws: KineticModelError.self) {
      try flow(FokkerPlanckField(force: alignment), epsilon: 1)
    }
    var forwards = try flow(Self.harmonic, epsilon: 1)
    #expect(throws: KineticModelError.self) { try forwards.advance(to: -1) }
    #expect(throws: KineticModelError.self) { try forwards.advance(to: .nan) }
  }

  // MARK: What the tests share

  static let harmonic = FokkerPlanckField(
    force: ExternalField(
      potential: { _, x in 0.5 * (x * x).sum() }, acceleration: { _, x in -x }))
}
