import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import KineticModels

/// The exact Gaussian step of relaxation, and the numbers that drive it.
@Suite struct RelaxationStepTests {
  // MARK: Normal numbers

  /// The known answers of Philox4x32-10, from the authors' Random123.
  @Test func philoxGivesTheKnownAnswers() {
    let ones = UInt32.max
    let known: [(SIMD4<UInt32>, SIMD2<UInt32>, SIMD4<UInt32>)] = [
      (
        SIMD4(repeating: 0), SIMD2(repeating: 0),
        SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
      ),
      (
        SIMD4(repeating: ones), SIMD2(repeating: ones),
        SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
      ),
      (
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        SIMD2(0xa409_3822, 0x299f_31d0),
        SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
      ),
    ]
    for (counter, key, answer) in known {
      #expect(CounterNormals.philox(counter, key: key) == answer)
    }
  }

  /// Moments up to the fourth and correlations, each within 4.5 standard errors: of both numbers of a pair, and
  /// of pairs that differ in the particle, the axis, the time or the seed.
  @Test func normalNumbersAreNormalAndIndependent() {
    let count = 200_000
    func mean(_ value: (Int) -> Double) -> Double {
      (0..<count).reduce(0) { $0 + value($1) } / Double(count)
    }
    func isNear(_ found: Double, _ expected: Double, variance: Double) -> Bool {
      abs(found - expected) < 4.5 * (variance / Double(count)).squareRoot()
    }
    let normals = CounterNormals(seed: 7, time: 0.25)
    let pairs = (0..<count).map { normals.pair(particle: $0, axis: 0) }
    for numbers in [pairs.map(\.first), pairs.map(\.second)] {
      #expect(isNear(mean { numbers[$0] }, 0, variance: 1))
      #expect(isNear(mean { numbers[$0] * numbers[$0] }, 1, variance: 2))
      #expect(isNear(mean { power(numbers[$0], 3) }, 0, variance: 15))
      #expect(isNear(mean { power(numbers[$0], 4) }, 3, variance: 96))
      // How many lie beyond 3.
      let tail = complementaryError(3 / 2.0.squareRoot())
      #expect(isNear(mean { abs(numbers[$0]) > 3 ? 1 : 0 }, tail, variance: tail))
    }
    let others: [(Int) -> Double] = [
      { pairs[$0].second }, { pairs[($0 + 1) % count].first },
      { normals.pair(particle: $0, axis: 1).first },
      { CounterNormals(seed: 8, time: 0.25).pair(particle: $0, axis: 0).first },
      { CounterNormals(seed: 7, time: 0.25.nextUp).pair(particle: $0, axis: 0).first },
      { normals.pair(particle: $0 + 1 << 32, axis: 0).first },
    ]
    for other in others {
      #expect(isNear(mean { pairs[$0].first * other($0) }, 0, variance: 1))
      // Not the same up to a sign either.
      #expect(
        isNear(mean { power(pairs[$0].first, 2) * power(other($0), 2) }, 1, variance: 8))
    }
    #expect(
      CounterNormals(seed: 7, time: -0.0).pair(particle: 3, axis: 0)
        == CounterNormals(seed: 7, time: 0).pair(particle: 3, axis: 0))
  }

  // MARK: The step

  /// Two steps of half the length have the law of one: the mean and the covariance of the exact solution are the
  /// only ones with this property that begin in the right direction.
  @Test(arguments: [1.0, 0.1, 0.01], [-3, -1e-9, 0, 1e-12, 0.3, 1, 7, 40])
  func halfStepsMakeAStep(epsilon: Double, factor: Double) {
    // z from −3 to 80 for each ε.
    let h = 0.7 * epsilon * epsilon
    let half = Law(GaussianStep(length: h, epsilon: epsilon, rate: factor))
    let whole = Law(GaussianStep(length: 2 * h, epsilon: epsilon, rate: factor))
    let twice = half.followed(by: half)
    for (found, expected) in zip(twice.numbers, whole.numbers) {
      #expect(abs(found - expected) <= 2e-14 * max(abs(expected), whole.scale * 1e-2))
    }
    // The beginning: dX = V/ε dt, dV = (b/ε − νV/ε²)dt + √2/ε dB.
    let short = 1e-7 * epsilon * epsilon
    let start = GaussianStep(length: short, epsilon: epsilon, rate: factor)
    let law = Law(start)
    #expect(abs(start.drift / (short / epsilon) - 1) < 1e-5)
    #expect(abs(law.covariance[2] / (2 * short / (epsilon * epsilon)) - 1) < 1e-5)
    #expect(abs((1 - start.decay) - factor * 1e-7) < 1e-12 + 1e-12 * abs(factor))
  }

  /// The step by its closed formulas, where these do not cancel.
  @Test(arguments: [0.5, 0.999, 1.001, 3, -0.8, -1.001, -2])
  func closedFormulas(z: Double) {
    let (epsilon, rate) = (0.3, z < 0 ? -1.7 : 1.7)
    let h = z * epsilon * epsilon / rate
    let step = GaussianStep(length: h, epsilon: epsilon, rate: rate)
    let a = exponential(-z)
    let p = (1 - a) / rate
    let law = Law(step)
    let variance =
      2 / (rate * rate)
      * (h - 2 * epsilon * epsilon * p + epsilon * epsilon * (1 - a * a) / (2 * rate))
    let expected = [
      a, epsilon * p, (h - epsilon * epsilon * p) / rate, variance, epsilon * p * p,
      (1 - a * a) / rate,
    ]
    let found = [step.decay, step.drift, step.shift] + law.covariance
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) < 1e-12 * abs(expected))
    }
  }

  /// ε → 0 with the same numbers: the position's noise tends to that of the limit, and velocities forget.
  @Test func theLimitOfSmallEpsilon() {
    let (h, rate) = (0.05, 2.0)
    let limit = GaussianStep(length: h, epsilon: 0, rate: rate)
    #expect(limit.decay == 0 && limit.drift == 0 && limit.positionNoise == 0)
    #expect(abs(limit.shift - h / rate) < 1e-17)
    #expect(abs(limit.amplitude * limit.shift - (2 * h).squareRoot() / rate) < 1e-15)
    #expect(abs(limit.amplitude * limit.velocityNoise - (1 / rate).squareRoot()) < 1e-15)
    for epsilon in [1e-3, 1e-9] {
      let step = GaussianStep(length: h, epsilon: epsilon, rate: rate)
      for (found, expected) in [
        (step.drift, 0), (step.shift, limit.shift), (step.positionNoise, 0),
        (step.velocityNoise, limit.velocityNoise),
      ] {
        #expect(abs(found - expected) < 3 * epsilon)
      }
    }
  }

  /// X + εV/ν moves by the mean of the noise alone, whatever ε is.
  @Test(arguments: [2, 0.3, 0.01], [0.7, -0.7])
  func theSameBrownianMotion(epsilon: Double, rate: Double) {
    let h = min(0.1, 5 * epsilon * epsilon)
    let step = GaussianStep(length: h, epsilon: epsilon, rate: rate)
    let first = step.shift + epsilon / rate * step.drift
    let second = step.positionNoise + epsilon / rate * step.velocityNoise
    #expect(abs(first - h / rate) < 1e-12 * max(step.shift, h))
    #expect(abs(second) < 1e-13 * abs(step.velocityNoise))
  }

  /// ν = 0 is free motion with noise, also where ν is not quite 0.
  @Test(arguments: [0, 1e-300, -1e-17, 1e-9])
  func noRate(rate: Double) {
    let (h, epsilon) = (0.2, 0.5)
    let step = GaussianStep(length: h, epsilon: epsilon, rate: rate)
    let r = h / epsilon
    let law = Law(step)
    for (found, expected) in [
      (step.decay, 1), (step.drift, r), (step.shift, r * r / 2),
      (law.covariance[0], 2 * power(r, 4) / h / 3), (law.covariance[1], power(r, 3) / h),
      (law.covariance[2], 2 * r * r / h),
    ] {
      #expect(abs(found / expected - 1) < 1e-8)
    }
  }
}

/// The law of a step with b = 1, q = 1: the mean of (X, V) is an affine map of the start, with a covariance.
private struct Law {
  /// The matrix by rows, then the constants.
  var map: [Double]
  /// Var X, Cov(X, V), Var V.
  var covariance: [Double]

  init(_ step: GaussianStep) {
    map = [1, step.drift, 0, step.decay, step.shift, step.drift]
    // What N₁ and N₂ do to the position and to the velocity.
    let (x, v) = ([step.shift, step.positionNoise], [step.drift, step.velocityNoise])
    covariance = [(x, x), (x, v), (v, v)].map { a, b in
      step.amplitude * step.amplitude * (a[0] * b[0] + a[1] * b[1])
    }
  }

  var numbers: [Double] { map + covariance }
  var scale: Double { numbers.reduce(0) { max($0, abs($1)) } }

  func followed(by next: Law) -> Law {
    var result = self
    let (m, n) = (next.map, map)
    result.map = [
      1, n[1] + m[1] * n[3], 0, m[3] * n[3], n[4] + m[1] * n[5] + m[4], m[3] * n[5] + m[5],
    ]
    let (x, c, v) = (covariance[0], covariance[1], covariance[2])
    result.covariance = [
      x + 2 * m[1] * c + m[1] * m[1] * v + next.covariance[0],
      m[3] * (c + m[1] * v) + next.covariance[1], m[3] * m[3] * v + next.covariance[2],
    ]
    return result
  }
}
