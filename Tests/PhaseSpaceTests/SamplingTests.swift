import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

@Suite struct SamplingTests {
  /// Against values of an arbitrary-precision library.
  @Test func normalQuantilesAreRight() {
    let table: [(Double, Double)] = [
      (0.5, 0), (0.975, 1.959963984540054), (0.025, -1.959963984540054),
      (1e-10, -6.361340902404056), (0.1, -1.2815515655446004), (1e-300, -37.0471),
    ]
    for (probability, value) in table {
      let tolerance = probability < 1e-100 ? 1e-5 : 4e-16
      #expect(abs(NormalQuantile.value(probability) - value) <= tolerance * max(abs(value), 1))
    }
  }

  /// Sample means and variances of quiet starts are those of the distribution to about 1/n.
  @Test func quietStartsHaveTheRightMoments() throws {
    let sample = try SampleFamily.gaussian.sample(
      count: 20_000, seed: 5, isQuiet: true,
      parameters: ["position-spread": 2, "correlation": 0.6, "velocity-shift": 3])
    let n = Double(sample.count)
    let meanX = sample.position(0).reduce(0, +) / n
    let meanV = sample.velocity(0).reduce(0, +) / n
    let varianceX = sample.position(0).reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) } / n
    let covariance =
      zip(sample.position(0), sample.velocity(0))
      .reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanV) } / n
    #expect(abs(meanX) < 1e-2 && abs(meanV - 3) < 1e-2)
    #expect(abs(varianceX - 4) < 0.02 && abs(covariance - 1.2) < 0.02)
  }

  @Test func isReproducible() throws {
    for family in SampleFamily.all {
      let first = try family.sample(count: 20, seed: 8)
      #expect(first == (try family.sample(count: 20, seed: 8)))
      #expect(first != (try family.sample(count: 20, seed: 9)))
      #expect(first.box.axes.allSatisfy(\.isPeriodic) == (family.name != "gaussian"))
    }
    // The stream itself must not change from one version to the next.
    var generator = SeededGenerator(seed: 1)
    #expect(generator.next() == 14_971_601_782_005_023_387)
  }

  @Test func refusesImpossibleSamples() {
    let family = SampleFamily.coldWave
    #expect(throws: SampleError.badCount(0)) { try family.sample(count: 0, seed: 1) }
    #expect(throws: SampleError.self) { try family.sample(count: 2, dimension: 2, seed: 1) }
    #expect(throws: SampleError.self) {
      try family.sample(count: 2, seed: 1, parameters: ["amplitude": 0.2])
    }
    #expect(throws: SampleError.self) {
      try family.sample(count: 2, seed: 1, parameters: ["drift": 1])
    }
    #expect(throws: SampleError.self) {
      try SampleFamily.twoStream.sample(count: 2, seed: 1, parameters: ["mode": 1.5])
    }
  }
}
