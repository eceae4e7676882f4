import KineticTransport

/// Agents whose strength of alignment is carried along.
struct AdaptiveEvolution: Evolution {
  private var flow: AdaptiveFlow
  /// Where the masses and identities stand as they were given.
  private let start: Snapshot

  init(_ flow: AdaptiveFlow, from start: Snapshot) {
    self.flow = flow
    self.start = start
  }

  var time: Double { flow.time }
  var diagnostics: FlowDiagnostics { flow.diagnostics }
  var squareNorm: Double? { nil }
  var particles: ParticleState? { flow.particles }
  var size: String { count(flow.particles.count, "particle", "particles") }
  var boxNotation: String { flow.particles.box.notation }
  var fieldName: String { flow.name }
  var curvatureBound: Double? { nil }
  var stepWarning: String? { nil }
  var method: String {
    "rungeKutta4 with the backward map of the strength, steps of at most \(flow.step)"
  }
  var step: Double { flow.step }

  func checkSteps(to time: Double) throws(FlowError) { _ = try flow.stepCount(to: time) }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    var next = flow
    try attempt { () throws(KineticModelError) in try next.advance(to: time) }
    flow = next
    return nil
  }

  func deviation(from other: AdaptiveEvolution) throws(FlowError) -> String {
    "by at most \(try flow.particles.pairedDistance(to: other.flow.particles)) in W_2"
  }

  func write(to path: String) throws(SnapshotError) {
    try flow.particles.write(at: flow.time, from: start, to: path)
  }
}

/// A density on a grid whose strength of alignment is carried along.
struct AdaptiveGridEvolution: Evolution {
  private var flow: AdaptiveGridFlow
  /// The nodes as the file has them.
  private let positions: [Double]?

  init(_ flow: AdaptiveGridFlow, positions: [Double]?) {
    self.flow = flow
    self.positions = positions
  }

  var time: Double { flow.time }
  var diagnostics: FlowDiagnostics { flow.diagnostics }
  var squareNorm: Double? { flow.grid.squareNorm }
  var particles: ParticleState? { nil }
  var size: String { flow.grid.sizeText }
  var boxNotation: String { "\(flow.grid.length)" }
  var fieldName: String { flow.name }
  var curvatureBound: Double? { nil }
  var stepWarning: String? { nil }
  var method: String {
    "semi-Lagrangian with the backward map of the strength, steps of at most \(flow.step)"
  }
  var step: Double { flow.step }

  func checkSteps(to time: Double) throws(FlowError) { _ = try flow.stepCount(to: time) }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    var next = flow
    try attempt { () throws(KineticModelError) in try next.advance(to: time) }
    flow = next
    return nil
  }

  func deviation(from other: AdaptiveGridEvolution) -> String {
    flow.grid.deviation(from: other.flow.grid)
  }

  func write(to path: String) throws(SnapshotError) {
    try flow.grid.file(positions: positions).write(to: path)
  }
}
