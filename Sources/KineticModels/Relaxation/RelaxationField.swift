import CharacteristicFlows

/// What relaxation does to each particle: dV = (b − νV)dt + √(2q)dB.
public struct RelaxationCoefficients: Sendable, Equatable {
  /// ν of particle i stands at `rates[i]`; it may be negative.
  public var rates: [Double]
  /// Component k of b for particle i stands at `pushes[k * count + i]`.
  public var pushes: [Double]
  /// q of particle i stands at `noises[i]`, 0 or more.
  public var noises: [Double]

  /// Particles that nothing acts on.
  public init(for particles: ParticleState) {
    rates = Array(repeating: 0, count: particles.count)
    pushes = Array(repeating: 0, count: particles.positions.count)
    noises = rates
  }
}

/// A force that pulls each particle's velocity towards one of its own, and noise that drives it away:
/// dV = (b − νV)dt + √(2q)dB with a rate ν, a push b and a noise q that depend on the particles.
///
/// As a `ForceField` it is b − νV alone, for flows without noise.
public protocol RelaxationField: ForceField {
  /// No rate is ever larger; `nil` where there is no such bound.
  var largestRate: Double? { get }
  /// Whether q is positive anywhere; by default it is not.
  var isNoisy: Bool { get }
  /// Whether q depends on the particles; by default it does not. Where it does, a step of a `RelaxationFlow`
  /// takes one more evaluation.
  var hasVariableNoise: Bool { get }
  /// Whether ν of a particle depends on its velocity, as it does not by default.
  var hasVelocityDependentRates: Bool { get }

  /// Writes the rate of each particle and its push, and where there is noise how strong it is.
  ///
  /// - Parameters:
  ///   - particles: where the particles are, how fast, and their masses.
  ///   - time: the physical time.
  ///   - scratch: memory to use; what it holds has no influence on the result.
  ///   - coefficients: for as many particles; rates and pushes are overwritten. Noises are 0 before the first call,
  ///     and stay so in a field without noise.
  func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into coefficients: inout RelaxationCoefficients)
}

extension RelaxationField {
  /// There is no noise.
  public var isNoisy: Bool { false }
  /// Noise is as strong everywhere.
  public var hasVariableNoise: Bool { false }
  /// Rates are those of places.
  public var hasVelocityDependentRates: Bool { false }
  /// The longest step with which Runge–Kutta of order 4 is stable; `nil` where rates have no bound.
  public var stableStep: Double? { largestRate.map { Integrator.classicalDecayLimit / $0 } }

  /// The force is one of velocities.
  public var dependsOnVelocity: Bool { true }

  /// b − νV.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into accelerations: inout [Double]
  ) {
    var coefficients = RelaxationCoefficients(for: particles)
    relaxation(of: particles, at: time, scratch: &scratch, into: &coefficients)
    for axis in 0..<particles.dimension {
      for i in 0..<particles.count {
        let index = axis * particles.count + i
        accelerations[index] =
          coefficients.pushes[index] - coefficients.rates[i] * particles.velocities[index]
      }
    }
  }

  /// The field with scratch memory of its own.
  var relaxationEvaluation: any RelaxationEvaluation { EvaluatedRelaxation(field: self) }
}

/// A field with its own scratch memory: what a flow evaluates, whatever the type of its field.
protocol RelaxationEvaluation: Sendable {
  /// Writes the coefficients, as `RelaxationField` does.
  mutating func evaluate(
    _ particles: ParticleState, at time: Double, into coefficients: inout RelaxationCoefficients)
}

private struct EvaluatedRelaxation<Field: RelaxationField>: RelaxationEvaluation {
  let field: Field
  var scratch = Field.Scratch()

  mutating func evaluate(
    _ particles: ParticleState, at time: Double, into coefficients: inout RelaxationCoefficients
  ) {
    field.relaxation(of: particles, at: time, scratch: &scratch, into: &coefficients)
  }
}
