import KineticTransport

/// Runs `kwass limit`.
struct LimitCommand: DividedCommand {
  static let name = "limit"
  static let summary = "Measure how far a kinetic equation is from its limit."
  static let synopsis =
    "vfp|bgk|swarm|monokinetic FILE|maxwellian|decay --epsilon E,E,... --until T [options]"
  static let explanation = """
    Follows a kinetic equation for each mean free path --epsilon, and its limit, from the same
    start, and prints their distances, the orders at which these fall between neighbouring values,
    and what is claimed. What a theorem proves is checked, and where it fails the exit status is 1;
    what is only measured is called so.

    vfp, bgk and swarm solve df/dt + (1/E)(v df/dx + F df/dv) = (nu/E^2) Cf on a circle, and on the
    same steps the equation to which its density tends: vfp, Vlasov-Fokker-Planck, tends to
    McKean-Vlasov; bgk, with nu = rho^A, to porous medium or fast diffusion
    d rho/dt = div(rho^-A grad rho); swarm to drift and diffusion with the coefficients of
    `kwass coefficients`. F = -d/dx(E + k * rho), the total mass is 1. Printed are the suprema over
    all steps of the norm of f - R M in L2(1/M) and of W_1 of the densities rho and R; and W_1 and
    W_2 of f and R M at the end, between clouds of equal masses, exact with a proved bracket.

    monokinetic: agents that align by Cucker's and Smale's rule, and strongly with those near them,
    with the rate 1/E and averages of the width D; their limit is the pressureless Euler alignment
    system, with one velocity at each place. The FILE holds the agents of the limit on one
    periodic axis. W_2 is exact, with a proved bracket, and is never above the cost of the coupling
    of equal agents; where it is, the exit status is 1. The claim is W_2 <= C sqrt(E + D/E). Where
    agents would meet, the limit has a shock, and the command says when.

    maxwellian: the same with noise, on a circle with the density 1 + A cos(2 pi x/L) and the
    velocity V sin(2 pi x/L) at the start; velocities become Maxwellian about that of the isothermal
    Euler system with alignment. Printed are the relative entropy H, which tends to 0 as is claimed,
    and how far the densities are apart. |rho_E - rho|^2 <= 2 H is proved, and checked likewise.

    decay: how fast agents that align by Cucker's and Smale's rule under noise of the temperature T
    return to rest on a circle, for each --theta instead of --epsilon and --until: the rate of a small
    wave, by the modes of the velocities, which is proportional to T as T -> 0.

    The theorems are those of the papers that Documentation/KineticModels.md names.
    """
  static let example = "bgk --alpha 1 --epsilon .05,.02 --until .04 --figure limit.svg"

  static let isParallel = true

  let options: LimitOptions

  static let outputOptions = ["--json", "--csv", "--figure"]

  var work: any DividedWork {
    switch options {
    case .relaxation(let options): RelaxationLimitRun(options: options)
    case .monokinetic(let options): MonokineticLimitRun(options: options)
    case .maxwellian(let options): MaxwellianLimitRun(options: options)
    case .decay(let options): DecayLimitRun(options: options)
    }
  }
}

/// The arguments of `kwass limit`: those of its system.
enum LimitOptions: OptionGroup, Equatable {
  case relaxation(RelaxationLimitOptions)
  case monokinetic(MonokineticLimitOptions)
  case maxwellian(MaxwellianLimitOptions)
  case decay(DecayLimitOptions)

  /// The systems and their options.
  private static let groups: [(system: String, specification: [OptionSpecification])] = {
    var groups: [(system: String, specification: [OptionSpecification])] = []
    for kind in RelaxationLimitOptions.Kind.allCases {
      groups.append((kind.rawValue, RelaxationLimitOptions.options(of: kind)))
    }
    groups.append(("monokinetic", MonokineticLimitOptions.specification))
    groups.append(("maxwellian", MaxwellianLimitOptions.specification))
    groups.append(("decay", DecayLimitOptions.specification))
    return groups
  }()

  /// The options of all systems, each once, with the systems that have it where not all do.
  static let specification: [OptionSpecification] = {
    var names: [String] = []
    for option in groups.flatMap(\.specification) where !names.contains(option.name) {
      names.append(option.name)
    }
    return names.compactMap(joined)
  }()

  /// An option with what it means for each system.
  private static func joined(_ name: String) -> OptionSpecification? {
    var meanings: [(systems: [String], option: OptionSpecification)] = []
    for group in groups {
      guard let option = group.specification.first(where: { $0.name == name }) else { continue }
      if let known = meanings.firstIndex(where: { $0.option.summary == option.summary }) {
        meanings[known].systems.append(group.system)
      } else {
        meanings.append(([group.system], option))
      }
    }
    guard let first = meanings.first else { return nil }
    let isForAll = meanings.count == 1 && first.systems.count == groups.count
    let summary = meanings.map {
      "\($0.systems.joined(separator: ", ")): \($0.option.summary)"
    }
    return OptionSpecification(
      name, first.option.value, isForAll ? first.option.summary : summary.joined(separator: " "))
  }

  init(_ reader: ArgumentReader) throws(UsageError) {
    let system = reader.operands.first ?? ""
    guard let group = Self.groups.first(where: { $0.system == system }) else {
      let names = Self.groups.map(\.system)
      throw .operands(
        command: reader.command, found: reader.operands.count,
        requirement: "the name of a limit (\(UsageError.list(names))) and its operands"
          + Spelling.hint(for: system, among: names))
    }
    let own = Set(group.specification.map(\.name))
    for option in Self.specification where !own.contains(option.name) {
      guard reader.text(option.name) == nil, !reader.has(option.name) else {
        let owners = Self.groups.filter { group in
          group.specification.contains { $0.name == option.name }
        }
        throw .conflict(
          "\(option.name) goes only with kwass limit \(UsageError.list(owners.map(\.system))), not with \(system)."
        )
      }
    }
    switch system {
    case "monokinetic": self = .monokinetic(try MonokineticLimitOptions(reader))
    case "maxwellian": self = .maxwellian(try MaxwellianLimitOptions(reader))
    case "decay": self = .decay(try DecayLimitOptions(reader))
    default: self = .relaxation(try RelaxationLimitOptions(reader))
    }
  }
}
