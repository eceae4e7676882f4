/// Several forces that act together, such as an external one and one that particles exert on each other.
public struct SumField: ForceField {
  /// The forces.
  public let parts: [any ForceField]

  /// The sum of forces; without any there is none.
  public init(_ parts: [any ForceField]) { self.parts = parts }

  /// The names of the parts, with + between.
  public var name: String {
    parts.isEmpty ? FreeField().name : parts.map(\.name).joined(separator: " + ")
  }
  /// The sum of the parts' bounds; `nil` where one has none.
  public var curvatureBound: Double? { sum(\.curvatureBound) }
  /// ω of the sum, as if all parts were quadratic about the same place: ω² is the sum of theirs.
  public var frequency: Double? {
    sum { $0.frequency.map { $0 * $0 } }.map { $0.squareRoot() }
  }
  /// Whether one depends on velocities.
  public var dependsOnVelocity: Bool { parts.contains(where: \.dependsOnVelocity) }
  /// Whether all are continuous.
  public var isContinuous: Bool { parts.allSatisfy(\.isContinuous) }

  private func sum(_ value: (any ForceField) -> Double?) -> Double? {
    parts.reduce(0) { sum, part in
      guard let sum, let value = value(part) else { return nil }
      return sum + value
    }
  }

  /// What every part needs.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    for part in parts { try part.validate(for: particles) }
  }

  /// The scratch memory of each part.
  public struct Scratch: FieldScratch {
    fileprivate var parts: [AnyFieldScratch] = []
    fileprivate var accelerations: [Double] = []

    /// No memory yet.
    public init() {}
  }

  /// The sum of the parts' accelerations.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into accelerations: inout [Double]
  ) {
    while scratch.parts.count < parts.count { scratch.parts.append(AnyFieldScratch()) }
    if scratch.accelerations.count != accelerations.count {
      scratch.accelerations = accelerations
    }
    for index in accelerations.indices { accelerations[index] = 0 }
    for (index, part) in parts.enumerated() {
      scratch.parts[index].accelerations(
        part, of: particles, at: time, into: &scratch.accelerations)
      for index in accelerations.indices { accelerations[index] += scratch.accelerations[index] }
    }
  }

  /// The sum of the parts' energies; `nil` where one has none.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    sum { $0.potentialEnergy(of: particles, at: time) }
  }
}
