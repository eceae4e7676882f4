import KineticTransport

extension AlignmentOptions {
  /// φ; 1 in the model of segregation, where agents of one part hear each other alike.
  private func communication() throws(KineticModelError) -> CommunicationKernel {
    switch kernel {
    case .constant, nil: .constant
    case .gaussian(let width)?: try .gaussian(width: width)
    case .power(let exponent, let scale)?: try .power(exponent: exponent, scale: scale)
    }
  }

  /// The field of agents whose rule is fixed.
  func field(
    _ kind: FlowSystem.Kind, in box: ProductDomain, mesh cells: [Int]?
  ) throws(KineticModelError) -> any RelaxationField {
    let kernel = try communication()
    switch kind {
    case .segregation:
      return try SegregationField(box: box, intervals: parts ?? [], strength: strength)
    case .overmollified:
      return try OvermollifiedField(
        kernel, box: box, cells: lattice(of: kind, in: box.dimension) ?? [], strength: strength)
    default:
      return try rule(
        kind == .motschTadmor ? .motschTadmor : .cuckerSmale, in: box, mesh: cells)
    }
  }

  /// The rule of Cucker and Smale or of Motsch and Tadmor.
  func rule(
    _ model: AlignmentField.Model, in box: ProductDomain, mesh cells: [Int]? = nil
  ) throws(KineticModelError) -> AlignmentField {
    let kernel = try communication()
    var mesh: AlignmentMesh?
    if let cells {
      do throws(FlowError) {
        mesh = try AlignmentMesh(kernel, box: box, cells: cells)
      } catch {
        throw .flow(error)
      }
    }
    return try AlignmentField(model, kernel: kernel, strength: strength, mesh: mesh)
  }

  /// The lattice of a model; `nil` for one that has none.
  func lattice(of kind: FlowSystem.Kind, in dimension: Int) -> [Int]? {
    guard kind.isAdaptive || kind == .overmollified else { return nil }
    return lattice
      ?? Array(repeating: [256, 128, 32][min(dimension, 3) - 1], count: dimension)
  }

  /// The flow of the s- or the w-model; with no step given, a tenth of the shortest time of alignment, and
  /// half of what the transport of the strength allows.
  func adaptiveFlow(
    _ kind: FlowSystem.Kind, _ measure: PhaseSpaceMeasure, lifts: [[Double]], step: Double?
  ) throws(KineticModelError) -> AdaptiveFlow {
    let kernel = try communication()
    let cells = lattice(of: kind, in: measure.positionDimension) ?? []
    func flow(_ step: Double) throws(KineticModelError) -> AdaptiveFlow {
      try AdaptiveFlow(
        measure: measure, lifts: lifts, model: model(kind), kernel: kernel, strength: strength,
        cells: cells, step: step)
    }
    if let step { return try flow(step) }
    let probe = try flow(.leastNormalMagnitude)
    let fastest = try probe.strengths.reduce(0, max) * strength
    return try flow(min(0.5 * probe.stableStep, fastest > 0 ? 0.1 / fastest : 1, 1))
  }

  /// The same for a density on a grid.
  func adaptiveFlow(
    _ kind: FlowSystem.Kind, _ grid: PhaseSpaceGrid, step: Double?
  ) throws(KineticModelError) -> AdaptiveGridFlow {
    let kernel = try communication()
    func flow(_ step: Double) throws(KineticModelError) -> AdaptiveGridFlow {
      try AdaptiveGridFlow(
        grid: grid, model: model(kind), kernel: kernel, strength: strength, step: step)
    }
    if let step { return try flow(step) }
    let probe = try flow(.leastNormalMagnitude)
    let fastest = try probe.strengthField.reduce(0, max) * strength
    return try flow(min(0.5 * probe.stableStep, fastest > 0 ? 0.1 / fastest : 1, 1))
  }

  /// How the strength starts, as `--initial-strength` takes it; `nil` for a model that carries none.
  func initialNotation(_ kind: FlowSystem.Kind) -> String? {
    switch (kind, start) {
    case (_, .number(let value)?): value.description
    case (.sModel, _): "1.0"
    case (.wModel, _): "inverse-density"
    default: nil
    }
  }

  /// How the strength starts.
  func model(_ kind: FlowSystem.Kind) -> AdaptiveStrength {
    switch (kind, start) {
    case (.sModel, .number(let value)?): .strength(name: plain(value)) { _ in value }
    case (.sModel, _): .strength(name: "1") { _ in 1 }
    case (_, .number(let value)?): .weight(name: plain(value)) { _ in value }
    default: .inverseDensity
    }
  }
}

extension FlowSystem.Kind {
  /// Whether the system is one of agents that align.
  var isAlignment: Bool {
    switch self {
    case .cuckerSmale, .motschTadmor, .overmollified, .segregation, .sModel, .wModel,
      .noisyAlignment:
      true
    default: false
    }
  }

  /// What becomes of momentum when agents align.
  var momentumNote: String? {
    switch self {
    case .cuckerSmale, .overmollified, .segregation: "conserved by this model"
    case .motschTadmor, .sModel, .wModel: "not conserved by this model"
    case .noisyAlignment: "conserved by this model but for the noise"
    default: nil
    }
  }

  /// Whether the strength of alignment is carried along.
  var isAdaptive: Bool { self == .sModel || self == .wModel }
}

extension FlowSystem {
  /// The flow of the s- or the w-model from a snapshot.
  ///
  /// - Throws: `CommandFailure`.
  func adaptiveFlow(
    from snapshot: Snapshot, measure: PhaseSpaceMeasure
  ) throws(CommandFailure) -> AdaptiveFlow {
    guard let alignment else { throw CommandFailure(.usage, "There is no alignment.") }
    return try attempt { () throws(KineticModelError) in
      try alignment.adaptiveFlow(kind, measure, lifts: snapshot.positions.map(\.array), step: step)
    }
  }

  /// The same on a grid.
  ///
  /// - Throws: `CommandFailure`.
  func adaptiveFlow(of grid: PhaseSpaceGrid) throws(CommandFailure) -> AdaptiveGridFlow {
    guard let alignment else { throw CommandFailure(.usage, "There is no alignment.") }
    return try attempt { () throws(KineticModelError) in
      try alignment.adaptiveFlow(kind, grid, step: step)
    }
  }

  /// Agents that align, from a snapshot.
  ///
  /// - Throws: `CommandFailure`.
  func agentFlow(
    from snapshot: Snapshot, measure: PhaseSpaceMeasure
  ) throws(CommandFailure) -> AgentFlow {
    kind.isAdaptive
      ? .adaptive(try adaptiveFlow(from: snapshot, measure: measure))
      : .fixed(try flow(from: snapshot, measure: measure))
  }
}

extension FlowError {
  /// What is wrong with a model, as what is wrong with its field.
  init(_ error: KineticModelError) {
    if case .flow(let error) = error {
      self = error
    } else if case .badParameter(let name, let value, let requirement) = error {
      self = .badParameter(name: name, value: value, requirement: requirement)
    } else {
      self = .badBox(field: "alignment", requirement: "another kernel. \(error)")
    }
  }
}
