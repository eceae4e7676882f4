import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// How fast agents that align under noise return to rest.
@Suite struct AlignmentDecayTests {
  private let kernel = CommunicationKernel.own(name: "1 + .8 cos 2 pi x") {
    1 + 0.8 * cosine(2 * Double.pi * $0)
  }

  /// Rates that were computed independently, from the eigenvalues of a matrix.
  @Test(arguments: [(0.1, 2.12108388312), (0.01, 0.559584102636)])
  func theKnownRates(temperature: Double, known: Double) throws {
    let found = try AlignmentDecay(kernel, temperature: temperature)
    #expect(abs(found.rate - known) < 2e-11)
  }

  /// As σ → 0 the wave diffuses: the rate tends to κ²σ/λ(φ̂_0 − φ̂_κ), without oscillation.
  @Test func theRateIsProportionalToTheTemperature() throws {
    let limit = 4 * Double.pi * Double.pi / 0.6
    var before = Double.infinity
    for temperature in [1e-3, 1e-4, 1e-5] {
      let found = try AlignmentDecay(kernel, temperature: temperature)
      let off = abs(found.rate / temperature / limit - 1)
      #expect(found.frequency == 0 && off < before)
      before = off
    }
    #expect(before < 1e-3)
  }

  /// Particles decay at this rate.
  @Test func particlesDecayAtThatRate() throws {
    let count = 40_000
    let strength = 2.0
    let found = try AlignmentDecay(
      .constant, length: 1, strength: strength, temperature: 0.01)
    let measure = try SampleFamily.densityWave.sample(
      count: count, seed: 1, isQuiet: true, parameters: ["thermal-speed": 0.1, "amplitude": 1])
    // Everybody hears everybody: a rate, and a mean that is 0 but for noise.
    var flow = try RelaxationFlow(
      measure: measure, field: MeanAlignment(temperature: 0.01, rate: strength), epsilon: 1,
      seed: 2, step: 0.05)
    var orders: [Double] = []
    for time in [2.0, 6] {
      try flow.advance(to: time)
      orders.append(try #require(flow.particles.orderParameters[0]))
    }
    #expect(found.frequency == 0)
    #expect(abs(logarithm(orders[0] / orders[1]) / 4 / found.rate - 1) < 0.1)
  }

  @Test func whatIsRefused() {
    for (strength, temperature, length) in [
      (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, .nan, 1.0), (1.0, 1.0, -1.0),
    ] {
      #expect(throws: KineticModelError.self) {
        try AlignmentDecay(
          kernel, length: length, strength: strength, temperature: temperature)
      }
    }
    #expect(throws: KineticModelError.self) { try AlignmentDecay(kernel, temperature: 100) }
  }
}
