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
