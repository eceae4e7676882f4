import OptimalTransport
import PhaseSpace

/// A measure carried along the characteristics of a Vlasov equation: ẋ = v, v̇ = a(t, x), where the
/// acceleration is that of a `ForceField`.
///
/// The same start, field, integrator, step and sequence of times give the same bits, whether or not
/// the flow was written to a file and resumed on the way.
public struct CharacteristicFlow: Sendable {
  /// The particles at `time`, positions as lifts.
  public private(set) var particles: ParticleState
  /// What accelerates the particles.
  public let field: any ForceField
  /// The one-step method.
  public let integrator: Integrator
  /// No step is longer, in the unit of `time`.
  public internal(set) var step: Double
  /// The physical time now.
  public private(set) var time: Double

  private var evaluation: any FieldEvaluation
  private var accelerations: [Double]

  /// A flow that starts from a measure, at its time (0 where it states none).
  ///
  /// - Parameters:
  ///   - measure: the start.
  ///   - lifts: the positions, one array for each axis, without the box wrapped around; `nil` for those
  ///     of the measure. A flow whose state was kept with its lifts goes on to the same bits as one
  ///     that was not stopped.
  ///   - field: the force.
  ///   - integrator: the one-step method.
  ///   - step: no step will be longer.
  /// - Throws: `FlowError`.
  /// - Complexity: O(n).
  public init(
    measure: PhaseSpaceMeasure, lifts: [[Double]]? = nil, field: any ForceField,
    integrator: Integrator = .strang, step: Double
  ) throws(FlowError) {
    var particles = try ParticleState(measure)
    if let lifts { try particles.lift(to: lifts) }
    try self.init(
      particles: particles, field: field, integrator: integrator, step: step,
      time: measure.time ?? 0)
  }

  /// A flow that goes on from particles with their lifts.
  ///
  /// - Throws: `FlowError`.
  package init(
    particles: ParticleState, field: any ForceField, integrator: Integrator, step: Double,
    time: Double
  ) throws(FlowError) {
    guard step > 0, step.isFinite else { throw .badStep(step) }
    if field.dependsOnVelocity, !integrator.allowsVelocityForces {
      throw .velocityDependentField(field: field.name, integrator: integrator.name)
    }
    try field.validate(for: particles)
    self.particles = particles
    self.field = field
    evaluation = field.evaluation
    self.integrator = integrator
    self.step = step
    self.time = time
    accelerations = Array(repeating: 0, count: particles.positions.count)
  }

  /// The measure now, positions wrapped into the box, with its time.
  ///
  /// `advance(to:)` has checked that every coordinate is finite.
  ///
  /// - Complexity: O(n).
  public var measure: PhaseSpaceMeasure {
    get throws(FlowError) { try particles.measure(at: time) }
  }

  /// Energy, momentum and mass now.
  ///
  /// - Complexity: O(n), and one evaluation of the field.
  public var diagnostics: FlowDiagnostics {
    particles.diagnostics(
      at: time, potentialEnergy: field.potentialEnergy(of: particles, at: time))
  }

  /// A sentence where the step is too long for the field's frequency; `nil` where it is not.
  public var stepWarning: String? {
    field.frequency.flatMap { integrator.warning(frequency: $0, step: step) }
  }

  // MARK: Moving on

  /// The number of steps to a time.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps`.
  public func stepCount(to target: Double) throws(FlowError) -> Int {
    try StepCount.steps(from: time, to: target, step: step)
  }

  /// Follows the characteristics to a time, later or earlier, in equal steps of which none is longer
  /// than `step`.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps` before anything is moved,
  ///   `FlowError.notFinite` when the motion has left the numbers, or `FlowError.placesLost`.
  /// - Complexity: for each step one evaluation of the field for each kick or stage of the integrator: one with
  ///   `.strang`, three with `.yoshida4`, seven with `.yoshida6`, four with `.rungeKutta4`.
  public mutating func advance(to target: Double) throws(FlowError) {
    let steps = try stepCount(to: target)
    guard steps > 0 else { return }
    let start = time
    let length = (target - start) / Double(steps)
    for index in 0..<steps {
      take(length)
      time = start + Double(index + 1) * length
    }
    time = target
    try particles.check(at: target)
  }

  private mutating func take(_ length: Double) {
    switch integrator.scheme {
    case .splitting(let substeps): take(substeps, length)
    case .rungeKutta(let stages): take(stages, length)
    }
  }

  private mutating func take(_ substeps: [Integrator.Substep], _ length: Double) {
    var now = time
    for substep in substeps {
      switch substep {
      case .drift(let part):
        Self.add(part * length, particles.velocities, to: &particles.positions)
        now += part * length
      case .kick(let part):
        evaluation.evaluate(particles, at: now, into: &accelerations)
        Self.add(part * length, accelerations, to: &particles.velocities)
      }
    }
  }

  private mutating func take(_ stages: [Integrator.Stage], _ length: Double) {
    let (x, v) = (particles.positions, particles.velocities)
    var state = particles
    var (slopeX, slopeV) = (v, accelerations)
    for stage in stages {
      if stage.node > 0 {
        (state.positions, state.velocities) = (x, v)
        Self.add(stage.node * length, slopeX, to: &state.positions)
        Self.add(stage.node * length, slopeV, to: &state.velocities)
      }
      slopeX = state.velocities
      evaluation.evaluate(state, at: time + stage.node * length, into: &slopeV)
      Self.add(stage.weight * length, slopeX, to: &particles.positions)
      Self.add(stage.weight * length, slopeV, to: &particles.velocities)
    }
  }

  /// values += factor · slopes.
  private static func add(_ factor: Double, _ slopes: [Double], to values: inout [Double]) {
    slopes.withUnsafeBufferPointer { slopes in
      values.withUnsafeMutableBufferPointer { values in
        nonisolated(unsafe) let (slopes, values) = (slopes, values)
        Parallel.forEachChunk(of: values.count, costPerItem: 0.5) { range in
          for index in range { values[index] += factor * slopes[index] }
        }
      }
    }
  }
}
