import OptimalTransport

/// A given force on each particle, a function of time and position: v̇ = −∇U(t, x) where it has a
/// potential U.
///
/// Functions take positions as vectors of three coordinates, of which the first d count (d ≤ 3);
/// on periodic axes they are lifts, so the functions must be periodic themselves.
public struct ExternalField: ForceField {
  /// What the field is.
  public let name: String
  /// A bound of the Lipschitz constant of the acceleration, as it was given.
  public let curvatureBound: Double?
  private let acceleration: @Sendable (Double, SIMD3<Double>) -> SIMD3<Double>
  private let potential: (@Sendable (Double, SIMD3<Double>) -> Double)?

  /// A field from functions of the time and the position.
  public init(
    name: String = "external field", curvatureBound: Double? = nil,
    potential: (@Sendable (_ time: Double, _ position: SIMD3<Double>) -> Double)? = nil,
    acceleration: @escaping @Sendable (_ time: Double, _ position: SIMD3<Double>) -> SIMD3<Double>
  ) {
    self.name = name
    self.curvatureBound = curvatureBound
    self.potential = potential
    self.acceleration = acceleration
  }

  /// At most three dimensions.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.dimension <= 3 else {
      throw .badBox(field: name, requirement: "at most three dimensions")
    }
  }

  /// Calls the function for each particle.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    for index in 0..<particles.count {
      let value = acceleration(time, particles.point(index))
      for axis in 0..<particles.dimension {
        accelerations[axis * particles.count + index] = value[axis]
      }
    }
  }

  /// ∫U dρ; `nil` when no potential was given.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    guard let potential else { return nil }
    return CompensatedSum(
      (0..<particles.count).lazy.map {
        particles.masses[$0] * potential(time, particles.point($0))
      }
    ).value
  }
}

extension ParticleState {
  /// The position of a particle in at most three dimensions, the others 0.
  func point(_ index: Int) -> SIMD3<Double> {
    var point = SIMD3<Double>.zero
    for axis in 0..<min(3, dimension) { point[axis] = positions[axis * count + index] }
    return point
  }
}
