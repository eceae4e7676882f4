import KineticTransport

/// Which force acts on the particles and how they are followed, as the options of a command say.
struct FlowSystem: OptionGroup, Equatable {
  /// The kinds of systems.
  enum Kind: String, Sendable, CaseIterable {
    case free
    case vlasov
    case vlasovPoisson = "vlasov-poisson"
    case incompressibleEuler = "incompressible-euler"
    case cuckerSmale = "cucker-smale"
    case motschTadmor = "motsch-tadmor"
    case overmollified
    case segregation
    case sModel = "s-model"
    case wModel = "w-model"
    case vfp
    case mckeanVlasov = "mckean-vlasov"
    case swarm
    case noisyAlignment = "noisy-alignment"
    case bgk

    /// The names of the papers, which are understood as well.
    static let synonyms = ["isothermal-euler": incompressibleEuler]
  }

  /// The kernels of `--system vlasov`.
  enum Kernel: Sendable, Equatable {
    case cosine(curvature: Double)
    case quadratic(curvature: Double)
    case radial(RadialField.Kernel)
  }

  var kind: Kind
  var kernel: Kernel?
  /// How agents align; `nil` for other systems.
  var alignment: AlignmentOptions?
  /// How noise and friction act; `nil` for systems without noise.
  var relaxation: RelaxationOptions?
  var epsilon: Double?
  var isAttractive: Bool
  /// The cells of a particle mesh; `nil` for the exact field.
  var mesh: [Int]?
  var shape: ParticleMeshField.Shape?
  var filter: ParticleMeshField.Filter?
  /// The waves of `--system incompressible-euler`.
  var modes: Int
  /// The modes of the velocities on a grid; `nil` for as many as are needed.
  var modeCount: Int?
  var step: Double?
  var integrator: Integrator
  /// The error in W_p that a step control allows; `nil` for fixed steps.
  var stepError: Double?

  static let specification =
    systemSpecification + AlignmentOptions.specification + RelaxationOptions.specification

  private static let systemSpecification = [
    OptionSpecification(
      "--system", "NAME",
      "The equation: free, without force; vlasov, with a smooth kernel; vlasov-poisson; its quasi-neutral "
        + "limit incompressible-euler, the kinetic incompressible Euler system (\"Kinetic Isothermal Euler\" "
        + "in the paper), on one periodic axis, by rungeKutta4; or agents that align their velocities, by "
        + "rungeKutta4: cucker-smale, motsch-tadmor, overmollified, which averages twice on a torus, "
        + "segregation, within parts of a torus, and s-model and w-model, whose strength is carried "
        + "along, on a torus. With noise, and steps that are exact for constant forces: vfp, the "
        + "Vlasov-Fokker-Planck equation; its limit mckean-vlasov; swarm, whose agents propel themselves; "
        + "and noisy-alignment, cucker-smale with noise. On a grid alone: bgk, with collisions "
        + "rho^A (rho M - f)."),
    OptionSpecification(
      "--kernel", "NAME:NUMBERS",
      "The kernel of --system vlasov, and if wanted of vfp, mckean-vlasov and swarm: cos:B, with K = B (L/2pi)^2 cos(2pi x/L) on each axis of a "
        + "periodic box; quadratic:C, with K = -C/2 |x|^2; gaussian:A,S, with K = A exp(-|x|^2/2S^2); "
        + "coulomb:Q,D, with charge Q and softening D; the last three in free space. The force is +grad K * rho: with a positive "
        + "B, C or A particles attract each other, with a positive Q they repel."),
    OptionSpecification(
      "--epsilon", "E",
      "The Debye length of --system vlasov-poisson, positive; the plasma frequency is 1/E. The mean free "
        + "path of vfp, where 0 is its limit, and of swarm, whose steps have to be shorter than E^2; on a grid "
        + "of vfp, bgk and swarm, where 0 is the limit of each."
    ),
    OptionSpecification(
      "--attractive", "Let the particles of --system vlasov-poisson attract each other."),
    OptionSpecification(
      "--mesh", "N,N,...",
      "The cells of a particle mesh for --system vlasov-poisson, one number for each axis; needed "
        + "in two and three dimensions. Default in one: the exact field. Also for cucker-smale, "
        + "motsch-tadmor and noisy-alignment on a torus; default: direct sums."),
    OptionSpecification(
      "--shape", "quadratic|cubic", "The shape of particles on the mesh. Default: quadratic."),
    OptionSpecification(
      "--mesh-filter", ParticleMeshField.Filter.allCases.map(\.rawValue).joined(separator: "|"),
      "What becomes of waves too short for the mesh: damped like a Gaussian of two cells, so that the "
        + "force between particles converges (the default), cut at a third of the cells, which "
        + "suits smooth densities alone, or those of clouds of the particles' shape."),
    OptionSpecification(
      "--modes", "N",
      "The waves in the force of --system incompressible-euler. Default: 8. The modes of the velocities on a "
        + "grid of vfp, mckean-vlasov, bgk and swarm. Default: as many as epsilon needs."),
    OptionSpecification(
      "--step", "H",
      "The longest step. Default: a tenth of the field's own time 1/omega, or of 1/sqrt(B). "
        + "incompressible-euler knows no time of its own and needs it: a fifth of 1/(2 pi N v) for the "
        + "largest velocity v is enough. For agents that align: a tenth of the shortest time of alignment. "
        + "For vfp and mckean-vlasov: a tenth of 1/B, or of E/sqrt(B) where that is shorter; for swarm: E^2/10. "
        + "For these and bgk on a grid: the longest stable one."
    ),
    OptionSpecification(
      "--step-error", "E",
      "Halve the steps between two times, beginning with --step, until the error that they add between "
        + "these, estimated in the distance from the rate at which halving reduces it, is at most E. "
        + "Default: fixed steps.", formerly: "--tolerance"),
    OptionSpecification(
      "--integrator", Integrator.allCases.map(\.rawValue).joined(separator: "|"),
      "The method: order 2 (strang, the default), 4 or 6."),
  ]

  /// Understands the options of the system.
  ///
  /// - Throws: `UsageError`.
  init(_ reader: ArgumentReader) throws(UsageError) {
    kind = try reader.required(
      reader.choice("--system", Kind.self, synonyms: Kind.synonyms), "--system")
    kernel = try Kernel(reader)
    alignment = try AlignmentOptions(reader, kind)
    // Only `evolve` has the option.
    let representation: Representation = try reader.choice("--representation") ?? .particles
    relaxation = try RelaxationOptions(reader, kind, on: representation)
    epsilon =
      kind.isNoisy || kind.isRelaxing
      ? try Self.meanFreePath(reader, kind, on: representation)
      : try reader.number("--epsilon", "a positive number") { $0 > 0 }
    isAttractive = reader.has("--attractive")
    mesh = try reader.cells("--mesh")
    shape = try reader.shape("--shape")
    filter = try reader.choice("--mesh-filter")
    step = try reader.number("--step", "a positive number") { $0 > 0 }
    let count = try reader.integer("--modes", "a whole number from 1 to 1024", in: 1...1024)
    modes = count ?? 8
    modeCount = kind.isRelaxing && representation == .grid ? count : nil
    if count != nil, modeCount == nil, kind != .incompressibleEuler {
      throw .conflict(
        "--modes goes only with --system incompressible-euler, and vfp, mckean-vlasov, bgk or swarm on a grid."
      )
    }
    integrator =
      try reader.choice("--integrator")
      ?? (kind == .incompressibleEuler || kind.isAlignment ? .rungeKutta4 : .strang)
    stepError = try reader.number("--step-error", "a positive number") { $0 > 0 }
    if kernel != nil, kind != .vlasov, !kind.takesForce {
      throw .conflict("--kernel goes only with --system vlasov, vfp, mckean-vlasov or swarm.")
    }
    if kernel == nil, kind == .vlasov {
      throw .missingOption(option: "--kernel", command: "--system vlasov")
    }
    if step == nil, kind == .incompressibleEuler {
      throw .missingOption(option: "--step", command: "--system incompressible-euler")
    }
    if epsilon == nil, kind == .vlasovPoisson {
      throw .missingOption(option: "--epsilon", command: "--system vlasov-poisson")
    }
    if kind != .vlasovPoisson {
      let given = [
        ("--epsilon", epsilon != nil && relaxation == nil), ("--attractive", isAttractive),
        ("--mesh", mesh != nil && alignment == nil),
        ("--shape", shape != nil), ("--mesh-filter", filter != nil),
      ]
      if let option = given.first(where: \.1)?.0 {
        throw .conflict("\(option) goes only with --system vlasov-poisson.")
      }
    }
    try checkAlignment()
    if mesh == nil, shape != nil || filter != nil {
      throw .conflict(
        shape != nil
          ? "--shape is that of particles on a mesh; --mesh is missing."
          : "--mesh-filter is that of a mesh; --mesh is missing.")
    }
  }

  private func checkAlignment() throws(UsageError) {
    guard alignment != nil else { return }
    guard integrator == .rungeKutta4 else {
      throw .conflict(
        "--integrator \(integrator.rawValue) is made for forces of positions; agents that align need "
          + "\(Integrator.rungeKutta4.rawValue).")
    }
    if mesh != nil, ![.cuckerSmale, .motschTadmor, .noisyAlignment].contains(kind) {
      throw .conflict(
        "--mesh goes with --system cucker-smale, motsch-tadmor or noisy-alignment; here it is "
          + (kind == .segregation ? "--parts." : "--lattice."))
    }
    guard kind.isAdaptive else { return }
    if stepError != nil {
      throw .conflict("--step-error does not go with --system \(kind.rawValue); choose --step.")
    }
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
    case ("gaussian", 2) where numbers[0].isFinite && numbers[1] > 0 && numbers[1].isFinite:
      self = .radial(.gaussian(amplitude: numbers[0], width: numbers[1]))
    case ("coulomb", 2) where numbers[0].isFinite && numbers[1] > 0 && numbers[1].isFinite:
      self = .radial(.coulomb(charge: numbers[0], softening: numbers[1]))
    default:
      throw .badValue(
        option: "--kernel", value: text,
        requirement:
          "cos:B, quadratic:C, gaussian:A,S or coulomb:Q,D, with numbers, S and D positive"
      )
    }
  }

  /// The kernel as `--kernel` takes it.
  var notation: String {
    switch self {
    case .cosine(let curvature): "cos:\(curvature)"
    case .quadratic(let curvature): "quadratic:\(curvature)"
    case .radial(.gaussian(let amplitude, let width)): "gaussian:\(amplitude),\(width)"
    case .radial(.coulomb(let charge, let softening)): "coulomb:\(charge),\(softening)"
    }
  }
}

/// About what a cell of a mesh takes: densities of some threads, the transform, and the field on each axis.
private let bytesOfMeshCell = 64

extension ArgumentReader {
  /// The cells of a mesh, which must fit into memory.
  func cells(_ option: String) throws(UsageError) -> [Int]? {
    guard let text = text(option) else { return nil }
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard cells.allSatisfy({ $0 >= 4 }) else {
      throw .badValue(
        option: option, value: text,
        requirement: "a whole number of at least 4 for each axis, with commas between")
    }
    // The system promises more memory than there is, and ends a process that takes it at its word.
    let needed = cells.reduce(Double(bytesOfMeshCell)) { $0 * Double($1) }
    if let lack = Memory.lack(of: Int(min(needed, 0x1p62))) {
      throw .badValue(
        option: option, value: text,
        requirement:
          "a mesh that fits into memory; this one takes about \(lack.needed >> 20) MB, and "
          + "\(lack.available >> 20) MB are there")
    }
    return cells
  }

  /// The shape of particles on a mesh.
  fileprivate func shape(_ option: String) throws(UsageError) -> ParticleMeshField.Shape? {
    guard let text = text(option) else { return nil }
    let shapes = ParticleMeshField.Shape.allCases
    guard let shape = shapes.first(where: { "\($0)" == text }) else {
      throw .badValue(
        option: option, value: text, requirement: UsageError.list(shapes.map { "\($0)" }))
    }
    return shape
  }
}
