import Libc

/// The function Φ of the nonlinear distance W_{Φ,p}: positive, continuous and non-increasing.
///
/// s is the size of the transport cost (W^p, without a root). Source: M. Iacobelli, "A new
/// perspective on Wasserstein distances for kinetic problems" (2022), Section 4 (i).
public struct Nonlinearity: Sendable {
  /// Which factor stands before the cost.
  public enum Convention: String, Sendable, CaseIterable {
    /// s = Φ(s)·A + B, the distance W_Φ of Section 4.
    case full
    /// s = ½(Φ(s)·A + B), the functional Q(t) of Section 3.
    case halved
  }

  /// A name with the parameters.
  public let summary: String
  /// Φ is defined for 0 < s < bound.
  public let bound: Double
  /// Which factor stands before the cost.
  public let convention: Convention
  private let function: @Sendable (Double) -> Double
  /// Φ′; `nil` where it was not given.
  private let slope: (@Sendable (Double) -> Double)?

  /// A nonlinearity of your own.
  ///
  /// - Parameters:
  ///   - name: how reports call it.
  ///   - bound: the upper end of the interval (0, bound) on which Φ is defined; may be infinite.
  ///   - convention: the factor before the sum of both parts.
  ///   - derivative: Φ′, of which only derivatives of the distance make use.
  ///   - function: Φ, nonnegative, continuous and non-increasing there.
  public init(
    name: String, bound: Double = .infinity, convention: Convention = .full,
    derivative: (@Sendable (Double) -> Double)? = nil,
    function: @escaping @Sendable (Double) -> Double
  ) {
    summary = convention == .full ? name : name + ", halved"
    self.bound = bound
    self.convention = convention
    self.function = function
    slope = derivative
  }

  /// Φ(s) = ε⁻²|log s| on (0, 1), the choice of Theorem 3.1.
  ///
  /// - Throws: `KineticMetricError.badNonlinearity` unless ε is positive and finite.
  public static func logarithmic(
    epsilon: Double = 1, convention: Convention = .full
  ) throws(KineticMetricError) -> Nonlinearity {
    let factor = try inverseSquare(epsilon)
    return Nonlinearity(
      name: "Φ = ε⁻²|log s|, ε = \(epsilon)", bound: 1, convention: convention,
      derivative: { s in -factor / s }
    ) { s in factor * -log(s) }
  }

  /// Φ(s) = ε⁻²|log s| for s ≤ 1/e and ε⁻²/(e·s) beyond, the always defined choice of Remark 3.8.
  ///
  /// - Throws: `KineticMetricError.badNonlinearity` unless ε is positive and finite.
  public static func extendedLogarithmic(
    epsilon: Double = 1, convention: Convention = .full
  ) throws(KineticMetricError) -> Nonlinearity {
    let factor = try inverseSquare(epsilon)
    return Nonlinearity(
      name: "Φ = ε⁻²|log s| extended by ε⁻²/(e·s), ε = \(epsilon)", convention: convention,
      derivative: { s in -factor / s * (log(s) <= -1 ? 1 : exp(-1) / s) }
    ) { s in
      let logarithm = log(s)
      return factor * (logarithm <= -1 ? -logarithm : exp(-1) / s)
    }
  }

  /// Φ(s) = ε⁻²·s^{−q}.
  ///
  /// - Throws: `KineticMetricError.badNonlinearity` unless ε is positive, q nonnegative, and both
  ///   finite.
  public static func power(
    _ q: Double, epsilon: Double = 1, convention: Convention = .full
  ) throws(KineticMetricError) -> Nonlinearity {
    guard q >= 0, q.isFinite else {
      throw .badNonlinearity(parameter: "q", value: q, requirement: "nonnegative and finite")
    }
    let factor = try inverseSquare(epsilon)
    return Nonlinearity(
      name: "Φ = ε⁻²·s^−\(q), ε = \(epsilon)", convention: convention,
      derivative: { s in -q * factor * pow(s, -q) / s }
    ) { s in factor * pow(s, -q) }
  }

  private static func inverseSquare(_ epsilon: Double) throws(KineticMetricError) -> Double {
    let factor = 1 / (epsilon * epsilon)
    guard epsilon > 0, factor.isFinite, factor > 0 else {
      throw .badNonlinearity(parameter: "ε", value: epsilon, requirement: "positive and finite")
    }
    return factor
  }

  /// Φ(s).
  ///
  /// - Throws: `KineticMetricError.badNonlinearityValue` when it is negative, infinite or not a
  ///   number.
  public func callAsFunction(_ s: Double) throws(KineticMetricError) -> Double {
    let value = function(s)
    guard value >= 0, value.isFinite else { throw .badNonlinearityValue(at: s, value: value) }
    return value
  }

  /// Φ′(s); `nil` where it was not given.
  public func derivative(_ s: Double) -> Double? { slope?(s) }

  /// D: the unique root s of s = Φ(s)·A + B (or half of that), in (0, bound).
  ///
  /// Found by bisection of the bit patterns of the numbers, which ends after at most 64 steps at two
  /// neighbouring numbers; the larger one is returned.
  ///
  /// - Parameters:
  ///   - positionPart: A, nonnegative.
  ///   - velocityPart: B, nonnegative.
  /// - Returns: the root; 0 when A = B = 0; `nil` when there is no root below `bound`.
  /// - Throws: `KineticMetricError.badNonlinearityValue`.
  public func root(
    positionPart: Double, velocityPart: Double
  ) throws(KineticMetricError) -> Double? {
    let factor = convention == .full ? 1 : 0.5
    let (a, b) = (factor * positionPart, factor * velocityPart)
    guard b < bound else { return nil }
    if a == 0 { return b }
    // s − Φ(s)·a − b increases from a negative number; at s = b it is not positive.
    var low = max(b, Double.leastNonzeroMagnitude).bitPattern
    var high = (bound.isFinite ? bound.nextDown : .greatestFiniteMagnitude).bitPattern
    guard low <= high else { return nil }
    if bound.isFinite, !(bound.nextDown >= function(bound.nextDown) * a + b) { return nil }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      let s = Double(bitPattern: middle)
      let value = function(s)
      guard !value.isNaN, value >= 0 else { throw .badNonlinearityValue(at: s, value: value) }
      if s >= value * a + b { high = middle } else { low = middle }
    }
    return Double(bitPattern: high)
  }
}
