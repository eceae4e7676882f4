import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Particles that relax while noise drives them, at the mean free path ε: dX = V dt/ε,
/// dV = (b/ε − νV/ε²)dt + √(2q)/ε dB, where b, ν and q are those of a `RelaxationField`.
///
/// A step is exact for coefficients that are constant (`GaussianStep`). It is taken with those of the start, and
/// again with the mean of those and of the end that it led to, with the same noise. For ν and q that are
/// constant, the law of positions is of order 2 whatever ε is, and ε = 0 is legal: then positions follow the limit
/// dX = b/ν dt + √(2q)/ν dB.
///
/// Noise is a function of the seed, the particle and the time (`CounterNormals`): the same start, field, ε, seed,
/// step and sequence of times give the same bits on any number of threads, and whether or not the flow was written
/// to a file and resumed on the way. Flows of the same seed with different ε are coupled.
public struct RelaxationFlow: Sendable {
  /// The particles at `time`, positions as lifts.
  public private(set) var particles: ParticleState
  /// What acts on the particles.
  public let field: any RelaxationField
  /// The mean free path ε.
  public let epsilon: Double
  /// What the noise depends on.
  public let seed: UInt64
  /// No step is longer, in the unit of `time`.
  public let step: Double
  /// The physical time now.
  public private(set) var time: Double

  private var evaluation: any RelaxationEvaluation
  private var workspace: Workspace

  /// A flow that starts from a measure, at its time (0 where it states none).
  ///
  /// - Parameters:
  ///   - measure: the start.
  ///   - lifts: the positions without the box wrapped around, one array for each axis; `nil` for those of the
  ///     measure.
  ///   - field: what acts on the particles.
  ///   - epsilon: the mean free path ε, 0 or more.
  ///   - seed: what the noise depends on.
  ///   - step: no step will be longer.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(n).
  public init(
    measure: PhaseSpaceMeasure, lifts: [[Double]]? = nil, field: any RelaxationField,
    epsilon: Double, seed: UInt64, step: Double
  ) throws(KineticModelError) {
    guard epsilon >= 0, epsilon.isFinite else {
      throw .badParameter(name: "epsilon", value: epsilon, requirement: "finite, and 0 or more")
    }
    guard epsilon == 0 || (epsilon * epsilon).isNormal else {
      throw .badParameter(
        name: "epsilon", value: epsilon, requirement: "0, or neither tiny nor huge")
    }
    do throws(FlowError) {
      guard step > 0, step.isFinite else { throw .badStep(step) }
      particles = try ParticleState(measure)
      if let lifts { try particles.lift(to: lifts) }
      try field.validate(for: particles)
    } catch {
      throw .flow(error)
    }
    guard particles.dimension <= 256 else {
      throw .badParameter(
        name: "dimension", value: Double(particles.dimension), requirement: "at most 256")
    }
    self.field = field
    self.epsilon = epsilon
    self.seed = seed
    self.step = step
    time = measure.time ?? 0
    evaluation = field.relaxationEvaluation
    workspace = Workspace(particles)
    // A rate that has no limit is found before anything is moved.
    evaluation.evaluate(particles, at: time, into: &workspace.start)
    try check(workspace.start)
  }

  /// The measure now, positions wrapped into the box, with its time.
  ///
  /// - Throws: `FlowError.notFinite`.
  public var measure: PhaseSpaceMeasure {
    get throws(FlowError) { try particles.measure(at: time) }
  }

  /// Energy, momentum and mass now.
  ///
  /// - Complexity: O(n), and what the field's potential takes.
  public var diagnostics: FlowDiagnostics {
    particles.diagnostics(
      at: time, potentialEnergy: field.potentialEnergy(of: particles, at: time))
  }

  // MARK: Moving on

  /// The number of steps to a time.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps`.
  public func stepCount(to target: Double) throws(FlowError) -> Int {
    try StepCount.steps(from: time, to: target, step: step)
  }

  /// Follows the particles to a later time, in equal steps of which none is longer than `step`.
  ///
  /// - Throws: `KineticModelError`: `.flow` with `FlowError.notFinite` when the motion has left the numbers, and
  ///   `.badParameter` for an earlier time.
  /// - Complexity: for each step two evaluations of the field, three where its noise varies, and O(n).
  public mutating func advance(to target: Double) throws(KineticModelError) {
    guard !(target < time) else {
      throw .badParameter(
        name: "time", value: target,
        requirement: "\(time) or later: relaxation is followed forwards alone")
    }
    let steps: Int
    do throws(FlowError) {
      steps = try stepCount(to: target)
    } catch {
      throw .flow(error)
    }
    guard steps > 0 else { return }
    let (start, length) = (time, (target - time) / Double(steps))
    for index in 0..<steps {
      workspace.draw(CounterNormals(seed: seed, time: time), isNoisy: field.isNoisy)
      try take(length)
      time = start + Double(index + 1) * length
    }
    time = target
    do throws(FlowError) {
      try particles.check(at: target)
    } catch {
      throw .flow(error)
    }
  }

  /// Takes one step of a length with given numbers instead of random ones, as for quadratures of the law.
  ///
  /// - Parameters:
  ///   - length: the length of the step, positive.
  ///   - normals: N₁ and N₂ for coordinate k of particle i at `normals[2 * (k * count + i)]` and behind it.
  /// - Throws: `KineticModelError`.
  public mutating func advance(by length: Double, normals: [Double]) throws(KineticModelError) {
    guard length > 0, length.isFinite else { throw .flow(.badStep(length)) }
    guard normals.count == 2 * particles.positions.count, normals.allSatisfy(\.isFinite) else {
      throw .badParameter(
        name: "number of normals", value: Double(normals.count),
        requirement: "\(2 * particles.positions.count), all of them finite")
    }
    workspace.normals = normals
    try take(length)
    time += length
  }

  private mutating func take(_ length: Double) throws(KineticModelError) {
    let start = particles
    evaluation.evaluate(start, at: time, into: &workspace.start)
    try check(workspace.start)
    let step = StepMap(length: length, epsilon: epsilon)
    step.move(start, by: workspace.start, workspace.normals, to: &particles)
    evaluation.evaluate(particles, at: time + length, into: &workspace.end)
    if field.hasVariableNoise {
      // The amplitude of noise must not know the noise: its mean would no longer be 0.
      let noises = workspace.end.noises
      workspace.mean = workspace.start
      for index in noises.indices { workspace.mean.noises[index] = 0 }
      var calm = start
      step.move(start, by: workspace.mean, workspace.normals, to: &calm)
      evaluation.evaluate(calm, at: time + length, into: &workspace.mean)
      workspace.end.noises = workspace.mean.noises
    }
    workspace.average(
      start, particles, epsilon, correctsRates: field.hasVelocityDependentRates)
    try check(workspace.mean)
    step.move(start, by: workspace.mean, workspace.normals, to: &particles)
  }

  /// Refuses coefficients for which a step has no meaning.
  private func check(_ coefficients: RelaxationCoefficients) throws(KineticModelError) {
    if epsilon == 0, let rate = coefficients.rates.first(where: { !($0 > 0) }) {
      throw .badParameter(
        name: "epsilon", value: 0,
        requirement:
          "positive here: \(field.name) has the rate \(rate), and without a positive rate "
          + "there is no limit")
    }
    if epsilon == 0, field.hasVelocityDependentRates {
      throw .badParameter(
        name: "epsilon", value: 0,
        requirement:
          "positive here: the rates of \(field.name) depend on velocities, which the limit "
          + "does not have")
    }
    if let noise = coefficients.noises.first(where: { !($0 >= 0) }) {
      throw .badParameter(name: "noise", value: noise, requirement: "0 or more")
    }
  }
}
