import OptimalTransport

/// The kernel K(x) = −(c/2)|x|² in free space: every particle is drawn to the centre of mass, v̇ =
/// −c(x − x̄), with ω = √c where it is attractive; repelled where c < 0.
public struct QuadraticField: ForceField {
  /// c: ω² when attractive, −ω² when repulsive.
  public let curvature: Double

  /// A field of a curvature c.
  ///
  /// - Throws: `FlowError.badParameter` unless c is finite.
  public init(curvature: Double) throws(FlowError) {
    guard curvature.isFinite else {
      throw .badParameter(name: "curvature", value: curvature, requirement: "finite")
    }
    self.curvature = curvature
  }

  /// "quadratic kernel" with c.
  public var name: String { "quadratic kernel, curvature \(curvature)" }
  /// |c|.
  public var curvatureBound: Double? { curvature.magnitude }
  /// √|c|.
  public var frequency: Double? { curvature > 0 ? curvature.squareRoot() : nil }

  /// Free axes only.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.box.axes.allSatisfy({ !$0.isPeriodic }) else {
      throw .badBox(field: name, requirement: "free axes: the kernel is not periodic")
    }
  }

  /// −c(x − x̄), with the centre of mass summed with compensation.
  ///
  /// - Complexity: O(n).
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    for axis in 0..<particles.dimension {
      let center = particles.center(axis)
      for index in axis * particles.count..<(axis + 1) * particles.count {
        accelerations[index] = -curvature * (particles.positions[index] - center)
      }
    }
  }

  /// −½∬K dρ dρ = (c/2)·∫|x − x̄|² dρ.
  ///
  /// - Complexity: O(n).
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    var sum = CompensatedSum()
    for axis in 0..<particles.dimension {
      let center = particles.center(axis)
      for (x, mass) in zip(particles.position(axis), particles.masses) {
        sum.add(mass * (x - center) * (x - center))
      }
    }
    return curvature / 2 * sum.value
  }
}

extension ParticleState {
  /// The centre of mass on one axis.
  fileprivate func center(_ axis: Int) -> Double {
    mean(of: positions, axis)
  }
}
