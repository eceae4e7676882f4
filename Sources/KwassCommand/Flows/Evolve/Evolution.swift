import KineticTransport

/// What `kwass evolve` follows: particles, or a density on a grid.
protocol Evolution {
  /// The physical time now.
  var time: Double { get }
  /// What is conserved, now.
  var diagnostics: FlowDiagnostics { get }
  /// ∫f², where it is known.
  var squareNorm: Double? { get }
  /// What is followed, how many of them.
  var size: String { get }
  /// The box.
  var boxNotation: String { get }
  /// The force in words.
  var fieldName: String { get }
  /// B of the field.
  var curvatureBound: Double? { get }
  /// A sentence where the step is too long.
  var stepWarning: String? { get }
  /// The method in words.
  var method: String { get }
  /// The longest step.
  var step: Double { get }
  /// The particles, where it is particles that are followed.
  var particles: ParticleState? { get }

  /// Follows the equation to a time; what the step control did, where there is one.
  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl?
  /// Refuses a time to which there are too many steps.
  func checkSteps(to time: Double) throws(FlowError)
  /// How far the state is from another one of the same run, in words.
  func deviation(from other: Self) throws(FlowError) -> String
  /// Writes the state.
  func write(to path: String) throws(SnapshotError)
}

/// Particles that are followed along the characteristics.
struct ParticleEvolution: Evolution {
  private var flow: CharacteristicFlow
  /// Where the masses and identities stand as they were given.
  private let start: Snapshot
  private let tolerance: Double?

  init(_ flow: CharacteristicFlow, from start: Snapshot, tolerance: Double?) {
    self.flow = flow
    self.start = start
    self.tolerance = tolerance
  }

  var time: Double { flow.time }
  var diagnostics: FlowDiagnostics { flow.diagnostics }
  var squareNorm: Double? { nil }
  var particles: ParticleState? { flow.particles }
  var size: String { count(flow.particles.count, "particle", "particles") }
  var boxNotation: String { flow.particles.box.notation }
  var fieldName: String { flow.field.name }
  var curvatureBound: Double? { flow.field.curvatureBound }
  var stepWarning: String? { flow.stepWarning }
  var method: String {
    let control = tolerance.map { ", halved until the estimated error in W_2 is at most \($0)" }
    return methodText(flow.integrator, flow.step) + (control ?? "")
  }

  var step: Double { flow.step }

  func checkSteps(to time: Double) throws(FlowError) { _ = try flow.stepCount(to: time) }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    do throws(FlowError) {
      if let tolerance { return try flow.advance(to: time, tolerance: tolerance) }
      try flow.advance(to: time)
      return nil
    } catch {
      throw CommandFailure(error)
    }
  }

  func deviation(from other: ParticleEvolution) throws(FlowError) -> String {
    "by at most \(try flow.particles.pairedDistance(to: other.flow.particles)) in W_2"
  }

  func write(to path: String) throws(SnapshotError) {
    try flow.particles.write(at: flow.time, from: start, to: path)
  }
}

extension ParticleState {
  /// Writes a snapshot: lifts, velocities, and the masses exactly as they were given.
  func write(at time: Double, from start: Snapshot, to path: String) throws(SnapshotError) {
    try SnapshotFile.write(
      Snapshot(
        positions: (0..<dimension).map { position($0) },
        velocities: (0..<dimension).map { velocity($0) },
        weights: start.weights, box: box, time: time, ids: start.ids), to: path)
  }
}

extension PhaseSpaceGrid {
  /// How many points it has, and between which velocities.
  var sizeText: String {
    "a grid of \(positionCount) positions and \(velocityCount) velocities from "
      + "\(velocityRange.lowerBound) to \(velocityRange.upperBound)"
  }

  /// How far the values are from those of another one of the same size, in words.
  func deviation(from other: PhaseSpaceGrid) -> String {
    let largest = other.values.reduce(0) { max($0, $1.magnitude) }
    let difference = zip(values, other.values).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    return "by at most \(difference / largest) of the largest value of f"
  }
}

/// A density on a grid, by the semi-Lagrangian method.
struct GridEvolution: Evolution {
  private var flow: GridFlow
  /// The nodes as the file has them.
  private let positions: [Double]?

  init(_ flow: GridFlow, positions: [Double]?) {
    self.flow = flow
    self.positions = positions
  }

  var time: Double { flow.time }
  var diagnostics: FlowDiagnostics { flow.diagnostics }
  var squareNorm: Double? { flow.grid.squareNorm }
  var particles: ParticleState? { nil }
  var size: String { flow.grid.sizeText }
  var boxNotation: String { "\(flow.grid.length)" }
  var fieldName: String { flow.field.name }
  var curvatureBound: Double? {
    if case .cosine(let curvature) = flow.field { curvature.magnitude } else { nil }
  }
  var stepWarning: String? { flow.stepWarning }
  var method: String {
    "semi-Lagrangian, trigonometric interpolation, " + methodText(flow.integrator, flow.step)
  }

  var step: Double { flow.step }

  func checkSteps(to time: Double) throws(FlowError) { _ = try flow.stepCount(to: time) }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    do throws(FlowError) {
      try flow.advance(to: time)
      return nil
    } catch {
      throw CommandFailure(error)
    }
  }

  func deviation(from other: GridEvolution) -> String {
    flow.grid.deviation(from: other.flow.grid)
  }

  func write(to path: String) throws(SnapshotError) {
    try flow.grid.file(positions: positions).write(to: path)
  }
}

private func methodText(_ integrator: Integrator, _ step: Double) -> String {
  let steps = step < .greatestFiniteMagnitude ? "steps of at most \(step)" : "exact in one step"
  return "\(integrator.rawValue), \(steps)"
}

extension FlowSystem {
  /// The force of the system on a grid, and its step.
  ///
  /// - Throws: `CommandFailure`.
  func flow(of grid: PhaseSpaceGrid) throws(CommandFailure) -> GridFlow {
    let field: GridFlow.Field
    let rate: Double
    switch (kind, kernel) {
    case (.free, _): (field, rate) = (.free, 0)
    case (.vlasovPoisson, _) where mesh == nil:
      (field, rate) = (
        .vlasovPoisson(epsilon: epsilon ?? 1, isAttractive: isAttractive), 1 / (epsilon ?? 1)
      )
    case (.vlasov, .cosine(let curvature)):
      (field, rate) = (.cosine(curvature: curvature), curvature.magnitude.squareRoot())
    default:
      throw CommandFailure(
        .usage,
        "The grid representation knows --system free, s-model, w-model, vlasov-poisson without --mesh, "
          + "and --kernel cos; follow particles for others.")
    }
    do throws(FlowError) {
      return try GridFlow(
        grid: grid, field: field, integrator: integrator,
        step: step ?? (rate > 0 ? 0.1 / rate : .greatestFiniteMagnitude))
    } catch {
      throw CommandFailure(error)
    }
  }
}
