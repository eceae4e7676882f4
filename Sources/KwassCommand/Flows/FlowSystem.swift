import KineticTransport

/// Which force acts on the particles and how they are followed, as the options of a command say.
struct FlowSystem: Sendable, Equatable {
  /// The kinds of systems.
  enum Kind: String, Sendable, CaseIterable {
    case free
    case vlasov
    case vlasovPoisson = "vlasov-poisson"
  }

  /// The kernels of `--system vlasov`.
  enum Kernel: Sendable, Equatable {
    case cosine(curvature: Double)
    case quadratic(curvature: Double)
  }

  var kind: Kind
  var kernel: Kernel?
  var epsilon: Double?
  var isAttractive: Bool
  var step: Double?
  var integrator: Integrator

  static let specification = [
    OptionSpecification(
      "--system", Kind.allCases.map(\.rawValue).joined(separator: "|"),
      "The equation: no force, a smooth kernel, or Vlasov-Poisson."),
    OptionSpecification(
      "--kernel", "NAME:NUMBERS",
      "The kernel of --system vlasov: cos:B, with K = B (L/2pi)^2 cos(2pi x/L) on each axis of a "
        + "periodic box; quadratic:C, with K = -C/2 |x|^2. The force is +grad K * rho: with positive "
        + "numbers particles attract each other."),
    OptionSpecification(
      "--epsilon", "E",
      "The Debye length of --system vlasov-poisson, positive; the plasma frequency is 1/E."),
    OptionSpecification(
      "--attractive", "Let the particles of --system vlasov-poisson attract each other."),
    OptionSpecification(
      "--step", "H",
      "The longest step. Default: a tenth of the field's own time 1/omega, or of 1/sqrt(B)."),
    OptionSpecification(
      "--integrator", Integrator.allCases.map(\.rawValue).joined(separator: "|"),
      "The method: order 2 (strang, the default), 4 or 6."),
  ]

  /// Understands the options of the system.
  ///
  /// - Throws: `UsageError`.
  init(_ reader: ArgumentReader) throws(UsageError) {
    guard let kind = try reader.choice("--system", Kind.self) else {
      throw .missingOption(option: "--system", command: reader.command)
    }
    self.kind = kind
    kernel = try Kernel(reader)
    epsilon = try reader.number("--epsilon", "a positive number") { $0 > 0 }
    isAttractive = reader.has("--attractive")
    step = try reader.number("--step", "a positive number") { $0 > 0 }
    integrator = try reader.choice("--integrator") ?? .strang
    if kernel != nil, kind != .vlasov {
      throw .conflict("--kernel goes only with --system vlasov.")
    }
    if kernel == nil, kind == .vlasov {
      throw .missingOption(option: "--kernel", command: "--system vlasov")
    }
    if epsilon == nil, kind == .vlasovPoisson {
      throw .missingOption(option: "--epsilon", command: "--system vlasov-poisson")
    }
    if epsilon != nil || isAttractive, kind != .vlasovPoisson {
      throw .conflict(
        "\(epsilon != nil ? "--epsilon" : "--attractive") goes only with --system vlasov-poisson.")
    }
  }

  /// The field of the system for particles in a box.
  ///
  /// - Throws: `FlowError`.
  func field(in box: Domain) throws(FlowError) -> any ForceField {
    switch kind {
    case .free: return FreeField()
    case .vlasov: return try kernel?.field(in: box) ?? FreeField()
    case .vlasovPoisson:
      return try SheetField(epsilon: epsilon ?? 1, isAttractive: isAttractive)
    }
  }

  /// A flow of the system from a snapshot. Positions that the snapshot has outside of its periodic
  /// box are kept as lifts, so that a run goes on from any of its own snapshots to the same bits.
  ///
  /// - Throws: `CommandFailure`.
  func flow(
    from snapshot: Snapshot, measure: PhaseSpaceMeasure
  ) throws(CommandFailure) -> CharacteristicFlow {
    do throws(FlowError) {
      let field = try field(in: measure.box)
      return try CharacteristicFlow(
        measure: measure, lifts: snapshot.positions, field: field, integrator: integrator,
        step: step ?? Self.standardStep(field))
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func standardStep(_ field: any ForceField) -> Double {
    let rate = field.frequency ?? field.curvatureBound?.squareRoot() ?? 1
    // Without a force any step is exact.
    return rate > 0 ? 0.1 / rate : Double.greatestFiniteMagnitude
  }
}

extension FlowSystem.Kernel {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--kernel") else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = (parts.count == 2 ? parts[1] : "")
      .split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    switch (parts[0], numbers.count) {
    case ("cos", 1) where numbers[0].isFinite: self = .cosine(curvature: numbers[0])
    case ("quadratic", 1) where numbers[0].isFinite: self = .quadratic(curvature: numbers[0])
    default:
      throw .badValue(
        option: "--kernel", value: text, requirement: "cos:B or quadratic:C, with numbers")
    }
  }

  fileprivate func field(in box: Domain) throws(FlowError) -> any ForceField {
    switch self {
    case .cosine(let curvature): try CosineField(curvature: curvature, box: box)
    case .quadratic(let curvature): try QuadraticField(curvature: curvature)
    }
  }
}

extension CommandFailure {
  init(_ error: FlowError) {
    let status: ExitCode =
      switch error {
      case .badParameter, .badStep, .badTime, .velocityDependentField: .usage
      default: .badData
      }
    self.init(status, error.description)
  }
}
