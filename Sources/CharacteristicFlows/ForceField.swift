import OptimalTransport

/// A force on particles: an external one, or one that the particles exert on each other.
///
/// The characteristics are ẋ = v, v̇ = a(t, particles). For a kernel K the acceleration is
/// +∇(K∗ρ), with the plus sign of M. Iacobelli, "A new perspective on Wasserstein distances for
/// kinetic problems" (2022); masses are normalised to 1.
///
/// A field of one's own needs one method, everything else has a default:
///
/// ```swift
/// struct Pendulum: ForceField {
///   func accelerations(
///     of particles: ParticleState, at time: Double, scratch: inout NoScratch,
///     into accelerations: inout [Double]
///   ) {
///     for (index, x) in particles.positions.enumerated() { accelerations[index] = -sin(x) }
///   }
/// }
/// ```
public protocol ForceField: Sendable {
  /// Memory that the field keeps between its evaluations, so that it need not ask for it again.
  associatedtype Scratch: FieldScratch = NoScratch

  /// Writes the accelerations.
  ///
  /// - Parameters:
  ///   - particles: where the particles are, and their masses.
  ///   - time: the physical time.
  ///   - scratch: memory to use; what it holds has no influence on the result.
  ///   - accelerations: coordinate k of particle i goes to `accelerations[k * count + i]`; all are
  ///     overwritten.
  func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into accelerations: inout [Double])

  /// What the field is, in a phrase with its parameters; by default the name of its type.
  var name: String { get }
  /// B = ‖D²K‖_∞, a bound of the Lipschitz constant of the acceleration in x; `nil`, the default, where none is
  /// known or there is none.
  var curvatureBound: Double? { get }
  /// The fastest frequency ω of the motion, to judge steps by: the plasma frequency of a
  /// Vlasov–Poisson field; `nil`, the default, where none is known.
  var frequency: Double? { get }
  /// Whether the acceleration depends on velocities; by default it does not.
  var dependsOnVelocity: Bool { get }
  /// Whether the acceleration is a continuous function of the positions, as it is by default: where it jumps,
  /// every method is of order one.
  var isContinuous: Bool { get }

  /// Finds out whether the field is defined for particles; by default it is for all.
  ///
  /// - Throws: `FlowError.badBox`.
  func validate(for particles: ParticleState) throws(FlowError)

  /// The potential energy, per unit of total mass: with the kinetic energy ½∫|v|²f it is conserved
  /// by a field that does not depend on time. `nil`, the default, for a field without a potential.
  func potentialEnergy(of particles: ParticleState, at time: Double) -> Double?
}

extension ForceField {
  /// The name of the type.
  public var name: String { String(describing: Self.self) }
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
  /// There is no potential.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? { nil }

  /// The accelerations: coordinate k of particle i at `k * count + i`.
  ///
  /// - Complexity: that of the field, and new memory for each call.
  public func accelerations(of particles: ParticleState, at time: Double = 0) -> [Double] {
    var scratch = Scratch()
    var result = [Double](repeating: 0, count: particles.positions.count)
    accelerations(of: particles, at: time, scratch: &scratch, into: &result)
    return result
  }
}

/// Memory that a field keeps between its evaluations. What it holds has no influence on a result.
public protocol FieldScratch: Sendable {
  /// No memory yet.
  init()
}

/// The scratch memory of fields that keep none.
public struct NoScratch: FieldScratch {
  /// Nothing.
  public init() {}
}

/// Scratch memory of a field whose type is not known.
public struct AnyFieldScratch: FieldScratch {
  private var memory: any FieldScratch = NoScratch()

  /// No memory yet.
  public init() {}

  /// The accelerations of a field; memory of another type is replaced.
  package mutating func accelerations<Field: ForceField>(
    _ field: Field, of particles: ParticleState, at time: Double, into accelerations: inout [Double]
  ) {
    var own = memory as? Field.Scratch ?? Field.Scratch()
    // The only reference must be `own`, or what is written to would be copied.
    memory = NoScratch()
    field.accelerations(of: particles, at: time, scratch: &own, into: &accelerations)
    memory = own
  }
}

/// A field with its own scratch memory: what a flow evaluates, whatever the type of its field.
protocol FieldEvaluation: Sendable {
  /// Writes the accelerations, as `ForceField` does.
  mutating func evaluate(
    _ particles: ParticleState, at time: Double, into accelerations: inout [Double])
}

extension ForceField {
  /// The field with scratch memory of its own.
  var evaluation: any FieldEvaluation { EvaluatedField(field: self) }
}

private struct EvaluatedField<Field: ForceField>: FieldEvaluation {
  let field: Field
  var scratch = Field.Scratch()

  mutating func evaluate(
    _ particles: ParticleState, at time: Double, into accelerations: inout [Double]
  ) {
    field.accelerations(of: particles, at: time, scratch: &scratch, into: &accelerations)
  }
}
