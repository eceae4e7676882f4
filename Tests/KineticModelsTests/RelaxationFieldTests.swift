import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import KineticModels

/// Steps of relaxation whose rates, noise and pushes depend on the particles.
@Suite struct RelaxationFieldTests {
  /// One step of a swarm without force from a velocity: the first two moments are those of the semigroup up to
  /// the third power of the step, so that the law has order 2 although rates depend on velocities.
  @Test(arguments: [(1.0, 0.0), (0.7, 0.6)])
  func aSwarmHasOrderTwo(gamma: Double, sigma: Double) throws {
    let field = try SwarmingField(force: FreeField(), gamma: gamma, sigma: sigma, temperature: 0.8)
    let speed = 0.7
    let (nodes, weights) = Self.hermite
    // W′ = v³/γ − σv² − (1 − σ)v for v > 0, and σ = 0 elsewhere.
    let drift = [0, 1 - sigma, sigma, -1 / gamma]
    for moment in [1, 2] {
      let steps = sigma == 0 ? [0.02, 0.01, 0.005] : [0.004, 0.002, 0.001]
      let errors = try steps.map { h in
        let end = try Self.step(field, x: 0, v: speed, length: h, nodes)
        let found = zip(end, weights).reduce(0) { $0 + $1.1 * power($1.0.v, Double(moment)) }
        return abs(
          found - Self.semigroup(drift, noise: 0.8, moment: moment, at: speed, time: h))
      }
      for (coarse, fine) in zip(errors, errors.dropFirst()) {
        #expect(logarithm(coarse / fine) / logarithm(2) > 2.7)
      }
    }
  }

  /// Where noise depends on the place its mean is still 0, and its variance the mean along the way.
  @Test func noiseThatVariesHasOrderTwo() throws {
    let (nodes, weights) = Self.hermite
    let (x, v) = (0.4, 0.3)
    let errors = try [0.2, 0.1, 0.05].map { h in
      let end = try Self.step(WavyNoise(), x: x, v: v, length: h, nodes)
      let mean = zip(end, weights).reduce(0) { $0 + $1.1 * $1.0.v }
      let square = zip(end, weights).reduce(0) { $0 + $1.1 * $1.0.v * $1.0.v }
      // 2∫(1 + ½sin(x + vs))ds over the step, but for a term of the fourth order.
      let noise = 2 * h + (cosine(x) - cosine(x + v * h)) / v
      return (abs(mean - v), abs(square - v * v - noise))
    }
    #expect(errors.allSatisfy { $0.0 < 1e-14 })
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(logarithm(coarse.1 / fine.1) / logarithm(2) > 2.7)
    }
  }

  /// Agents that hear everybody and noise: variances tend to the temperature at twice the rate.
  @Test func noisyAlignment() throws {
    let count = 20_000
    let measure = try SampleFamily.gaussian.sample(count: count, dimension: 2, seed: 8)
    let field = try NoisyAlignmentField(
      AlignmentField(.motschTadmor, kernel: .constant, strength: 1.5), temperature: 0.3)
    #expect(!field.hasVariableNoise && field.isNoisy)
    // Everybody hears everybody: a mean instead of 20 000² pairs.
    var flow = try RelaxationFlow(
      measure: measure, field: MeanAlignment(temperature: 0.3, rate: 1.5), epsilon: 1, seed: 1,
      step: 0.05)
    try flow.advance(to: 0.4)
    let small = try SampleFamily.gaussian.sample(count: 300, dimension: 2, seed: 8)
    var direct = try RelaxationFlow(
      measure: small, field: field, epsilon: 1, seed: 1, step: 0.05)
    var mean = try RelaxationFlow(
      measure: small, field: MeanAlignment(temperature: 0.3, rate: 1.5), epsilon: 1, seed: 1,
      step: 0.05)
    try direct.advance(to: 0.4)
    try mean.advance(to: 0.4)
    #expect(try direct.particles.pairedDistance(to: mean.particles) < 1e-12)
    for axis in 0..<2 {
      let before = Self.variance(measure.velocity(axis))
      let expected = 0.3 + (before - 0.3) * exponential(-1.2)
      let found = Self.variance(flow.particles.velocity(axis))
      #expect(abs(found - expected) < 4 * expected * (2 / Double(count)).squareRoot())
    }
  }

  /// Strong local alignment needs no short steps, and makes velocities at a place equal: the flow comes near the
  /// agents that have one velocity at each place.
  @Test func localAlignment() throws {
    let box = try ProductDomain([.circle(length: 1)])
    let x = (0..<400).map { (Double($0) + 0.5) / 400 }
    let smooth = x.map { 0.1 * sine(2 * Double.pi * $0) }
    let rough = zip(smooth, x.indices).map { $0 + ($1 % 2 == 0 ? 0.2 : -0.2) }
    let kernel = try CommunicationKernel.power(exponent: 2)
    let alignment = try AlignmentField(.cuckerSmale, kernel: kernel)
    var agents = try CharacteristicFlow(
      measure: PhaseSpaceMeasure(positions: [x], velocities: [smooth], box: box), field: alignment,
      integrator: .rungeKutta4, step: 0.02)
    try agents.advance(to: 1)
    let distances = try [0.1, 0.03, 0.01, 1e-6].map { epsilon in
      let field = try LocalAlignmentField(
        alignment, equilibrium: .monokinetic, epsilon: epsilon, width: 0.01, box: box,
        cells: [200])
      #expect(!field.isNoisy)
      var flow = try RelaxationFlow(
        measure: PhaseSpaceMeasure(positions: [x], velocities: [rough], box: box), field: field,
        epsilon: 1, seed: 0, step: 0.02)
      try flow.advance(to: 1)
      return try flow.particles.pairedDistance(to: agents.particles)
    }
    // Velocities ±.2 off carry agents .2ε away before they agree; then δ²/ε counts.
    #expect(distances[0] < 0.03 && distances[1] < 0.5 * distances[0])
    #expect(distances[2] < 0.005 && distances[3] < 0.1)
    #expect(throws: KineticModelError.self) {
      try LocalAlignmentField(
        alignment, equilibrium: .maxwellian, epsilon: 0.1, width: 0.02, box: box, cells: [90])
    }
  }

  // MARK: What the tests share

  private static func variance(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
  }

  /// The 7 nodes and weights of Gauss and Hermite for the normal distribution, on each of two axes.
  private static let hermite: (nodes: [(Double, Double)], weights: [Double]) = {
    let line: [(Double, Double)] = [
      (0, 16 / 35.0), (1.1544053947399682, 0.24012317860501272),
      (2.3667594107345414, 0.030757123967586497), (3.7504397177257425, 5.4826885597221792e-4),
    ]
    let all = line.flatMap { $0.0 == 0 ? [$0] : [$0, (-$0.0, $0.1)] }
    return (
      all.flatMap { a in all.map { (a.0, $0.0) } }, all.flatMap { a in all.map { a.1 * $0.1 } }
    )
  }()

  /// Where one step leads from a point, for each pair of normal numbers.
  private static func step(
    _ field: any RelaxationField, x: Double, v: Double, length: Double, _ nodes: [(Double, Double)]
  ) throws -> [(x: Double, v: Double)] {
    var flow = try RelaxationFlow(
      measure: PhaseSpaceMeasure(
        positions: [nodes.map { _ in x }], velocities: [nodes.map { _ in v }], time: 0),
      field: field, epsilon: 1, seed: 0, step: 1)
    try flow.advance(by: length, normals: nodes.flatMap { [$0.0, $0.1] })
    return zip(flow.particles.positions, flow.particles.velocities).map { ($0, $1) }
  }

  /// e^{tL}vᵏ at a velocity for L = drift·∂ + noise·∂², by its power series in t.
  private static func semigroup(
    _ drift: [Double], noise: Double, moment: Int, at v: Double, time: Double
  ) -> Double {
    var polynomial = [Double](repeating: 0, count: moment) + [1]
    var (sum, factor) = (0.0, 1.0)
    for order in 0..<8 {
      if order > 0 {
        var next = [Double](repeating: 0, count: polynomial.count + drift.count)
        for (k, c) in polynomial.enumerated() where k > 0 {
          for (j, d) in drift.enumerated() { next[k - 1 + j] += Double(k) * c * d }
          if k > 1 { next[k - 2] += Double(k * (k - 1)) * c * noise }
        }
        polynomial = next
        factor *= time / Double(order)
      }
      sum += factor * polynomial.reversed().reduce(0) { $0 * v + $1 }
    }
    return sum
  }
}

/// No rate and no push, and q = 1 + ½sin x.
struct WavyNoise: RelaxationField {
  var largestRate: Double? { 0 }
  var isNoisy: Bool { true }
  var hasVariableNoise: Bool { true }

  func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    for i in 0..<particles.count {
      coefficients.rates[i] = 0
      coefficients.noises[i] = 1 + 0.5 * sine(particles.positions[i])
      for axis in 0..<particles.dimension { coefficients.pushes[axis * particles.count + i] = 0 }
    }
  }
}

/// Alignment with the mean, and noise.
struct MeanAlignment: RelaxationField {
  let temperature: Double
  let rate: Double
  var largestRate: Double? { rate }
  var isNoisy: Bool { true }

  func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    let n = particles.count
    for axis in 0..<particles.dimension {
      let velocities = particles.velocity(axis)
      let mean = zip(velocities, particles.masses).reduce(0) { $0 + $1.0 * $1.1 }
      for i in 0..<n { coefficients.pushes[axis * n + i] = rate * mean }
    }
    for i in 0..<n {
      coefficients.rates[i] = rate
      coefficients.noises[i] = rate * temperature
    }
  }
}
