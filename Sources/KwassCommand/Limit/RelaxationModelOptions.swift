import KineticTransport

/// An equation of relaxation, as options say.
struct RelaxationModelOptions: Equatable {
  /// α.
  var exponent: Double
  /// W of a swarm.
  enum Velocities: Equatable {
    case family(gamma: Double, sigma: Double, delta: Double)
    case polynomial([Double])
  }
  var velocities: Velocities?
  var temperature: Double
  /// The amplitudes of E.
  var external: [Double]
  /// The amplitudes of k.
  var interaction: [Double]

  private static let owned: [(kinds: [RelaxationLimitOptions.Kind], option: OptionSpecification)] =
    [
      ([.bgk], .init("--alpha", "A", "The rate of collisions is rho^A, any number. Default: 0.")),
      (
        [.vfp, .swarm],
        .init(
          "--interaction", "K,K,...",
          "The interaction k = K1 cos(2 pi x/L) + K2 cos(4 pi x/L) + ...: attractive where negative. "
            + "Default: none.")
      ),
      (
        [.vfp], .init("--external", "E,E,...", "The external potential, likewise. Default: none.")
      ),
      ([.swarm], .init("--gamma", "G", "W(v) = v^4/4G - S|v|^3/3 - (1-S)v^2/2 - D v.")),
      ([.swarm], .init("--sigma", "S", "S, from 0 to 1. Default: 0.")),
      ([.swarm], .init("--delta", "D", "D. Default: 0.")),
      (
        [.swarm],
        .init("--potential", "C1,C2,...", "Instead, the polynomial W(v) = C1 v + C2 v^2 + ...")
      ),
      ([.swarm], .init("--theta", "T", "The temperature, positive. Default: 1.")),
    ]

  /// The options of an equation.
  static func options(of kind: RelaxationLimitOptions.Kind) -> [OptionSpecification] {
    owned.filter { $0.kinds.contains(kind) }.map(\.option)
  }

  init(_ reader: ArgumentReader, _ kind: RelaxationLimitOptions.Kind) throws(UsageError) {
    let any = "one or more numbers, with commas between"
    exponent = try reader.number("--alpha") ?? 0
    interaction = try reader.numbers("--interaction", any) { _ in true } ?? []
    external = try reader.numbers("--external", any) { _ in true } ?? []
    temperature = try reader.number("--theta", "a positive number") { $0 > 0 } ?? 1
    let gamma = try reader.number("--gamma", "a positive number") { $0 > 0 }
    let sigma = try reader.number("--sigma", "a number from 0 to 1") { 0...1 ~= $0 }
    let delta = try reader.number("--delta")
    if let coefficients = try reader.numbers("--potential", any, where: { _ in true }) {
      if gamma != nil || sigma != nil || delta != nil {
        throw .conflict("--potential is W itself; --gamma, --sigma and --delta do not go with it.")
      }
      velocities = .polynomial(coefficients)
    } else if kind == .swarm {
      velocities = .family(
        gamma: try reader.required(gamma, "--gamma (or --potential)"), sigma: sigma ?? 0,
        delta: delta ?? 0)
    }
  }

  /// The equation.
  func equation(_ kind: RelaxationLimitOptions.Kind) throws(KineticModelError) -> RelaxationEquation
  {
    let collision: RelaxationEquation.Collision
    switch (kind, velocities) {
    case (.bgk, _): collision = .bgk(exponent: exponent)
    case (.swarm, .polynomial(let coefficients)):
      collision = .swarm(
        try VelocityPotential(polynomial: coefficients), temperature: temperature)
    case (.swarm, .family(let gamma, let sigma, let delta)):
      collision = .swarm(
        try VelocityPotential(gamma: gamma, sigma: sigma, delta: delta), temperature: temperature)
    case (.vfp, _), (.swarm, nil): collision = .fokkerPlanck
    }
    return try RelaxationEquation(
      collision, external: PeriodicPotential(cosines: external),
      interaction: PeriodicPotential(cosines: interaction))
  }
}
