/// No force: the free flow (x, v) ↦ (x + tv, v).
public struct FreeField: ForceField {
  /// The field without a force.
  public init() {}

  /// "free transport".
  public var name: String { "free transport" }
  /// 0: the kernel is 0.
  public var curvatureBound: Double? { 0 }

  /// Writes zeros.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    for index in accelerations.indices { accelerations[index] = 0 }
  }

  /// 0.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? { 0 }
}
