import KineticTransport
import Libc

/// How noise and friction act, as the options of a command say.
struct RelaxationOptions: Sendable, Equatable {
  /// The external potentials.
  enum External: Sendable, Equatable {
    case cosine(amplitude: Double)
    case quadratic(curvature: Double)

    /// The potential as `--external` takes it.
    var notation: String {
      switch self {
      case .cosine(let amplitude): "cos:\(amplitude)"
      case .quadratic(let curvature): "quadratic:\(curvature)"
      }
    }
  }

  /// What the noise depends on; `nil` on a grid, which has none.
  var seed: UInt64?
  /// E; `nil` for none.
  var external: External?
  /// γ of a swarm.
  var gamma: Double?
  /// σ of a swarm.
  var sigma: Double
  /// θ of a swarm, or the temperature of agents.
  var temperature: Double
  /// α of BGK.
  var exponent: Double

  static let specification = [
    OptionSpecification(
      "--seed", "N",
      "What the noise of vfp, mckean-vlasov, swarm and noisy-alignment depends on, whose particles need it: "
        + "the same seed gives the same bits on any number of threads, and couples runs with different "
        + "--epsilon."
    ),
    OptionSpecification(
      "--external", "NAME:NUMBER",
      "The external potential E of vfp, mckean-vlasov and swarm: quadratic:C, with E = C/2 |x|^2 in free "
        + "space; cos:A, with E = -A cos(2pi x/L) on each axis of a periodic box. Default: none."),
    OptionSpecification(
      "--gamma", "G",
      "G of the velocity potential |v|^4/4G - S|v|^3/3 - (1-S)|v|^2/2 of swarm, positive."),
    OptionSpecification("--sigma", "S", "S of swarm, from 0 to 1. Default: 0."),
    OptionSpecification(
      "--theta", "T", "The temperature of the noise of swarm and noisy-alignment. Default: 1."),
    OptionSpecification(
      "--alpha", "A", "The rate of the collisions of bgk is rho^A, any number. Default: 0."),
  ]

  /// The options of a system with noise or collisions; `nil` for another system.
  ///
  /// - Throws: `UsageError`.
  init?(
    _ reader: ArgumentReader, _ kind: FlowSystem.Kind, on representation: Representation
  ) throws(UsageError) {
    let names = Self.specification.map(\.name)
    for option in names where reader.text(option) != nil && !kind.takesForNoise(option) {
      let others = FlowSystem.Kind.allCases.filter { $0.takesForNoise(option) }
      throw .conflict(
        "\(option) goes only with --system \(UsageError.list(others.map(\.rawValue))).")
    }
    guard kind.isNoisy || kind.isRelaxing else { return nil }
    let system = "--system \(kind.rawValue)"
    let isSolvedByModes = kind.isRelaxing && representation == .grid
    seed = try reader.integer(
      "--seed", "a whole number from 0 to \(UInt64.max)", in: 0...UInt64.max)
    if kind.isNoisy, !isSolvedByModes, seed == nil {
      throw .missingOption(option: "--seed", command: "\(system), which has noise,")
    }
    if isSolvedByModes, seed != nil {
      throw .conflict("--seed is that of the noise of particles; a grid has none.")
    }
    exponent = try reader.number("--alpha") ?? 0
    external = try Self.external(reader)
    gamma = try reader.number("--gamma", "a positive number") { $0 > 0 }
    sigma = try reader.number("--sigma", "a number from 0 to 1") { 0...1 ~= $0 } ?? 0
    temperature = try reader.number("--theta", "a positive number") { $0 > 0 } ?? 1
    if kind == .swarm, gamma == nil {
      throw .missingOption(option: "--gamma", command: system)
    }
    for option in ["--step-error", "--integrator"] where reader.text(option) != nil {
      throw .conflict(
        isSolvedByModes
          ? "\(option) does not go with \(system), which is solved by modes; choose --step."
          : "\(option) does not go with \(system): its steps are exact for constant forces, and noise has no "
            + "tolerance; choose --step.")
    }
  }

  private static func external(_ reader: ArgumentReader) throws(UsageError) -> External? {
    guard let text = reader.text("--external") else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) ?? .nan : .nan
    switch parts[0] {
    case "cos" where number.isFinite: return .cosine(amplitude: number)
    case "quadratic" where number.isFinite: return .quadratic(curvature: number)
    default:
      throw .badValue(
        option: "--external", value: text, requirement: "quadratic:C or cos:A, with a number")
    }
  }
}

extension FlowSystem.Kind {
  /// Whether noise drives the system.
  var isNoisy: Bool {
    switch self {
    case .vfp, .mckeanVlasov, .swarm, .noisyAlignment: true
    default: false
    }
  }

  /// Whether velocities relax to an equilibrium, and modes of them solve the equation on a grid.
  var isRelaxing: Bool {
    switch self {
    case .vfp, .mckeanVlasov, .swarm, .bgk: true
    default: false
    }
  }

  /// Whether particles relax in a force of positions.
  var takesForce: Bool { isNoisy && self != .noisyAlignment }

  fileprivate func takesForNoise(_ option: String) -> Bool {
    switch option {
    case "--seed": isNoisy
    case "--external": takesForce
    case "--gamma", "--sigma": self == .swarm
    case "--theta": self == .swarm || self == .noisyAlignment
    case "--alpha": self == .bgk
    default: false
    }
  }
}

extension FlowSystem {
  /// Checks the mean free path of a system with noise.
  ///
  /// - Throws: `UsageError`.
  static func meanFreePath(
    _ reader: ArgumentReader, _ kind: Kind, on representation: Representation
  ) throws(UsageError) -> Double? {
    let system = "--system \(kind.rawValue)"
    switch kind {
    case .vfp, .bgk,
      .swarm where representation == .grid:
      return try reader.required(
        reader.number("--epsilon", "a number of 0 or more") { $0 >= 0 }, "--epsilon")
    case .swarm:
      return try reader.required(
        reader.number(
          "--epsilon", "a positive number; `kwass coefficients` has the limit of a swarm"
        ) { $0 > 0 }, "--epsilon")
    default:
      if reader.text("--epsilon") != nil {
        throw .conflict(
          kind == .mckeanVlasov
            ? "\(system) is the limit of vfp, --epsilon 0; leave --epsilon out."
            : "\(system) has no --epsilon.")
      }
      return nil
    }
  }

  /// A flow with noise from a snapshot.
  ///
  /// - Throws: `CommandFailure`.
  func relaxationFlow(
    from snapshot: Snapshot, measure: PhaseSpaceMeasure
  ) throws(CommandFailure) -> RelaxationFlow {
    guard let relaxation, let seed = relaxation.seed else {
      throw CommandFailure(.usage, "There is no noise.")
    }
    return try attempt { () throws(KineticModelError) in
      let epsilon = epsilon ?? (kind == .mckeanVlasov ? 0 : 1)
      let field = try relaxationField(relaxation, in: measure.box)
      return try RelaxationFlow(
        measure: measure, lifts: snapshot.positions.map(\.array), field: field, epsilon: epsilon,
        seed: seed, step: step ?? standardStep(field, epsilon))
    }
  }

  private func relaxationField(
    _ relaxation: RelaxationOptions, in box: ProductDomain
  ) throws(KineticModelError) -> any RelaxationField {
    if let alignment {
      return try NoisyAlignmentField(
        alignment.rule(.cuckerSmale, in: box, mesh: mesh), temperature: relaxation.temperature)
    }
    let force = try force(relaxation, in: box)
    guard kind == .swarm, let gamma = relaxation.gamma else {
      return FokkerPlanckField(force: force)
    }
    return try SwarmingField(
      force: force, gamma: gamma, sigma: relaxation.sigma, temperature: relaxation.temperature)
  }

  /// The external force and that of the kernel.
  private func force(
    _ relaxation: RelaxationOptions, in box: ProductDomain
  ) throws(KineticModelError) -> any ForceField {
    var parts: [any ForceField] = []
    do throws(FlowError) {
      if let external = relaxation.external { parts.append(try external.field(in: box)) }
      if let kernel { parts.append(try kernel.field(in: box)) }
    } catch {
      throw .flow(error)
    }
    return parts.count == 1 ? parts[0] : SumField(parts)
  }

  /// A tenth of the shortest time of the force: 1/B where friction rules, ε/√B where particles oscillate. A swarm
  /// changes its velocities in the time ε².
  private func standardStep(_ field: any RelaxationField, _ epsilon: Double) -> Double {
    if kind == .swarm { return 0.1 * epsilon * epsilon }
    guard let field = field as? FokkerPlanckField else { return 0.1 / (field.largestRate ?? 1) }
    let curvature = field.force.curvatureBound ?? 1
    guard curvature > 0 else { return 0.1 }
    return 0.1
      / (4 * epsilon * epsilon * curvature > 1 ? curvature.squareRoot() / epsilon : curvature)
  }
}

extension RelaxationOptions.External {
  /// −∇E.
  fileprivate func field(in box: ProductDomain) throws(FlowError) -> ExternalField {
    guard box.dimension <= 3 else {
      throw .badBox(field: "--external", requirement: "at most three dimensions")
    }
    switch self {
    case .quadratic(let curvature):
      guard box.axes.allSatisfy({ !$0.isPeriodic }) else {
        throw .badBox(
          field: "--external quadratic", requirement: "free axes: the potential is not periodic")
      }
      return ExternalField(
        name: "potential \(curvature)/2 |x|^2", curvatureBound: curvature.magnitude,
        potential: { _, x in 0.5 * curvature * (x * x).sum() },
        acceleration: { _, x in -curvature * x })
    case .cosine(let amplitude):
      guard box.axes.allSatisfy(\.isPeriodic) else {
        throw .badBox(
          field: "--external cos", requirement: "a box that is periodic on every axis")
      }
      let waves = box.axes.map { 2 * Double.pi / $0.length }
      return ExternalField(
        name: "potential -\(amplitude) cos(2pi x/L)",
        curvatureBound: waves.reduce(0) { max($0, amplitude.magnitude * $1 * $1) },
        potential: { _, x in
          -amplitude * waves.indices.reduce(0) { $0 + cos(waves[$1] * x[$1]) }
        },
        acceleration: { _, x in
          var force = SIMD3<Double>.zero
          for (axis, wave) in waves.enumerated() {
            force[axis] = -amplitude * wave * sin(wave * x[axis])
          }
          return force
        })
    }
  }
}
