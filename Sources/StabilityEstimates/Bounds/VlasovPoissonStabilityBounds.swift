import Libc

/// The bound of Theorem 3.1 for W₂(t) between two solutions of Vlasov–Poisson with Debye length ε on
/// the unit torus.
///
/// With θ = W₂(0) and x = ε⁻²θ²|log(½ε⁻²θ²)| it is
/// W₂(t)² ≤ 2·exp(−(√|log x| − (C_d/ε)∫₀ᵗA)²), A = ‖ρ₁‖_∞ + ‖ρ₂‖_∞. Source: M. Iacobelli, "A new
/// perspective on Wasserstein distances for kinetic problems" (2022), Theorem 3.1.
public struct VlasovPoissonStabilityBounds: Sendable, Hashable {
  /// ε.
  public let epsilon: Double
  /// θ = W₂(0).
  public let initialDistance: Double
  /// C_d, which the theory does not give.
  public let growth: Double

  /// The largest c₀ for which the proof works: it needs that s/|log s| ≤ τ implies s ≤ 2τ|log τ|, which
  /// holds for τ = ½ε⁻²θ² up to 2·W(½) = 0.7035 (W is Lambert's), so that c₀² = 4·W(½).
  ///
  /// With L = |log s| the implication is L + 2·log L ≥ 0, and L = 2·W(½) is the root.
  public static let smallness = 1.1861428434201267

  /// The bounds of one pair of solutions.
  ///
  /// - Throws: `StabilityError.badParameter` unless ε > 0, θ ≥ 0, C_d ≥ 0, all finite.
  public init(epsilon: Double, initialDistance: Double, growth: Double) throws(StabilityError) {
    try StabilityError.checkPositive(epsilon, "ε")
    guard initialDistance >= 0, initialDistance.isFinite else {
      throw .badParameter(
        name: "W₂(0)", value: initialDistance, requirement: "nonnegative and finite")
    }
    guard growth >= 0, growth.isFinite else {
      throw .badParameter(name: "C_d", value: growth, requirement: "nonnegative and finite")
    }
    self.epsilon = epsilon
    self.initialDistance = initialDistance
    self.growth = growth
  }

  /// √|log x|, the left side of (3.4): infinite for θ = 0, `nil` where ½ε⁻²θ² ≥ 1, so that the
  /// logarithms no longer mean what they should.
  public var root: Double? {
    guard initialDistance > 0 else { return .infinity }
    let ratio = initialDistance / epsilon
    let half = ratio * ratio / 2
    guard half < 1 else { return nil }
    let argument = 2 * half * -log(half)
    return argument < 1 ? (-log(argument)).squareRoot() : nil
  }

  /// The right side of (3.4): (C_d/ε)∫₀ᵀA + √|log(ε/e)|.
  public func requirement(densityIntegral: Double) -> Double {
    growth / epsilon * densityIntegral + Self.margin(epsilon)
  }

  /// √|log(ε/e)|.
  static func margin(_ epsilon: Double) -> Double { abs(log(epsilon) - 1).squareRoot() }

  /// The bound of W₂(t), at most √2; `nil` where `root` is.
  ///
  /// - Parameter densityIntegral: ∫₀ᵗA.
  public func distance(densityIntegral: Double) -> Double? {
    guard let root else { return nil }
    guard root.isFinite else { return 0 }
    let rest = max(0, root - growth / epsilon * densityIntegral)
    return (2 * exp(-rest * rest)).squareRoot()
  }

  /// The value of ∫₀ᵗA at which the bound reaches W₂ = 1; 0 when it is not below 1 at the start, `nil`
  /// where `root` is or C_d = 0.
  public var integralAtOne: Double? {
    guard let root, growth > 0 else { return nil }
    return max(0, epsilon / growth * (root - log(2.0).squareRoot()))
  }

  /// The bound (3.7) of the functional: Q(t) ≤ exp(−(√|log Q(0)| − (C_d/ε)∫₀ᵗA)²).
  public static func functional(
    initial: Double, epsilon: Double, growth: Double, densityIntegral: Double
  ) -> Double {
    guard initial > 0 else { return 0 }
    let rest = max(0, (-log(initial)).squareRoot() - growth / epsilon * densityIntegral)
    return exp(-rest * rest)
  }

  /// C_eff(t) = ε(√|log Q(0)| − √|log Q(t)|)/∫₀ᵗA: the smallest C_d for which (3.7) holds at t.
  ///
  /// - Returns: `nil` unless both values lie in (0, 1] and the integral is positive.
  public static func effectiveGrowth(
    initial: Double, current: Double, epsilon: Double, densityIntegral: Double
  ) -> Double? {
    guard 0 < initial, initial <= 1, 0 < current, current <= 1, densityIntegral > 0 else {
      return nil
    }
    return epsilon * ((-log(initial)).squareRoot() - (-log(current)).squareRoot())
      / densityIntegral
  }

  /// The smallest C_d for which the theorem's bound holds for a distance; negative when it holds with
  /// room to spare for C_d = 0, `nil` where nothing follows (W₂² ≥ 2, no `root`, no time passed).
  public func effectiveGrowth(distance: Double, densityIntegral: Double) -> Double? {
    guard let root, root.isFinite, distance > 0, distance * distance < 2, densityIntegral > 0 else {
      return nil
    }
    return epsilon * (root - log(2 / (distance * distance)).squareRoot()) / densityIntegral
  }
}
