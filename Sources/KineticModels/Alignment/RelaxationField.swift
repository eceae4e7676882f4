import CharacteristicFlows

/// A force that pulls each particle's velocity towards one of its own: v̇ = b − νv, with a rate ν and a
/// push b that depend on the particles' positions and on averages of their velocities.
public protocol RelaxationField: ForceField {
  /// No rate is ever larger.
  var largestRate: Double { get }

  /// Writes the rate of each particle and its push.
  ///
  /// - Parameters:
  ///   - particles: where the particles are, how fast, and their masses.
  ///   - time: the physical time.
  ///   - rates: that of particle i goes to `rates[i]`.
  ///   - pushes: component k for particle i goes to `pushes[k * count + i]`.
  func relaxation(
    of particles: ParticleState, at time: Double, rates: inout [Double], pushes: inout [Double])
}

extension RelaxationField {
  /// The longest step with which Runge–Kutta of order 4 is stable.
  public var stableStep: Double { Integrator.classicalDecayLimit / largestRate }

  /// The force is one of velocities.
  public var dependsOnVelocity: Bool { true }

  /// b − νv.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    var rates = [Double](repeating: 0, count: particles.count)
    relaxation(of: particles, at: time, rates: &rates, pushes: &accelerations)
    for axis in 0..<particles.dimension {
      for i in 0..<particles.count {
        let index = axis * particles.count + i
        accelerations[index] -= rates[i] * particles.velocities[index]
      }
    }
  }
}
