import KineticTransport

/// How agents align, as the options of a command say.
struct AlignmentOptions: Sendable, Equatable {
  /// φ.
  enum Kernel: Sendable, Equatable {
    case constant
    case gaussian(width: Double)
    case power(exponent: Double, scale: Double)

    /// The kernel as `--phi` takes it.
    var notation: String {
      switch self {
      case .constant: "constant"
      case .gaussian(let width): "gaussian:\(width)"
      case .power(let exponent, let scale): "power:\(exponent),\(scale)"
      }
    }
  }

  /// The strength or weight at the start.
  enum Start: Sendable, Equatable {
    case inverseDensity
    case number(Double)
  }

  var kernel: Kernel
  /// λ.
  var strength: Double
  /// s₀ or w₀; `nil` for 1 in the s-model and 1/(ρ₀)_φ in the w-model.
  var start: Start?
  /// The points at which the carried strength is kept.
  var lattice: [Int]?

  static let specification = [
    OptionSpecification(
      "--phi", "NAME:NUMBERS",
      "How much agents listen at a distance r, for cucker-smale, motsch-tadmor, s-model and w-model: "
        + "power:B, with (1 + r^2)^-B, or power:B,L, with (1 + (r/L)^2)^-B; gaussian:W, with "
        + "exp(-r^2/2W^2); constant."),
    OptionSpecification("--strength", "L", "The strength lambda of their alignment. Default: 1."),
    OptionSpecification(
      "--initial-strength", "inverse-density|NUMBER",
      "The strength s of s-model (default: 1) or the weight w of w-model (default: inverse-density, "
        + "1/(rho*phi)) at the start."),
    OptionSpecification(
      "--lattice", "N,N,...",
      "The points at which s-model and w-model keep where the strength came from, one number for each axis. "
        + "Default: 256 in one dimension, 128 in two, 32 in three."),
  ]

  /// The options of a system of alignment; `nil` for another system.
  ///
  /// - Throws: `UsageError`.
  init?(_ reader: ArgumentReader, _ kind: FlowSystem.Kind) throws(UsageError) {
    let names = Self.specification.map(\.name)
    guard kind.isAlignment else {
      if let option = names.first(where: { reader.text($0) != nil }) {
        throw .conflict(
          "\(option) goes only with --system "
            + UsageError.list(FlowSystem.Kind.allCases.filter(\.isAlignment).map(\.rawValue)) + ".")
      }
      return nil
    }
    guard let kernel = try Self.kernel(reader) else {
      throw .missingOption(option: "--phi", command: "--system \(kind.rawValue)")
    }
    self.kernel = kernel
    strength = try reader.number("--strength", "a positive number") { $0 > 0 } ?? 1
    start = try Self.start(reader)
    lattice = try reader.lattice()
    if !kind.isAdaptive, let option = names.suffix(2).first(where: { reader.text($0) != nil }) {
      throw .conflict("\(option) goes only with --system s-model or w-model.")
    }
    if kind == .sModel, start == .inverseDensity {
      throw .conflict(
        "--initial-strength inverse-density is a weight; it goes with --system w-model.")
    }
  }

  private static func kernel(_ reader: ArgumentReader) throws(UsageError) -> Kernel? {
    guard let text = reader.text("--phi") else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    let isRight = numbers.allSatisfy { $0.isFinite && $0 > 0 }
    switch (parts[0], numbers.count) {
    case ("constant", 0): return .constant
    case ("gaussian", 1) where isRight: return .gaussian(width: numbers[0])
    case ("power", 1) where isRight: return .power(exponent: numbers[0], scale: 1)
    case ("power", 2) where isRight: return .power(exponent: numbers[0], scale: numbers[1])
    default:
      throw .badValue(
        option: "--phi", value: text,
        requirement:
          "power:B, power:B,L, gaussian:W or constant, with positive numbers, so that phi is positive "
          + "and falls")
    }
  }

  private static func start(_ reader: ArgumentReader) throws(UsageError) -> Start? {
    guard let text = reader.text("--initial-strength") else { return nil }
    if text == "inverse-density" { return .inverseDensity }
    guard let number = Double(text), number >= 0, number.isFinite else {
      throw .badValue(
        option: "--initial-strength", value: text,
        requirement: "inverse-density or a number of 0 or more")
    }
    return .number(number)
  }

  // MARK: The models

  func communication() throws(KineticModelError) -> CommunicationKernel {
    switch kernel {
    case .constant: .constant
    case .gaussian(let width): try .gaussian(width: width)
    case .power(let exponent, let scale): try .power(exponent: exponent, scale: scale)
    }
  }

  /// The field of Cucker and Smale or of Motsch and Tadmor.
  func field(
    _ kind: FlowSystem.Kind, in box: ProductDomain, mesh cells: [Int]?
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
    return try AlignmentField(
      kind == .motschTadmor ? .motschTadmor : .cuckerSmale, kernel: kernel, strength: strength,
      mesh: mesh)
  }

  /// The flow of the s- or the w-model; with no step given, a tenth of the shortest time of alignment, and
  /// half of what the transport of the strength allows.
  func adaptiveFlow(
    _ kind: FlowSystem.Kind, _ measure: PhaseSpaceMeasure, lifts: [[Double]], step: Double?
  ) throws(KineticModelError) -> AdaptiveFlow {
    let kernel = try communication()
    let dimension = measure.positionDimension
    let cells =
      lattice ?? Array(repeating: [256, 128, 32][min(dimension, 3) - 1], count: dimension)
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
    case .cuckerSmale, .motschTadmor, .sModel, .wModel: true
    default: false
    }
  }

  /// What becomes of momentum when agents align.
  var momentumNote: String? {
    switch self {
    case .cuckerSmale: "conserved by this model"
    case .motschTadmor, .sModel, .wModel: "not conserved by this model"
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
      try alignment.adaptiveFlow(kind, measure, lifts: snapshot.positions, step: step)
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

extension ArgumentReader {
  /// The points of the lattice of a carried strength.
  fileprivate func lattice() throws(UsageError) -> [Int]? {
    guard let text = text("--lattice") else { return nil }
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard cells.allSatisfy({ 6...32768 ~= $0 }) else {
      throw .badValue(
        option: "--lattice", value: text,
        requirement: "a whole number from 6 to 32768 for each axis, with commas between")
    }
    return cells
  }
}
