/// What should be conserved, per unit of total mass.
public struct FlowDiagnostics: Sendable, Equatable {
  /// The physical time.
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
}
