import Libc

extension Double {
  /// This number to the power 1/degree, by the square root where that is what it is.
  package func root(_ degree: Double) -> Double {
    switch degree {
    case 1: self
    case 2: squareRoot()
    default: pow(self, 1 / degree)
    }
  }
}

extension Bounds {
  /// The bracket of the value's root, for a nonnegative value; see `Double.root(_:)`.
  package func root(_ degree: Double) -> Bounds {
    // The root is right to two roundings; but the rounding of 1/degree counts as often as the
    // logarithm of the value is large.
    func error(_ value: Double) -> Double {
      degree == 1 || degree == 2 || value <= 0
        ? 0 : abs(log(value)) / degree * Double.ulpOfOne
    }
    return Bounds(
      lower: max(0, (lower.root(degree) * (1 - error(lower))).nextDown.nextDown),
      // The root of 0 is exact, and a gate at 0 is to pass equal measures.
      upper: upper == 0 ? 0 : (upper.root(degree) * (1 + error(upper))).nextUp.nextUp)
  }
}

extension Double {
  /// This number to a power, without the power function where a product or a root will do.
  package func power(_ exponent: Double) -> Double {
    switch exponent {
    case 0.5: squareRoot()
    case 1: self
    case 2: self * self
    default: pow(self, exponent)
    }
  }
}
