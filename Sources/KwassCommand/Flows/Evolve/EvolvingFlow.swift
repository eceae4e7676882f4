import KineticTransport

/// A flow that `kwass evolve` can follow.
protocol EvolvingFlow {
  /// Why it cannot be followed.
  associatedtype Failure: CommandEnding

  /// The physical time now.
  var time: Double { get }
  /// The longest step.
  var step: Double { get }
  /// What is conserved, now.
  var diagnostics: FlowDiagnostics { get }
  /// The force in words.
  var fieldName: String { get }
  /// The method in words.
  var method: String { get }
  /// B of the field, where there is one.
  var curvatureBound: Double? { get }
  /// A sentence where the step is too long.
  var stepWarning: String? { get }
  /// What is carried along and not in a snapshot; `nil` where nothing is.
  var carried: CarriedState? { get }
  /// What else there is to print of it, by name.
  var measures: [(name: String, value: Double)] { get }

  /// The number of steps to a time, of which there may be too many.
  func stepCount(to target: Double) throws(FlowError) -> Int
  /// Goes to a time.
  mutating func advance(to target: Double) throws(Failure)
}

extension EvolvingFlow {
  var curvatureBound: Double? { nil }
  var stepWarning: String? { nil }
  var carried: CarriedState? { nil }
  var measures: [(name: String, value: Double)] { [] }
}

/// A flow of particles.
protocol ParticleFlow: EvolvingFlow {
  /// The particles now.
  var particles: ParticleState { get }
  /// Goes on from particles to which an earlier run from the same start has come.
  mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], carried: [Double]?
  ) throws(Failure)
  /// Goes to a time with steps that a tolerance controls.
  mutating func follow(to target: Double, tolerance: Double) throws(Failure) -> StepControl
}

/// A flow of a density on a grid.
protocol DensityFlow: EvolvingFlow {
  /// The density now.
  var grid: PhaseSpaceGrid { get }
  /// Goes on from a density to which an earlier run from the same start has come.
  ///
  /// - Parameter values: its values as they were written, before any normalisation.
  mutating func resume(
    from density: PhaseSpaceGrid, values: [Double], carried: [Double]?
  ) throws(Failure)
}

// MARK: The flows

extension CharacteristicFlow: ParticleFlow {
  var fieldName: String { field.name }
  var method: String { methodText(integrator, step) }
  var curvatureBound: Double? { field.curvatureBound }

  mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], carried: [Double]?
  ) throws(FlowError) {
    self = try CharacteristicFlow(
      measure: measure, lifts: lifts, field: field, integrator: integrator, step: step)
  }

  mutating func follow(to target: Double, tolerance: Double) throws(FlowError) -> StepControl {
    try advance(to: target, tolerance: tolerance)
  }
}

extension AdaptiveFlow: ParticleFlow {
  var fieldName: String { name }
  var method: String {
    "rungeKutta4 with the backward map of the strength, steps of at most \(step)"
  }
  var carried: CarriedState? { CarriedState(kind: .strength, numbers: displacements) }

  mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], carried: [Double]?
  ) throws(KineticModelError) {
    try resume(from: measure, lifts: lifts, displacements: carried ?? [])
  }

  mutating func follow(
    to target: Double, tolerance: Double
  ) throws(KineticModelError) -> StepControl {
    throw .badParameter(name: "--step-error", value: tolerance, requirement: "left out")
  }
}

extension RelaxationFlow: ParticleFlow {
  var fieldName: String { field.name }
  var method: String {
    "exact for constant forces, steps of at most \(step), epsilon \(epsilon), seed \(seed)"
  }
  var stepWarning: String? {
    guard field.hasVelocityDependentRates, step > 0.5 * epsilon * epsilon else { return nil }
    return
      "The step is large: velocities relax in the time epsilon^2 = \(epsilon * epsilon); a step below "
      + "\(0.2 * epsilon * epsilon) would do."
  }

  mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], carried: [Double]?
  ) throws(KineticModelError) {
    self = try RelaxationFlow(
      measure: measure, lifts: lifts, field: field, epsilon: epsilon, seed: seed, step: step)
  }

  mutating func follow(
    to target: Double, tolerance: Double
  ) throws(KineticModelError) -> StepControl {
    throw .badParameter(name: "--step-error", value: tolerance, requirement: "left out")
  }
}

extension GridFlow: DensityFlow {
  var fieldName: String { field.name }
  var curvatureBound: Double? {
    if case .cosine(let curvature) = field { curvature.magnitude } else { nil }
  }
  var method: String {
    "semi-Lagrangian, trigonometric interpolation, " + methodText(integrator, step)
  }

  mutating func resume(
    from density: PhaseSpaceGrid, values: [Double], carried: [Double]?
  ) throws(FlowError) {
    self = try GridFlow(grid: density, field: field, integrator: integrator, step: step)
  }
}

extension AdaptiveGridFlow: DensityFlow {
  var fieldName: String { name }
  var method: String {
    "semi-Lagrangian with the backward map of the strength, steps of at most \(step)"
  }
  var carried: CarriedState? { CarriedState(kind: .strength, numbers: displacements) }

  mutating func resume(
    from density: PhaseSpaceGrid, values: [Double], carried: [Double]?
  ) throws(KineticModelError) {
    try resume(from: values, at: density.time, displacements: carried ?? [])
  }
}

private func methodText(_ integrator: Integrator, _ step: Double) -> String {
  let steps = step < .greatestFiniteMagnitude ? "steps of at most \(step)" : "exact in one step"
  return "\(integrator.rawValue), \(steps)"
}
