import CharacteristicFlows

/// A swarm whose agents propel themselves: their velocities relax in the potential
/// W(v) = |v|⁴/4γ − σ|v|³/3 − (1 − σ)|v|²/2 with noise of the temperature θ, while a force of positions moves
/// them: b = F, ν = |v|²/γ − σ|v| − (1 − σ) and q = θ.
///
/// Slow agents speed up, ν < 0. Source: V. Bonnaillie-Noël, J. A. Carrillo, T. Goudon and G. A. Pavliotis (2015),
/// (2.1) and (4.2), whose ε is the square of that of a `RelaxationFlow`. The limit ε = 0 is no flow of these
/// particles; `SwarmingCoefficients` are its coefficients.
public struct SwarmingField: RelaxationField {
  /// The memory of the force.
  public typealias Scratch = AnyFieldScratch

  /// F.
  public let force: any ForceField
  /// γ.
  public let gamma: Double
  /// σ.
  public let sigma: Double
  /// θ.
  public let temperature: Double

  /// The field of a swarm.
  ///
  /// - Parameters:
  ///   - force: F, which must not depend on velocities.
  ///   - gamma: γ, positive.
  ///   - sigma: σ, from 0 to 1.
  ///   - temperature: θ, positive.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    force: any ForceField, gamma: Double, sigma: Double = 0, temperature: Double = 1
  ) throws(KineticModelError) {
    guard gamma > 0, gamma.isFinite else {
      throw .badParameter(name: "gamma", value: gamma, requirement: "positive and finite")
    }
    guard 0...1 ~= sigma else {
      throw .badParameter(name: "sigma", value: sigma, requirement: "from 0 to 1")
    }
    guard temperature > 0, temperature.isFinite else {
      throw .badParameter(
        name: "temperature", value: temperature, requirement: "positive and finite")
    }
    self.force = force
    self.gamma = gamma
    self.sigma = sigma
    self.temperature = temperature
  }

  /// "swarm" with its parameters, and the force.
  public var name: String {
    "swarm, gamma \(gamma), sigma \(sigma), theta \(temperature), \(force.name)"
  }
  /// Fast agents slow down at any rate.
  public var largestRate: Double? { nil }
  /// There is noise.
  public var isNoisy: Bool { true }
  /// Rates are those of velocities.
  public var hasVelocityDependentRates: Bool { true }

  /// What the force needs.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try force.validateAsForceOfPositions(for: particles)
  }

  /// b = F, ν = |v|²/γ − σ|v| − (1 − σ) and q = θ.
  ///
  /// - Complexity: that of the force.
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout AnyFieldScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    scratch.accelerations(force, of: particles, at: time, into: &coefficients.pushes)
    for i in 0..<particles.count {
      var square = 0.0
      for axis in 0..<particles.dimension {
        let v = particles.velocities[axis * particles.count + i]
        square += v * v
      }
      coefficients.rates[i] = square / gamma - sigma * square.squareRoot() - (1 - sigma)
      coefficients.noises[i] = temperature
    }
  }

  /// That of the force.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    force.potentialEnergy(of: particles, at: time)
  }
}
