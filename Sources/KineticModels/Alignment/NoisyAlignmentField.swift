import CharacteristicFlows

/// Agents that align, and that noise of the temperature σ keeps apart: an alignment with q = σν.
///
/// For Cucker's and Smale's rule ν = λρ_φ, b = λ(uρ)_φ and q = σλρ_φ, so that f follows
/// ∂tf + v·∇x f = λρ_φ∇v·(σ∇v f + vf) − λ(uρ)_φ·∇v f; velocities relax to a Maxwellian of the variance σ. Source:
/// (66) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`, with w = λ.
public struct NoisyAlignmentField: RelaxationField {
  /// The rule of alignment.
  public let alignment: AlignmentField
  /// σ.
  public let temperature: Double

  /// The field of a rule and a temperature.
  ///
  /// - Throws: `KineticModelError.badParameter` unless σ is positive and finite.
  public init(_ alignment: AlignmentField, temperature: Double) throws(KineticModelError) {
    guard temperature > 0, temperature.isFinite else {
      throw .badParameter(
        name: "temperature", value: temperature, requirement: "positive and finite")
    }
    self.alignment = alignment
    self.temperature = temperature
  }

  /// The alignment, with noise.
  public var name: String { "\(alignment.name), with noise of the temperature \(temperature)" }
  /// That of the alignment.
  public var largestRate: Double? { alignment.largestRate }
  /// There is noise.
  public var isNoisy: Bool { true }
  /// Noise is as strong as alignment.
  public var hasVariableNoise: Bool { alignment.model == .cuckerSmale }

  /// What the alignment needs.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try alignment.validate(for: particles)
  }

  /// ν and b of the alignment, and q = σν.
  ///
  /// - Complexity: that of the alignment.
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    alignment.relaxation(of: particles, at: time, scratch: &scratch, into: &coefficients)
    for i in coefficients.rates.indices {
      coefficients.noises[i] = temperature * coefficients.rates[i]
    }
  }
}
