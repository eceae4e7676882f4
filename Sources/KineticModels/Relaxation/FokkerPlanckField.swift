import CharacteristicFlows

/// Particles of the Vlasov–Fokker–Planck equation, which a force of positions moves while friction and noise of the
/// temperature 1 relax their velocities: b = F and ν = q = 1.
///
/// A `RelaxationFlow` with it follows ε²∂tf + ε(v·∇x f + F·∇v f) = ∇v·(∇v f + vf), and with ε = 0 the
/// McKean–Vlasov equation ∂tρ = Δρ − ∇·(ρF).
public struct FokkerPlanckField: RelaxationField {
  /// The memory of the force.
  public typealias Scratch = AnyFieldScratch

  /// F.
  public let force: any ForceField

  /// The field of a force, which must not depend on velocities.
  public init(force: any ForceField) { self.force = force }

  /// The force, with friction and noise.
  public var name: String { "\(force.name), with friction and noise" }
  /// 1.
  public var largestRate: Double? { 1 }
  /// There is noise.
  public var isNoisy: Bool { true }

  /// What the force needs.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try force.validateAsForceOfPositions(for: particles)
  }

  /// b = F, ν = q = 1.
  ///
  /// - Complexity: that of the force.
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout AnyFieldScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    scratch.accelerations(force, of: particles, at: time, into: &coefficients.pushes)
    for i in coefficients.rates.indices {
      coefficients.rates[i] = 1
      coefficients.noises[i] = 1
    }
  }

  /// That of the force.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    force.potentialEnergy(of: particles, at: time)
  }
}

extension ForceField {
  /// Refuses a force that depends on velocities, and particles for which it is not defined.
  ///
  /// - Throws: `FlowError.badBox`.
  func validateAsForceOfPositions(for particles: ParticleState) throws(FlowError) {
    guard !dependsOnVelocity else {
      throw .badBox(field: name, requirement: "a flow of its own: it depends on velocities")
    }
    try validate(for: particles)
  }
}
