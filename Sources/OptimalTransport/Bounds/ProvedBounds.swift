import Libc

/// A proved bracket: the true value lies in [lower, upper].
public struct ProvedBounds: Sendable, Hashable, Codable {
  /// A number that the true value is not below.
  public let lower: Double
  /// A number that the true value is not above.
  public let upper: Double

  /// A bracket.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The same bounds times 2^exponent. What lies below the normal numbers is rounded outwards.
  package func scaled(by exponent: Int) -> ProvedBounds {
    let (low, high) = (lower.scaled(by: exponent), upper.scaled(by: exponent))
    return ProvedBounds(
      lower: low.scaled(by: -exponent) > lower ? low.nextDown : low,
      upper: high.scaled(by: -exponent) < upper ? high.nextUp : high)
  }

  /// upper − lower.
  public var width: Double { upper - lower }

  /// The width of the bracket over its upper end; 0 when both are 0.
  public var relativeWidth: Double { upper > 0 ? (upper - lower) / upper : 0 }

  /// Whether a value lies inside.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// What both brackets say together: the larger lower and the smaller upper end.
  public func intersection(_ other: ProvedBounds) -> ProvedBounds {
    let lower = max(lower, other.lower)
    return ProvedBounds(lower: lower, upper: max(lower, min(upper, other.upper)))
  }
}

extension ProvedBounds {
  /// The bracket of the value's root, for a nonnegative value; see `Double.root(_:)`.
  package func root(_ degree: Double) -> ProvedBounds {
    // The root is right to two roundings; but the rounding of 1/degree counts as often as the
    // logarithm of the value is large.
    func error(_ value: Double) -> Double {
      degree == 1 || degree == 2 || value <= 0
        ? 0 : abs(log(value)) / degree * Double.ulpOfOne
    }
    return ProvedBounds(
      lower: max(0, (lower.root(degree) * (1 - error(lower))).nextDown.nextDown),
      // The root of 0 is exact, and a gate at 0 is to pass equal measures.
      upper: upper == 0 ? 0 : (upper.root(degree) * (1 + error(upper))).nextUp.nextUp)
  }
}
