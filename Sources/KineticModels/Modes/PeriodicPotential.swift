import Libc

/// A potential on a circle of length L, Σ_m a_m·cos(2πmx/L) + b_m·sin(2πmx/L), without a constant.
public struct PeriodicPotential: Sendable, Hashable {
  /// a_1, a_2, …
  public let cosines: [Double]
  /// b_1, b_2, …
  public let sines: [Double]

  /// The potential 0.
  public static let zero = PeriodicPotential()

  private init() { (cosines, sines) = ([], []) }

  /// A potential with these amplitudes.
  ///
  /// - Throws: `KineticModelError.badParameter` for an amplitude that is not finite.
  public init(cosines: [Double], sines: [Double] = []) throws(KineticModelError) {
    for (name, amplitudes) in [("cosine", cosines), ("sine", sines)] {
      for (index, value) in amplitudes.enumerated() where !value.isFinite {
        throw .badParameter(
          name: "\(name) amplitude \(index + 1)", value: value, requirement: "finite")
      }
    }
    self.cosines = cosines
    self.sines = sines
  }

  /// Whether the potential vanishes.
  public var isZero: Bool { (cosines + sines).allSatisfy { $0 == 0 } }

  /// Whether the potential is even, as that of an interaction by equal and opposite forces is.
  public var isEven: Bool { sines.allSatisfy { $0 == 0 } }

  /// The number of harmonics.
  var harmonicCount: Int { max(cosines.count, sines.count) }

  /// a_m, 0 where there is none.
  func cosine(_ harmonic: Int) -> Double {
    harmonic <= cosines.count ? cosines[harmonic - 1] : 0
  }

  /// b_m, 0 where there is none.
  func sine(_ harmonic: Int) -> Double { harmonic <= sines.count ? sines[harmonic - 1] : 0 }

  /// Σ2πm/L·(|a_m| + |b_m|), which no slope exceeds.
  func slopeBound(length: Double) -> Double {
    (1...max(1, harmonicCount)).reduce(0) {
      $0 + 2 * .pi * Double($1) / length * (cosine($1).magnitude + sine($1).magnitude)
    }
  }
}
