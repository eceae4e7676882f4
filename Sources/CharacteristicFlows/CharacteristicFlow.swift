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
  public private(set) var step: Double
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
    let momentum = (0..<particles.dimension).map { particles.mean(of: particles.velocities, $0) }
    var kinetic = CompensatedSum()
    for axis in 0..<particles.dimension {
      for (v, mass) in zip(particles.velocity(axis), particles.masses) {
        kinetic.add(0.5 * mass * v * v)
      }
    }
    return FlowDiagnostics(
      time: time, mass: particles.rawMass, momentum: momentum, kineticEnergy: kinetic.value,
      potentialEnergy: field.potentialEnergy(of: particles, at: time, scratch: &scratch))
  }

  /// A sentence where the step is too long for the field's frequency; `nil` where it is not.
  public var stepWarning: String? {
    field.frequency.flatMap { integrator.warning(frequency: $0, step: step) }
  }

  // MARK: Moving on

  /// Follows the characteristics to a time, later or earlier, in equal steps of which none is longer
  /// than `step`.
  ///
  /// - Throws: `FlowError.badTime`, or `FlowError.notFinite` when the motion has left the numbers.
  /// - Complexity: for each step one evaluation of the field with `.strang`, three with `.yoshida4`,
  ///   seven with `.yoshida6`, four with `.rungeKutta4`.
  public mutating func advance(to target: Double) throws(FlowError) {
    guard target.isFinite else { throw .badTime(target) }
    let span = target - time
    guard span != 0 else { return }
    // A quotient that misses a whole number by rounding alone is that number.
    let steps = max(1, (span.magnitude / step * (1 - 1e-12)).rounded(.up))
    let start = time
    let length = span / steps
    for index in 0..<Int(steps) {
      take(length)
      time = start + Double(index + 1) * length
    }
    time = target
    guard particles.positions.allSatisfy(\.isFinite), particles.velocities.allSatisfy(\.isFinite)
    else { throw .notFinite(time: target) }
  }

  /// Follows the characteristics to a time, halving the step until the estimated error of the state
  /// is below a tolerance. Each call begins with `step` again, so that the result does not depend on
  /// the calls before.
  ///
  /// The error is measured in the Wasserstein distance itself: (Σ mᵢ(|Δxᵢ|^p + |Δvᵢ|^p))^{1/p} between
  /// the states with a step and with half of it is the cost of the plan that pairs each particle with
  /// itself, so it bounds their W_p (Definition 1.1) from above, and by Richardson the error of the
  /// finer one is 1/(2^order − 1) of it.
  ///
  /// - Parameter exponent: p, at least 1.
  /// - Returns: the estimated error, and the longest step that was taken.
  /// - Throws: `FlowError`, in particular `FlowError.noConvergence` when 20 halvings were not enough
  ///   or no longer helped.
  @discardableResult
  public mutating func advance(
    to target: Double, tolerance: Double, exponent: Double = 2
  ) throws(FlowError) -> StepControl {
    guard tolerance > 0, tolerance.isFinite else {
      throw .badParameter(name: "tolerance", value: tolerance, requirement: "positive and finite")
    }
    guard exponent >= 1, exponent.isFinite else {
      throw .badParameter(name: "exponent", value: exponent, requirement: "at least 1 and finite")
    }
    guard target != time else { return StepControl(error: 0, step: 0) }
    // No step is longer than the way.
    var coarse = self
    coarse.step = min(step, (target - time).magnitude)
    try coarse.advance(to: target)
    var error = Double.infinity
    for _ in 0..<20 {
      var fine = self
      fine.step = coarse.step / 2
      try fine.advance(to: target)
      let ratio = Double((1 << integrator.order) - 1)
      let before = error
      error = coarse.particles.pairedDistance(to: fine.particles, exponent: exponent) / ratio
      if error <= tolerance {
        let taken = fine.step
        fine.step = step
        self = fine
        return StepControl(error: error, step: taken)
      }
      coarse = fine
      // Where rounding is all that is left, smaller steps only add to it.
      if before < .infinity, error > before / 2, error < 1e-10 { break }
    }
    throw .noConvergence(tolerance: tolerance, reached: error, step: coarse.step)
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

/// What a step control came to.
public struct StepControl: Sendable, Hashable {
  /// The estimated error of the state, in W_p.
  public let error: Double
  /// No step was longer than this; 0 when none was taken.
  public let step: Double
}

extension ParticleState {
  /// (Σ mᵢ(|Δxᵢ|^p + |Δvᵢ|^p))^{1/p} between two states of the same particles; an upper bound of their
  /// W_p.
  ///
  /// - Precondition: as many particles on either side.
  /// - Complexity: O(n).
  public func pairedDistance(to other: ParticleState, exponent: Double = 2) -> Double {
    var sum = CompensatedSum()
    for (mine, theirs) in [(positions, other.positions), (velocities, other.velocities)] {
      for particle in 0..<count {
        var square = 0.0
        for index in stride(from: particle, to: mine.count, by: count) {
          square += (mine[index] - theirs[index]) * (mine[index] - theirs[index])
        }
        sum.add(masses[particle] * (exponent == 2 ? square : square.power(exponent / 2)))
      }
    }
    return sum.value.root(exponent)
  }
}
