import OptimalTransport

/// What should be conserved, per unit of total mass.
public struct FlowDiagnostics: Sendable, Equatable {
  /// The physical time of the state.
  public let time: Double
  /// The raw mass of the particles.
  public let mass: Double
  /// ∫ v f, one number for each axis.
  public let momentum: [Double]
  /// ½ ∫ |v|² f.
  public let kineticEnergy: Double
  /// The potential energy; `nil` for a field without a potential.
  public let potentialEnergy: Double?

  /// The sum of kinetic and potential energy; `nil` for a field without a potential.
  public var energy: Double? { potentialEnergy.map { $0 + kineticEnergy } }

  /// What was found of a state.
  package init(
    time: Double, mass: Double, momentum: [Double], kineticEnergy: Double, potentialEnergy: Double?
  ) {
    self.time = time
    self.mass = mass
    self.momentum = momentum
    self.kineticEnergy = kineticEnergy
    self.potentialEnergy = potentialEnergy
  }
}

extension ParticleState {
  /// Mass, momentum and kinetic energy, beside a potential energy.
  ///
  /// - Complexity: O(n).
  package func diagnostics(at time: Double, potentialEnergy: Double?) -> FlowDiagnostics {
    var kinetic = CompensatedSum()
    for axis in 0..<dimension {
      for (v, mass) in zip(velocity(axis), masses) { kinetic.add(0.5 * mass * v * v) }
    }
    return FlowDiagnostics(
      time: time, mass: rawMass, momentum: (0..<dimension).map { mean(of: velocities, $0) },
      kineticEnergy: kinetic.value, potentialEnergy: potentialEnergy)
  }
}
