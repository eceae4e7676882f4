import KineticTransport

/// Runs `kwass limit`.
struct LimitCommand: Command {
  static let name = "limit"
  static let summary = "Measure how far a kinetic equation is from its limit."
  static let synopsis = "monokinetic SNAPSHOT|maxwellian --epsilon E,E,... --until T [options]"
  static let explanation = """
    Follows a kinetic equation for each mean free path --epsilon, and its limit, from the same
    start, and prints their distances, the orders at which these fall between neighbouring values,
    and the claim.

    monokinetic: agents that align by Cucker's and Smale's rule, and strongly with those near them,
    with the rate 1/E and averages of the width D; their limit is the pressureless Euler alignment
    system, with one velocity at each place. The SNAPSHOT holds the agents of the limit on one
    periodic axis. W_2 is exact, with a proved bracket, and is never above the cost of the coupling
    of equal agents; where it is, the exit status is 1. The claim is W_2 <= C sqrt(E + D/E). Where
    agents would meet, the limit has a shock, and the command says when.

    maxwellian: the same with noise, on a circle with the density 1 + A cos(2 pi x/L) and the
    velocity V sin(2 pi x/L) at the start; velocities become Maxwellian about that of the isothermal
    Euler system with alignment. Printed are the relative entropy H, which tends to 0 as is claimed,
    and how far the densities are apart. |rho_E - rho|^2 <= 2 H is proved, and checked likewise.
    Source: R. Shvydkoy and T. Teolis, "Microscopic, mesoscopic, and macroscopic descriptions of the
    Euler alignment system with adaptive communication strength" (2024).
    """
  static let example =
    "monokinetic wave.npz --phi power:2 --epsilon .1,.05,.02 --delta .01 --until .5"

  static let isParallel = true

  let options: LimitOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    switch options {
    case .monokinetic(let options): try MonokineticLimitRun(options: options).run(on: console)
    case .maxwellian(let options): try MaxwellianLimitRun(options: options).run(on: console)
    }
  }
}

/// The arguments of `kwass limit`: those of its system.
enum LimitOptions: OptionGroup, Equatable {
  case monokinetic(MonokineticLimitOptions)
  case maxwellian(MaxwellianLimitOptions)

  /// The limits that can be studied.
  private enum System: String, CaseIterable {
    case monokinetic, maxwellian
  }

  /// The options of all systems, those that several share once.
  static let specification =
    MonokineticLimitOptions.specification + MaxwellianLimitOptions.ownSpecification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let name = reader.operands.first ?? ""
    switch System(rawValue: name) {
    case .monokinetic?:
      try Self.refuse(MaxwellianLimitOptions.ownSpecification.map(\.name), in: reader, name)
      self = .monokinetic(try MonokineticLimitOptions(reader))
    case .maxwellian?:
      try Self.refuse(MaxwellianLimitOptions.foreignNames, in: reader, name)
      self = .maxwellian(try MaxwellianLimitOptions(reader))
    case nil:
      let names = System.allCases.map(\.rawValue)
      throw .operands(
        command: reader.command, found: reader.operands.count,
        requirement: "the name of a limit (\(UsageError.list(names))) and its operands"
          + Spelling.hint(for: name, among: names))
    }
  }

  /// Refuses options of other systems.
  private static func refuse(
    _ options: [String], in reader: ArgumentReader, _ system: String
  ) throws(UsageError) {
    if let option = options.first(where: { reader.text($0) != nil }) {
      throw .conflict("\(option) does not go with kwass limit \(system).")
    }
  }
}
