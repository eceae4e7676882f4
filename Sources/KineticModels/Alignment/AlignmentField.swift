import CharacteristicFlows
import OptimalTransport

/// Agents that adapt their velocities to those of others: v̇ᵢ = λ·s·([u](xᵢ) − vᵢ), where
/// [u] = (uρ)_φ/ρ_φ is what an agent hears and s how strongly it follows.
///
/// The force depends on velocities, so that flows need `Integrator.rungeKutta4`. The largest difference
/// of two velocities never grows. Source: as for `CommunicationKernel`, (6) and (15).
public struct AlignmentField: RelaxationField {
  /// How strongly agents follow.
  public enum Model: String, Sendable, CaseIterable {
    /// F. Cucker and S. Smale: s = ρ_φ. Momentum is conserved; a small flock far from a large one hardly
    /// aligns.
    case cuckerSmale = "cucker-smale"
    /// S. Motsch and E. Tadmor: s = 1. Momentum is not conserved.
    case motschTadmor = "motsch-tadmor"
  }

  /// How strongly agents follow.
  public let model: Model
  /// φ.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// The mesh by which averages are computed; `nil` for direct sums.
  public let mesh: AlignmentMesh?

  /// The field of a model.
  ///
  /// - Parameters:
  ///   - model: how an agent weighs the others.
  ///   - kernel: φ, how communication falls with distance.
  ///   - strength: λ, positive.
  ///   - mesh: for many agents on a torus; without one, sums go over all pairs.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    _ model: Model, kernel: CommunicationKernel, strength: Double = 1, mesh: AlignmentMesh? = nil
  ) throws(KineticModelError) {
    guard strength > 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "positive and finite")
    }
    self.model = model
    self.kernel = kernel
    self.strength = strength
    self.mesh = mesh
  }

  /// λφ(0) for a kernel that falls, since the mass is 1, and λ where s = 1.
  public var largestRate: Double? { strength * (model == .cuckerSmale ? kernel(0) : 1) }

  /// The model with its kernel, its strength and its mesh.
  public var name: String {
    let title = model == .cuckerSmale ? "Cucker–Smale" : "Motsch–Tadmor"
    let sums = mesh.map { ", by \($0.name)" } ?? ""
    return "\(title) alignment, \(kernel.name), strength \(strength)\(sums)"
  }

  /// One to three dimensions, the box of the mesh, and a kernel that is nowhere negative.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard 1...3 ~= particles.dimension else {
      throw .badBox(field: name, requirement: "one to three dimensions")
    }
    do {
      try kernel.validate(upTo: particles.extent)
    } catch {
      throw .badBox(field: name, requirement: "a kernel that is nowhere negative. \(error)")
    }
    try mesh?.validate(for: particles)
  }

  /// ν = λs and b = λs[u] of each agent.
  ///
  /// - Complexity: O(n²), with a mesh O(n + cells log cells).
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    let found =
      mesh?.averages(of: particles)
      ?? AlignmentAverages(kernel, of: particles, at: particles.positions)
    let n = particles.count
    for i in 0..<n {
      // Who hears nobody keeps its velocity.
      let factor =
        model == .cuckerSmale
        ? strength : found.densities[i] > 0 ? strength / found.densities[i] : 0
      coefficients.rates[i] = factor * found.densities[i]
      for axis in 0..<particles.dimension {
        coefficients.pushes[axis * n + i] = factor * found.momenta[axis * n + i]
      }
    }
  }
}

extension ParticleState {
  /// No two particles are further apart, images on circles being what is nearest.
  var extent: Double {
    var square = 0.0
    for axis in 0..<dimension {
      let places = position(axis)
      let span = (places.max() ?? 0) - (places.min() ?? 0)
      let own = box.axes[axis].isPeriodic ? box.axes[axis].length / 2 : span
      square += own * own
    }
    return square.squareRoot()
  }
}
