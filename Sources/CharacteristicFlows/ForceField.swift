import OptimalTransport

/// A force on particles: an external one, or one that the particles exert on each other.
///
/// The characteristics are ẋ = v, v̇ = a(t, particles). For a kernel K the acceleration is
/// +∇(K∗ρ), with the plus sign of M. Iacobelli, "A new perspective on Wasserstein distances for
/// kinetic problems" (2022); masses are normalised to 1.
public protocol ForceField: Sendable {
  /// What the field is, in a phrase with its parameters.
  var name: String { get }
  /// B = ‖D²K‖_∞, a bound of the Lipschitz constant of the acceleration in x; `nil` where none is
  /// known or there is none.
  var curvatureBound: Double? { get }
  /// The fastest frequency ω of the motion, to judge steps by: the plasma frequency of a
  /// Vlasov–Poisson field; `nil` where none is known.
  var frequency: Double? { get }
  /// Whether the acceleration depends on velocities.
  var dependsOnVelocity: Bool { get }
  /// Whether the acceleration is a continuous function of the positions: where it jumps, every method
  /// is of order one.
  var isContinuous: Bool { get }

  /// Finds out whether the field is defined for particles.
  ///
  /// - Throws: `FlowError.badBox`.
  func validate(for particles: ParticleState) throws(FlowError)

  /// Writes the accelerations.
  ///
  /// - Parameters:
  ///   - scratch: memory to use; what it holds has no influence on the result.
  ///   - accelerations: coordinate k of particle i goes to `accelerations[k * count + i]`; all are
  ///     overwritten.
  func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout FieldScratch,
    into accelerations: inout [Double])

  /// The potential energy, per unit of total mass: with the kinetic energy ½∫|v|²f it is conserved
  /// by a field that does not depend on time. `nil` for a field without a potential.
  func potentialEnergy(
    of particles: ParticleState, at time: Double, scratch: inout FieldScratch
  ) -> Double?
}

extension ForceField {
  /// No bound is known.
  public var curvatureBound: Double? { nil }
  /// No frequency is known.
  public var frequency: Double? { nil }
  /// The acceleration depends on positions and time alone.
  public var dependsOnVelocity: Bool { false }
  /// The acceleration does not jump.
  public var isContinuous: Bool { true }
  /// Every box will do.
  public func validate(for particles: ParticleState) throws(FlowError) {}
}

/// Memory that a field keeps between its evaluations, so that it need not ask for it again.
public struct FieldScratch: Sendable {
  /// Room for numbers.
  public var numbers: [Double] = []
  /// Room for indices.
  public var indices: [Int32] = []

  /// Room for the particles in the order of their places.
  var sheets = SheetOrder()

  /// No memory yet.
  public init() {}

  /// Sees that there is room for so many numbers and indices.
  mutating func reserve(numbers: Int, indices: Int = 0) {
    if self.numbers.count < numbers { self.numbers = Array(repeating: 0, count: numbers) }
    if self.indices.count < indices { self.indices = Array(repeating: 0, count: indices) }
  }
}
