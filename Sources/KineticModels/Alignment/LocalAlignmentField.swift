import CharacteristicFlows
import OptimalTransport

/// Agents that align with all others, and strongly with those near them, so that their velocities become a function
/// of the place (monokinetic), or with noise Maxwellian about one: ν + 1/ε, b + u_δ/ε, and q = 1/ε or 0, where ν
/// and b are those of an alignment and u_δ = ((uρ)_δ/ρ_δ)_δ is averaged twice with a Gaussian of the width δ.
///
/// ε is a parameter of the field; flows have their own ε = 1. A `RelaxationFlow` needs no shorter steps where ε is
/// small. Source: (29), (30) and (59) to (62) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`.
public struct LocalAlignmentField: RelaxationField {
  /// To what velocities at a place relax.
  public enum Equilibrium: String, Sendable, CaseIterable {
    /// All have the same velocity.
    case monokinetic
    /// They are normally distributed with the variance 1.
    case maxwellian
  }

  /// The alignment with all others.
  public let alignment: AlignmentField
  /// To what velocities at a place relax.
  public let equilibrium: Equilibrium
  /// ε.
  public let epsilon: Double
  /// δ.
  public let width: Double

  private let local: OvermollifiedField

  /// The field on a torus.
  ///
  /// - Parameters:
  ///   - alignment: the alignment with all others.
  ///   - equilibrium: to what velocities at a place relax.
  ///   - epsilon: ε, positive.
  ///   - width: δ, at least two of the lattice's cells.
  ///   - box: the torus.
  ///   - cells: the lattice of the outer average, at least six points an axis.
  /// - Throws: `KineticModelError`.
  public init(
    _ alignment: AlignmentField, equilibrium: Equilibrium, epsilon: Double, width: Double,
    box: ProductDomain, cells: [Int]
  ) throws(KineticModelError) {
    guard epsilon > 0, epsilon.isFinite, (1 / epsilon).isFinite else {
      throw .badParameter(name: "epsilon", value: epsilon, requirement: "positive")
    }
    local = try OvermollifiedField(
      .gaussian(width: width), box: box, cells: cells, strength: 1 / epsilon)
    for (axis, count) in zip(box.axes, cells) where !(width * Double(count) >= 2 * axis.length) {
      throw .badParameter(
        name: "delta", value: width,
        requirement: "at least two cells of the lattice, \(2 * axis.length / Double(count))")
    }
    self.alignment = alignment
    self.equilibrium = equilibrium
    self.epsilon = epsilon
    self.width = width
  }

  /// The alignment, and what it is near an agent.
  public var name: String {
    "\(alignment.name), and \(equilibrium.rawValue) alignment of the width \(width) at the rate "
      + "1/\(epsilon)"
  }
  /// The sum of both rates.
  public var largestRate: Double? { alignment.largestRate.map { $0 + 1 / epsilon } }
  /// There is noise where the equilibrium is Maxwellian.
  public var isNoisy: Bool { equilibrium == .maxwellian }

  /// What the alignment needs, and the box of the lattice.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try alignment.validate(for: particles)
    // Where nobody is heard no agent hears what is heard there.
    try local.validateBox(of: particles)
  }

  /// ν + 1/ε, b + u_δ/ε and q of each agent.
  ///
  /// - Complexity: O(n · lattice), and that of the alignment.
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    alignment.relaxation(of: particles, at: time, scratch: &scratch, into: &coefficients)
    let distant = coefficients
    local.relaxation(of: particles, at: time, scratch: &scratch, into: &coefficients)
    let noise = equilibrium == .maxwellian ? 1 / epsilon : 0
    for i in coefficients.rates.indices {
      coefficients.rates[i] += distant.rates[i]
      coefficients.noises[i] = noise
    }
    for index in coefficients.pushes.indices {
      coefficients.pushes[index] += distant.pushes[index]
    }
  }
}
