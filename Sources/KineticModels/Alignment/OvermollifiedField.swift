import CharacteristicFlows
import OptimalTransport

/// Motsch's and Tadmor's alignment, averaged twice (M_φ): v̇ᵢ = λ([u](xᵢ) − vᵢ) with [u] = (u_F)_φ, the Favre
/// average u_F = (uρ)_φ/ρ_φ folded with φ once more, φ taken with integral 1.
///
/// Unlike theirs it conserves momentum, ∫(u_F)_φ dρ = ∫u_F dρ_φ = ∫u dρ. The outer average is an integral over
/// space, by the trapezoidal rule on a lattice, which errs by less than any power of its step for kernels that are
/// smooth round the torus.
/// Source: (M_φ) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`.
public struct OvermollifiedField: RelaxationField {
  /// φ, up to a factor.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// The number of lattice points on each axis.
  public var cells: [Int] { lattice.cells }

  private static let title = "twice-averaged alignment"
  private let lattice: PeriodicLattice
  /// By how much of itself the lattice may err in the integral of φ.
  private static let tolerance = 1e-3

  /// The field on a torus.
  ///
  /// - Parameters:
  ///   - kernel: φ, with which the average is taken twice.
  ///   - box: the torus.
  ///   - cells: the lattice of the outer average, six to 32768 points an axis; their distance has to be
  ///     well below the length at which φ varies.
  ///   - strength: λ, positive.
  /// - Throws: `KineticModelError`.
  public init(
    _ kernel: CommunicationKernel, box: ProductDomain, cells: [Int], strength: Double = 1
  ) throws(KineticModelError) {
    guard strength > 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "positive and finite")
    }
    do throws(FlowError) {
      lattice = try PeriodicLattice(box: box, cells: cells, for: Self.title)
    } catch {
      throw .flow(error)
    }
    self.kernel = kernel
    self.strength = strength
  }

  /// λ.
  public var largestRate: Double? { strength }

  /// The model with its kernel, its strength and its lattice.
  public var name: String {
    "\(Self.title), \(kernel.name), strength \(strength), lattice of "
      + cells.map(\.description).joined(separator: " × ")
  }

  /// The box of the lattice, a kernel that is nowhere negative, and somebody who is heard at each of its points.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try validateBox(of: particles)
    do {
      try kernel.validate(upTo: particles.extent)
    } catch {
      throw .badBox(field: Self.title, requirement: "a kernel that is nowhere negative. \(error)")
    }
    let places = lattice.places
    let heard = AlignmentAverages(kernel, of: particles, at: places).densities
    guard heard.allSatisfy({ $0 > .leastNormalMagnitude }) else {
      throw .badBox(
        field: Self.title,
        requirement: "a kernel by which somebody is heard at every place of the box")
    }
    // The integral of φ about an agent, which is the same about each where the lattice shows φ.
    let integrals = AlignmentAverages.folded(
      Array(repeating: 1, count: lattice.count), places, kernel, lattice.box,
      at: particles.positions)
    let (least, largest) = (integrals.min() ?? 1, integrals.max() ?? 1)
    guard least >= (1 - Self.tolerance) * largest else {
      throw .badBox(
        field: Self.title,
        requirement: "a finer lattice: by this one the integral of its kernel varies by "
          + "\(1 - least / largest) of itself from agent to agent")
    }
  }

  /// The box of the lattice.
  ///
  /// - Throws: `FlowError.badBox`.
  func validateBox(of particles: ParticleState) throws(FlowError) {
    guard particles.box == lattice.box else {
      throw .badBox(field: Self.title, requirement: "the box that it was made for")
    }
  }

  /// ν = λ and b = λ[u] of each agent.
  ///
  /// - Complexity: O(n · lattice).
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    let inner = AlignmentAverages(kernel, of: particles, at: lattice.places)
    let outer = AlignmentAverages(
      kernel, in: lattice.box, positions: lattice.places, velocities: inner.velocities,
      masses: Array(repeating: 1, count: lattice.count), at: particles.positions)
    for i in coefficients.rates.indices { coefficients.rates[i] = strength }
    for (index, velocity) in outer.velocities.enumerated() {
      coefficients.pushes[index] = strength * velocity
    }
  }
}
