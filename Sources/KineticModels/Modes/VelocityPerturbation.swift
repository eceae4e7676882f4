/// A part a(x)φ(v)M(v) of a density.
public struct VelocityPerturbation: Sendable {
  /// a(x_i).
  public let amplitudes: [Double]
  /// φ, smooth and bounded.
  public let profile: @Sendable (_ velocity: Double) -> Double

  /// A perturbation.
  public init(
    amplitudes: [Double], profile: @escaping @Sendable (_ velocity: Double) -> Double
  ) {
    self.amplitudes = amplitudes
    self.profile = profile
  }
}
