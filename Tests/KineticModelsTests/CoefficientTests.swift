import KineticModels
import TestSupport
import Testing

/// The coefficients of the diffusion approximation against closed forms and figures that were computed
/// independently.
@Suite struct CoefficientTests {
  /// D/γ, K and λ₁ of the cases of the paper; D and K in two dimensions.
  @Test(arguments: [
    (2.0, 0.0, 0.0, 2.05214775308146, 1.78692993914847, 0.42294464539775),
    (100, 0, 0, 159_954_669_361.35, 98.9672404961935, 6.1546501759e-12),
    (2, 1, 0, 6.50296893774407, 3.05812409227992, 0.22852045799091),
    (6, 1, 0, 555_869_859.76998, 35.4725634942003, 1.05822421082e-8),
    (5, 0, 1, 0.278949393293743, 0.754689001844842, 0.33311257341827),
  ])
  func theCasesOfThePaper(
    gamma: Double, sigma: Double, delta: Double, diffusion: Double, drift: Double, gap: Double
  ) throws {
    let found = try SwarmingCoefficients(
      VelocityPotential(gamma: gamma, sigma: sigma, delta: delta))
    #expect(isClose(found.diffusion / gamma, diffusion, 1e-13))
    #expect(isClose(found.drift, drift, 1e-13))
    // One digit less where fewer are known.
    #expect(isClose(found.eigenvalues[0], gap, gap < 1e-3 ? 1e-11 : 1e-13))
    #expect(found.isDiffusionWithinBounds)
    let bounds = found.diffusionBounds
    #expect(bounds.lower < found.diffusion && found.diffusion < bounds.upper)
  }

  @Test func twoDimensions() throws {
    let found = try SwarmingCoefficients(VelocityPotential(gamma: 1), dimension: 2)
    #expect(isClose(found.diffusion, 0.691917083928552, 1e-13))
    #expect(isClose(found.drift, 0.788978181372631, 1e-13))
    #expect(found.isDiffusionWithinBounds)
  }

  /// W = |v|²/2: D = K = 1 for every θ, and the modes of Hermite (in more dimensions those of Laguerre
  /// that are vectors) have whole eigenvalues. The first mode alone is the velocity.
  @Test(arguments: 1...3, [0.3, 1, 4])
  func theLinearFriction(dimension: Int, temperature: Double) throws {
    let found = try SwarmingCoefficients(
      VelocityPotential(polynomial: [0, 0.5]), temperature: temperature, dimension: dimension,
      modeCount: 6)
    #expect(isClose(found.drift, 1, 1e-13))
    #expect(isClose(found.diffusion, temperature, 1e-13))
    for (index, value) in found.eigenvalues.enumerated() {
      #expect(isClose(value, dimension == 1 ? Double(index + 1) : Double(2 * index + 1), 1e-12))
    }
    #expect(isClose(found.partialDiffusions[0], temperature, 1e-11))
    #expect(isClose(found.partialDrifts[5], 1, 1e-11))
  }

  /// The first eigenvalue keeps its digits where it is 10⁻⁶²: by the law of Eyring and Kramers
  /// λ₁ = (√2/π)e^{−γ/4}(1 + O(1/γ)), and D = ⟨v, (−C)⁻¹v⟩ is all in its mode.
  @Test func tunnelingKeepsItsRelativeAccuracy() throws {
    let found = try SwarmingCoefficients(VelocityPotential(gamma: 560), modeCount: 15)
    let law = 2.0.squareRoot() / Double.pi * exponential(-140)
    #expect(abs(found.eigenvalues[0] / law - 1) < 2 / 560)
    #expect(isClose(found.partialDiffusions[0], found.diffusion, 1e-10))
    #expect(found.eigenvalueErrors[0] < 1e-12 * found.eigenvalues[0])
    // With the kink, λ₁ ~ 3^{2/3}√(γ/2π)/Γ(1/3)·e^{−γ³/12}.
    let kink = try SwarmingCoefficients(VelocityPotential(gamma: 11.5, sigma: 1), modeCount: 1)
    let kinkLaw =
      power(3, 2.0 / 3) * (11.5 / (2 * Double.pi)).squareRoot() / 2.678938534707747
      * exponential(-11.5 * 11.5 * 11.5 / 12)
    #expect(abs(kink.eigenvalues[0] / kinkLaw - 1) < 0.1)
    #expect(kink.isDiffusionWithinBounds)
  }

  /// Theorem 3.1: D^N and K^N rise to D and K beyond any power of N, also where modes come in clusters
  /// that tunnel into each other.
  @Test(arguments: [(1.0, 0.0), (5, 1), (560, 0)])
  func partialSumsRiseToTheCoefficients(gamma: Double, sigma: Double) throws {
    let found = try SwarmingCoefficients(
      VelocityPotential(gamma: gamma, sigma: sigma), modeCount: 15)
    for (sums, limit) in [
      (found.partialDiffusions, found.diffusion), (found.partialDrifts, found.drift),
    ] {
      for (before, after) in zip(sums, sums.dropFirst()) { #expect(after >= before * (1 - 1e-12)) }
      #expect(sums[14] <= limit * (1 + 1e-10))
      #expect(sums[14] >= limit * (1 - 2e-5))
    }
    #expect(abs(found.partialDiffusions[14] / found.diffusion - 1) < 1e-8)
  }

  /// The modes of the paper's figures are orthonormal, the first one odd where W is even, the second
  /// even; where tunnelling has made two eigenvalues one, too.
  @Test(arguments: [2.0, 120, 400])
  func eigenfunctionsKeepTheirSymmetry(gamma: Double) throws {
    let found = try SwarmingCoefficients(VelocityPotential(gamma: gamma)).eigenfunctions(2)
    let step = found.velocities[1] - found.velocities[0]
    for (n, one) in found.values.enumerated() {
      for (m, other) in found.values.enumerated() where m <= n {
        let product = zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } * step
        #expect(abs(product - (n == m ? 1 : 0)) < 1e-6)
      }
      let mirrored = one.reversed().map { n == 1 ? -$0 : $0 }
      let largest = one.reduce(0) { max($0, abs($1)) }
      #expect(zip(one, mirrored).allSatisfy { abs($0 - $1) < 1e-6 * largest })
    }
  }

  /// A polynomial is the same potential as a function of one's own.
  @Test func potentialsOfOnesOwn() throws {
    let one = try SwarmingCoefficients(VelocityPotential(polynomial: [-1, -0.5, 0, 0.25]))
    let other = try SwarmingCoefficients(VelocityPotential(gamma: 1, delta: 1))
    #expect(isClose(one.diffusion, other.diffusion, 1e-13))
    let scaled = try SwarmingCoefficients(
      VelocityPotential(name: "small", isEven: true) { 5e5 * $0 * $0 })
    #expect(isClose(scaled.drift, 1e-6, 1e-12))
    // C scales with W″ = 1e6, and D = ⟨v²⟩/λ.
    #expect(isClose(scaled.eigenvalues[0], 1e6, 1e-12))
    #expect(isClose(scaled.diffusion, 1e-12, 1e-12))
  }

  @Test func whatIsRefused() throws {
    #expect(throws: KineticModelError.self) { try VelocityPotential(gamma: 0) }
    #expect(throws: KineticModelError.self) { try VelocityPotential(gamma: 1, sigma: -1) }
    #expect(throws: KineticModelError.self) { try VelocityPotential(gamma: .infinity) }
    let well = try VelocityPotential(gamma: 1)
    #expect(throws: KineticModelError.self) { try SwarmingCoefficients(well, temperature: 0) }
    #expect(throws: KineticModelError.self) { try SwarmingCoefficients(well, dimension: 4) }
    #expect(throws: KineticModelError.self) { try SwarmingCoefficients(well, modeCount: 0) }
    let tilted = try VelocityPotential(gamma: 1, delta: 1)
    #expect(throws: KineticModelError.notRadial(potential: tilted.name, dimension: 2)) {
      try SwarmingCoefficients(tilted, dimension: 2)
    }
    for coefficients in [[0, -0.5], [1, 0.5, -1], [], [0, 0.5, 0, -1e-9]] {
      #expect {
        try SwarmingCoefficients(VelocityPotential(polynomial: coefficients))
      } throws: { error in
        if case KineticModelError.notConfining = error { true } else { false }
      }
    }
    #expect(
      throws: KineticModelError.self,
      performing: {
        try SwarmingCoefficients(VelocityPotential(name: "no number", isEven: true) { _ in .nan })
      })
    #expect {
      try SwarmingCoefficients(VelocityPotential(gamma: 3000))
    } throws: { error in
      if case KineticModelError.barrierTooHigh = error { true } else { false }
    }
  }
}

/// Whether two numbers agree to a relative accuracy.
func isClose(_ found: Double, _ expected: Double, _ tolerance: Double) -> Bool {
  abs(found - expected) <= tolerance * abs(expected)
}
