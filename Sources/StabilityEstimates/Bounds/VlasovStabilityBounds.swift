import Libc

/// The factors by which Theorem 2.1 and Dobrushin's estimate bound W₁(t)/W₁(0) for two solutions of a
/// Vlasov equation whose kernel K has ‖D²K‖_∞ = B.
///
/// Source: M. Iacobelli, "A new perspective on Wasserstein distances for kinetic problems" (2022),
/// Theorem 2.1. Times count from the start.
public struct VlasovStabilityBounds: Sendable, Hashable {
  /// B = ‖D²K‖_∞, in units of 1/time².
  public let curvature: Double

  /// The bounds for a kernel.
  ///
  /// - Throws: `StabilityError.badParameter` unless B is nonnegative and finite.
  public init(curvature: Double) throws(StabilityError) {
    guard curvature >= 0, curvature.isFinite else {
      throw .badParameter(name: "B", value: curvature, requirement: "nonnegative and finite")
    }
    self.curvature = curvature
  }

  /// Dobrushin's factor e^{(1+2B)t}.
  public func dobrushin(at time: Double) -> Double { exp((1 + 2 * curvature) * time) }

  /// The factor e^{⅔B((1+t)³−1)} of the functional Q(t).
  public func functional(at time: Double) -> Double {
    exp(2 * curvature / 3 * time * (3 + time * (3 + time)))
  }

  /// The factor (1+t)·e^{⅔B((1+t)³−1)} of Theorem 2.1.
  public func freeFlow(at time: Double) -> Double { (1 + time) * functional(at: time) }

  /// The smaller of the two factors.
  public func smaller(at time: Double) -> Double { min(freeFlow(at: time), dobrushin(at: time)) }

  /// T_B, up to which the new factor is the smaller one: infinite for B = 0, `nil` for B ≥ ¼, where
  /// the new factor is nowhere smaller.
  ///
  /// The logarithm of their quotient is log(1+t) − t + 2Bt² + ⅔Bt³. Divided by t² it increases from
  /// 2B − ½, so there is one root for B < ¼ and none otherwise. (The paper's introduction says B ≤ 1.)
  public var crossover: Double? {
    guard curvature < 0.25 else { return nil }
    guard curvature > 0 else { return .infinity }
    func excess(_ t: Double) -> Double { Self.quotient(t) + 2 * curvature * (1 + t / 3) }
    // From 3/(4B) on, the last term alone exceeds ½, the most that the first can take away.
    var (low, high) = (0.0, 0.75 / curvature)
    guard high.isFinite else { return .infinity }
    while true {
      let middle = low + (high - low) / 2
      guard low < middle, middle < high else { return high }
      if excess(middle) < 0 { low = middle } else { high = middle }
    }
  }

  /// (log(1+t) − t)/t², by its series where the difference would lose digits.
  private static func quotient(_ t: Double) -> Double {
    guard t < 0.1 else { return (log1p(t) - t) / (t * t) }
    // The first term left out is below 0.1^18 / 20.
    return (2...19).reversed().reduce(0) { sum, n in
      -(sum * t) + 1 / Double(n)
    } * -1
  }
}
