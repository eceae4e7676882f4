import Foundation
import StabilityEstimates
import Testing

/// The closed forms of both theorems.
@Suite struct BoundsTests {
  /// The root of log(1+t) − t + 2Bt² + ⅔Bt³, bisected by another program.
  @Test(arguments: [
    (0.2, 0.2402517054392246), (0.1, 1.2355550591707962), (0.05, 2.712087421354766),
    (0.01, 9.194436486159294),
  ])
  func crossovers(_ curvature: Double, _ printed: Double) throws {
    let bounds = try VlasovStabilityBounds(curvature: curvature)
    let time = try #require(bounds.crossover)
    #expect(abs(time - printed) <= 1e-12)
    #expect(bounds.freeFlow(at: time * 0.999) < bounds.dobrushin(at: time * 0.999))
    #expect(bounds.freeFlow(at: time * 1.001) > bounds.dobrushin(at: time * 1.001))
    #expect(bounds.smaller(at: time * 1.001) == bounds.dobrushin(at: time * 1.001))
  }

  @Test func crossoverAtTheEnds() throws {
    #expect(try VlasovStabilityBounds(curvature: 0).crossover == .infinity)
    #expect(try VlasovStabilityBounds(curvature: 0.25).crossover == nil)
    #expect(try VlasovStabilityBounds(curvature: 1).crossover == nil)
    // Near ¼ the root is 1 − 4B to first order: the quotient is −½ + t/3 + … there.
    let near = try #require(try VlasovStabilityBounds(curvature: 0.25 - 1e-9).crossover)
    #expect(abs(near / 4e-9 - 1) < 1e-6)
  }

  @Test func badConstantsAreTold() {
    #expect(throws: StabilityError.self) { try VlasovStabilityBounds(curvature: -1) }
    #expect(throws: StabilityError.self) { try VlasovPoissonHypothesis(epsilon: -0.1) }
    #expect(throws: StabilityError.self) { try VlasovPoissonHypothesis(epsilon: 1, growth: .nan) }
    #expect(
      throws: StabilityError.self
    ) { try LoeperBound(scale: 0, rate: 1, initialDistance: 0.1) }
  }

  /// c₀ is where the step of the proof ends: s/|log s| ≤ τ implies s ≤ 2τ|log τ| up to τ = c₀²/2.
  @Test func theSmallnessConstantIsSharp() {
    let largest = VlasovPoissonStabilityBounds.smallness
    let limit = largest * largest / 2
    func implied(_ tau: Double) -> Bool {
      // The s with s/|log s| = τ, by bisection.
      var (low, high) = (0.0, 1.0)
      for _ in 0..<200 {
        let s = (low + high) / 2
        if s <= tau * -log(s) { low = s } else { high = s }
      }
      return low <= 2 * tau * abs(log(tau))
    }
    for factor in [1e-6, 1e-3, 0.1, 0.5, 0.999] { #expect(implied(limit * factor)) }
    #expect(!implied(limit * 1.001))
  }

  /// Against the formula of Theorem 3.1, written out once more with other intermediate values.
  @Test func theBoundOfTheorem31() throws {
    let (epsilon, theta, growth, integral) = (0.1, 1e-4, 0.05, 0.7)
    let bounds = try VlasovPoissonStabilityBounds(
      epsilon: epsilon, initialDistance: theta, growth: growth)
    let inner = pow(theta / epsilon, 2) * abs(log(0.5 * pow(theta / epsilon, 2)))
    let root = sqrt(abs(log(inner)))
    #expect(abs(try #require(bounds.root) - root) < 1e-12)
    let expected = sqrt(2 * exp(-pow(root - growth / epsilon * integral, 2)))
    #expect(abs(try #require(bounds.distance(densityIntegral: integral)) / expected - 1) < 1e-12)
    #expect(
      abs(
        bounds.requirement(densityIntegral: integral)
          - (growth / epsilon * integral + sqrt(abs(log(epsilon / M_E))))) < 1e-12)
    // At integralAtOne the bound is 1, and the smallest C_d that allows the bound is C_d itself.
    let reached = try #require(bounds.integralAtOne)
    #expect(abs(try #require(bounds.distance(densityIntegral: reached)) - 1) < 1e-12)
    #expect(
      abs(
        try #require(bounds.effectiveGrowth(distance: expected, densityIntegral: integral)) - growth
      )
        < 1e-12)
  }

  /// Where ½ε⁻²θ² is no longer small the logarithms change sign, and nothing is claimed.
  @Test func noBoundForLargeDistances() throws {
    let bounds = try VlasovPoissonStabilityBounds(epsilon: 0.1, initialDistance: 0.2, growth: 1)
    #expect(bounds.root == nil && bounds.distance(densityIntegral: 0) == nil)
    #expect(bounds.integralAtOne == nil)
    let none = try VlasovPoissonStabilityBounds(epsilon: 0.1, initialDistance: 0, growth: 1)
    #expect(none.distance(densityIntegral: 5) == 0)
  }

  @Test func theFunctionalsBoundAndItsConstant() {
    let (initial, epsilon, growth, integral) = (1e-7, 0.2, 0.05, 3.0)
    let bound = VlasovPoissonStabilityBounds.functional(
      initial: initial, epsilon: epsilon, growth: growth, densityIntegral: integral)
    let found = VlasovPoissonStabilityBounds.effectiveGrowth(
      initial: initial, current: bound, epsilon: epsilon, densityIntegral: integral)
    #expect(abs((found ?? 0) - growth) < 1e-12)
    #expect(
      VlasovPoissonStabilityBounds.effectiveGrowth(
        initial: initial, current: bound, epsilon: epsilon, densityIntegral: 0) == nil)
  }

  @Test func loeper() throws {
    let (theta, rate, time) = (1e-3, 0.7, 1.3)
    let bound = try LoeperBound(scale: M_E, rate: rate, initialDistance: theta)
    #expect(abs(bound.distance(at: 0) / theta - 1) < 1e-12)
    let later = bound.distance(at: time)
    #expect(abs(later / (M_E * exp(log(theta / M_E) * exp(-rate * time))) - 1) < 1e-12)
    // With c_d = e the bound is 1 at log(1 + |log θ|)/C.
    #expect(abs(bound.timeAtOne - log(1 + abs(log(theta))) / rate) < 1e-12)
    #expect(abs(bound.distance(at: bound.timeAtOne) - 1) < 1e-12)
    let smallest = try #require(
      LoeperBound.smallestRate(
        scale: M_E, initialDistance: theta, distance: later, time: time))
    #expect(abs(smallest - rate) < 1e-12)
    let scale = try #require(
      LoeperBound.smallestScale(
        rate: rate, initialDistance: theta, distance: later, time: time))
    #expect(abs(scale / M_E - 1) < 1e-12)
    #expect(try LoeperBound(scale: 1, rate: 1, initialDistance: theta).timeAtOne == .infinity)
  }
}
