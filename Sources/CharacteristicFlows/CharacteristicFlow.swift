import OptimalTransport
import PhaseSpace

/// A measure carried along the characteristics of a Vlasov equation: ẋ = v, v̇ = a(t, x), where the
/// acceleration is that of a `ForceField`.
///
/// The same start, field, integrator, step and sequence of times give the same bits, whether or not
/// the flow was written to a file and resumed on the way.
public struct CharacteristicFlow: Sendable {
  /// The particles now.
  public private(set) var particles: ParticleState
  /// The force.
  public let field: any ForceField
  /// The one-step method.
  public let integrator: Integrator
  /// The longest step.
  public internal(set) var step: Double
  /// The physical time now.
  public private(set) var time: Double

  private var scratch = FieldScratch()
  private var accelerations: [Double]

  /// A flow that starts from a measure, at its time (0 where it states none).
  ///
  /// - Parameter lifts: the positions, one array for each axis, without the box wrapped around;
  ///   `nil` for those of the measure. A flow whose state was kept with its lifts goes on to the same
  ///   bits as one that was not stopped.
  /// - Parameter step: no step will be longer.
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
    if field.dependsOnVelocity, integrator != .rungeKutta4 {
      throw .velocityDependentField(field: field.name, integrator: integrator.rawValue)
    }
    try field.validate(for: particles)
    self.particles = particles
    self.field = field
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
    var scratch = FieldScratch()
    return particles.diagnostics(
      at: time, potentialEnergy: field.potentialEnergy(of: particles, at: time, scratch: &scratch))
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
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps` before anything is moved, or
  ///   `FlowError.notFinite` when the motion has left the numbers.
  /// - Complexity: for each step one evaluation of the field with `.strang`, three with `.yoshida4`,
  ///   seven with `.yoshida6`, four with `.rungeKutta4`.
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
    guard particles.positions.allSatisfy(\.isFinite), particles.velocities.allSatisfy(\.isFinite)
    else { throw .notFinite(time: target) }
  }

  private mutating func take(_ length: Double) {
    guard integrator != .rungeKutta4 else { return takeRungeKutta(length) }
    var now = time
    for part in integrator.strangSteps {
      let step = part * length
      Self.add(step / 2, particles.velocities, to: &particles.positions)
      field.accelerations(
        of: particles, at: now + step / 2, scratch: &scratch, into: &accelerations)
      Self.add(step, accelerations, to: &particles.velocities)
      Self.add(step / 2, particles.velocities, to: &particles.positions)
      now += step
    }
  }

  private mutating func takeRungeKutta(_ length: Double) {
    let (x, v) = (particles.positions, particles.velocities)
    var stage = particles
    var (slopeX, slopeV) = (v, accelerations)
    for (part, weight) in [(0.0, 1.0), (0.5, 2.0), (0.5, 2.0), (1.0, 1.0)] {
      if part > 0 {
        (stage.positions, stage.velocities) = (x, v)
        Self.add(part * length, slopeX, to: &stage.positions)
        Self.add(part * length, slopeV, to: &stage.velocities)
      }
      slopeX = stage.velocities
      field.accelerations(
        of: stage, at: time + part * length, scratch: &scratch, into: &slopeV)
      Self.add(weight / 6 * length, slopeX, to: &particles.positions)
      Self.add(weight / 6 * length, slopeV, to: &particles.velocities)
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
