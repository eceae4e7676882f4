import KineticTransport

/// How a transport problem is solved.
struct SolverOptions: OptionGroup, Equatable {
  /// The solver.
  var method: Method
  /// Sinkhorn's regularisation.
  var regularization: Regularization?

  /// The solvers that can be asked for.
  enum Method: String, Sendable, CaseIterable {
    case auto, line, circle, network, glpk, sinkhorn
  }

  /// The regularisations that can be asked for.
  enum Regularization: Sendable, Equatable {
    /// The largest that gives a narrow bracket.
    case automatic
    /// A number in the unit of the cost.
    case fixed(Double)
  }

  static let specification = [
    OptionSpecification(
      "--method", Method.allCases.map(\.rawValue).joined(separator: "|"),
      "The solver. Default: auto, which picks an exact one and says why."),
    OptionSpecification(
      "--regularization", "R|auto",
      "The entropic regularisation of --method sinkhorn, in the unit of the cost; auto takes a "
        + "large one that proves W to 1 % (in kwass distance, to --accuracy)."),
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    method = try reader.choice("--method") ?? .auto
    regularization = try Regularization(reader)
    if method == .sinkhorn, regularization == nil {
      throw .missingOption(option: "--regularization", command: "--method sinkhorn")
    }
    if regularization != nil, method != .sinkhorn {
      throw .conflict("--regularization goes only with --method sinkhorn.")
    }
  }

  /// The regularisation, if a number was given.
  var fixedRegularization: Double? {
    if case .fixed(let value) = regularization { value } else { nil }
  }

  /// Whether the solver can stop at a bracket.
  var stopsAtBrackets: Bool {
    method == .auto || method == .network || regularization == .automatic
  }
}

extension SolverOptions.Regularization {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    if reader.text("--regularization") == "auto" {
      self = .automatic
    } else if let value = try reader.number(
      "--regularization", "a positive number or auto", where: { $0 > 0 })
    {
      self = .fixed(value)
    } else {
      return nil
    }
  }
}

/// Where a solver may stop.
struct StoppingOptions: OptionGroup, Equatable {
  /// The relative width of the bracket at which the solver may stop; `nil` for an exact answer,
  /// or for 1 % with an automatic regularisation.
  var accuracy: Double?
  /// The seconds that the solver has; `nil` for as long as it takes.
  var timeLimit: Double?

  static let specification = [
    OptionSpecification(
      "--accuracy", "T",
      "Stop as soon as the proved bracket of W is this tight, relative to W, and decides about "
        + "--max. Default: exact, and 0.01 with --regularization auto.", formerly: "--tolerance"),
    timeLimitSpecification,
  ]

  /// The only one of a command whose distances are exact or decide about a gate.
  static let timeLimitSpecification = OptionSpecification(
    "--time-limit", "S",
    "Stop after S seconds of solving, print what is proved by then, and exit with status 4. "
      + "Default: no limit.")

  /// Nowhere before the end.
  init() {}

  init(_ reader: ArgumentReader) throws(UsageError) {
    try self.init(timeLimitOf: reader)
    accuracy = try reader.number("--accuracy", "a number between 0 and 1") { $0 > 0 && $0 < 1 }
  }

  /// The time limit alone.
  init(timeLimitOf reader: ArgumentReader) throws(UsageError) {
    timeLimit = try reader.number("--time-limit", "a positive number of seconds") { $0 > 0 }
  }
}

/// Entropic problems beside the balanced one.
struct EntropicOptions: OptionGroup, Equatable {
  /// Whether the Sinkhorn divergence is measured too.
  var measuresDivergence = false
  /// What replaces the requirement that all mass is moved; `nil` for the balanced problem.
  var relaxation: MarginalRelaxation?

  static let specification = [
    OptionSpecification(
      "--divergence", "With --method sinkhorn, measure the debiased Sinkhorn divergence too."),
    OptionSpecification(
      "--unbalanced", "T",
      "With --method sinkhorn, compare masses as they are: differences of the marginals cost T "
        + "times their Kullback-Leibler divergence."),
    OptionSpecification(
      "--partial", "M",
      "With --method sinkhorn, compare masses as they are and move only the mass M of them."),
  ]

  /// The balanced problem alone.
  init() {}

  init(_ reader: ArgumentReader) throws(UsageError) {
    measuresDivergence = reader.has("--divergence")
    let strength = try reader.number("--unbalanced", "a positive number") { $0 > 0 }
    let movedMass = try reader.number("--partial", "a positive number") { $0 > 0 }
    if strength != nil, movedMass != nil {
      throw .conflict("--unbalanced and --partial are two ways to leave mass behind; choose one.")
    }
    relaxation =
      strength.map { .kullbackLeibler(strength: $0) } ?? movedMass.map { .movedMass($0) }
  }

  /// The option that leaves mass behind.
  var relaxationOption: String? {
    switch relaxation {
    case nil: nil
    case .movedMass: "--partial"
    default: "--unbalanced"
    }
  }
}
