import Libc

/// base^exponent, by multiplication for the common exponents.
public func power(_ base: Double, _ exponent: Double) -> Double {
  switch exponent {
  case 1: base
  case 2: base * base
  default: pow(base, exponent)
  }
}

/// The sine, so that tests need no system import.
public func sine(_ x: Double) -> Double { sin(x) }

/// The cosine.
public func cosine(_ x: Double) -> Double { cos(x) }

/// The natural logarithm.
public func logarithm(_ x: Double) -> Double { log(x) }

/// The exponential.
public func exponential(_ x: Double) -> Double { exp(x) }

/// The arc whose cosine is given.
public func arccosine(_ x: Double) -> Double { acos(x) }

/// The arc whose tangent is given.
public func arctangent(_ x: Double) -> Double { atan(x) }

/// The complementary error function.
public func complementaryError(_ x: Double) -> Double { erfc(x) }
