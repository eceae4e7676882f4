import Libc

/// A step of dX = V dt/ε, dV = (b/ε − νV/ε²)dt + √(2q)/ε dB with b, ν and q constant, which is exact:
/// X′ = X + εp·V + c·b + ξ_x and V′ = aV + εp·b + ξ_v with z = νh/ε², a = e^{−z}, p = (1 − a)/ν, c = (h − ε²p)/ν.
///
/// The mean of the noise over the step is one more push, √(2q/h)·N₁; what it leaves has one direction, since
/// X + εV/ν knows the mean alone: (ξ_x, ξ_v) = √(2q/h)((c, εp)·N₁ + (−ε/ν, 1)·υN₂) with independent normal numbers and
/// υ² = h(1 − a²)/2ν − ε²p². So steps with the same numbers and different ε follow the same Brownian motion, that of
/// the limit ε = 0, where z = ∞.
///
/// No difference of nearly equal numbers is taken: for |z| ≤ 1 by series, and above that there is none. A negative rate
/// is legal, as is ε = 0 with a positive one.
struct GaussianStep: Sendable {
  /// a, how much of the velocity is left.
  let decay: Double
  /// εp: the position per velocity, and the velocity per push.
  let drift: Double
  /// c, the position per push.
  let shift: Double
  /// √(2/h), by which N₁ becomes a push and N₂ is multiplied, both with √q.
  let amplitude: Double
  /// −ευ/ν, what N₂ does to the position.
  let positionNoise: Double
  /// υ, what it does to the velocity.
  let velocityNoise: Double

  /// The step of a length h > 0.
  init(length h: Double, epsilon: Double, rate: Double) {
    let z = rate * h / (epsilon * epsilon)
    amplitude = (2 / h).squareRoot()
    decay = exp(-z)
    if z.magnitude <= 1 {
      let r = h / epsilon
      drift = r * (z == 0 ? 1 : -expm1(-z) / z)
      shift = r * r * Self.sum(Self.shiftSeries, z)
      let spread = r * Self.sum(Self.spreadSeries, z).squareRoot()
      positionNoise = -r * spread
      velocityNoise = z * spread
    } else {
      let lost = -expm1(-z)
      drift = epsilon * lost / rate
      shift = h * (1 - lost / z) / rate
      velocityNoise =
        (h / rate * lost * (1 + decay) / 2 - drift * drift).squareRoot()
      positionNoise = -epsilon / rate * velocityNoise
    }
  }

  // With m(z) = (1 − e^{−z})/z, each by its powers of −z.

  /// (1 − m(z))/z.
  private static let shiftSeries = series { 1 / factorial($0 + 2) }
  /// (m(2z) − m(z)²)/z².
  private static let spreadSeries = series {
    (exp2(Double($0 + 2)) * Double($0) + 2) / factorial($0 + 4)
  }

  /// The highest power first; for |z| ≤ 1 what is left out is below 1e-19.
  private static func series(_ coefficient: (Int) -> Double) -> [Double] {
    (0..<24).reversed().map(coefficient)
  }

  private static func factorial(_ n: Int) -> Double { (1...n).reduce(1) { $0 * Double($1) } }

  private static func sum(_ coefficients: [Double], _ z: Double) -> Double {
    coefficients.reduce(0) { $1 - z * $0 }
  }
}
