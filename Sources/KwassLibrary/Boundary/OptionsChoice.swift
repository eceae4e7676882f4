import CKwass
import OptimalTransport

/// What a `kwass_options` says.
struct OptionsChoice: Sendable {
  /// How distances are solved.
  enum Method: Sendable {
    /// By a solver whose bracket closes, or closes to a goal.
    case exact(ExactSolver)
    /// By Sinkhorn's iteration; `nil` for the largest regularisation that is small enough.
    case entropic(Regularization?)
    /// With marginals that may differ.
    case unbalanced(Regularization, MarginalRelaxation)

    /// The solvers of the first kind.
    enum ExactSolver: Sendable {
      case automatic, simplex, line, circle
    }
  }

  let method: Method
  let tolerance: Double
  let threshold: Double?
  let marginalTolerance: Double?
  let maximumIterations: Int
  let maximumPlanEntries: Int
  let wantsPlan: Bool
  let wantsGradient: Bool
  let wantsDivergence: Bool
  let timeLimit: Double?
  let threads: Int?
  let listener: Listener?
  /// The processes that share the work.
  private(set) var group: any ProcessGroup

  /// The progress function of the caller.
  struct Listener: @unchecked Sendable {
    // The header lets the caller answer for the context: the function is called on the caller's thread.
    let function: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Double) -> Int32
    let context: UnsafeMutableRawPointer?
  }

  /// More iterations and entries than anybody waits for or stores.
  private static let largestLimit = Int64(1) << 40

  /// - Parameter pointer: NULL for the defaults.
  init(_ pointer: UnsafePointer<kwass_options>?) throws(Failure) {
    if let pointer {
      try self.init(kwass_options.read(pointer))
    } else {
      try self.init(kwass_options.defaults)
    }
  }

  private init(_ options: kwass_options) throws(Failure) {
    method = try Self.method(options)
    guard options.reserved == 0 else {
      throw .argument(
        "The field reserved of the kwass_options is \(options.reserved); it must be 0.")
    }
    tolerance = try Self.number(options.tolerance, "tolerance", "from 0 to below 1") { 0..<1 ~= $0 }
    threshold =
      options.threshold.isNaN
      ? nil
      : try Self.number(options.threshold, "threshold", "at least 0, or NaN for none") { $0 >= 0 }
    marginalTolerance = try Self.optional(
      options.marginal_tolerance, "marginal_tolerance", "0 for the default, or positive and below 1"
    ) { $0 < 1 }
    timeLimit = try Self.optional(
      options.time_limit, "time_limit", "0 for none, or a positive number of seconds")
    threads = try Self.limit(
      Int64(options.threads), "threads", most: Int64(ThreadLimit.range.upperBound))
    maximumIterations =
      try Self.limit(options.maximum_iterations, "maximum_iterations", most: Self.largestLimit)
      ?? 10_000
    maximumPlanEntries =
      try Self.limit(options.maximum_plan_entries, "maximum_plan_entries", most: Self.largestLimit)
      ?? 10_000_000
    let known = UInt32(KWASS_WANT_PLAN | KWASS_WANT_GRADIENT | KWASS_WANT_DIVERGENCE)
    guard options.wants & ~known == 0 else {
      throw .argument(
        "The field wants is \(options.wants); it must be a sum of the KWASS_WANT_ constants.")
    }
    wantsPlan = options.wants & UInt32(KWASS_WANT_PLAN) != 0
    wantsGradient = options.wants & UInt32(KWASS_WANT_GRADIENT) != 0
    wantsDivergence = options.wants & UInt32(KWASS_WANT_DIVERGENCE) != 0
    listener = options.progress.map {
      Listener(function: $0, context: options.progress_context)
    }
    group = try CallerGroup(options.group) ?? SingleProcess()
    try checkCombinations()
  }

  // MARK: Groups

  /// The same for this process alone.
  var alone: OptionsChoice {
    var options = self
    options.group = SingleProcess()
    return options
  }

  /// What must be the same for all processes of a group, in words.
  var setting: String {
    "\(method) \(tolerance) \(threshold ?? .nan) \(marginalTolerance ?? 0) \(maximumIterations) "
      + "\(maximumPlanEntries) \(wantsPlan) \(wantsGradient) \(wantsDivergence)"
  }

  /// Refuses a group that has nothing to share.
  func checkGroup() throws(Failure) {
    guard group.size > 1, case .exact = method else { return }
    throw .argument(
      "A group shares the work of KWASS_SINKHORN and KWASS_UNBALANCED, and the pairs of kwass_matrix; an exact "
        + "distance is found by one process, whose group is NULL.")
  }

  // MARK: Fields

  private static func number(
    _ value: Double, _ name: String, _ requirement: String, where isRight: (Double) -> Bool
  ) throws(Failure) -> Double {
    guard value.isFinite, isRight(value) else {
      throw .argument("The field \(name) is \(value); it must be \(requirement).")
    }
    return value
  }

  /// A positive number; `nil` for 0.
  private static func optional(
    _ value: Double, _ name: String, _ requirement: String,
    where isRight: (Double) -> Bool = { _ in true }
  ) throws(Failure) -> Double? {
    let value = try number(value, name, requirement) { $0 >= 0 && isRight($0) }
    return value == 0 ? nil : value
  }

  /// A positive whole number; `nil` for 0.
  private static func limit(
    _ value: Int64, _ name: String, most: Int64
  ) throws(Failure) -> Int? {
    guard 0...most ~= value else {
      throw .argument(
        "The field \(name) is \(value); it must be 0 for the default, or from 1 to \(most).")
    }
    return value == 0 ? nil : Int(value)
  }

  private static func regularization(_ options: kwass_options) throws(Failure) -> Regularization? {
    let make = try constant(
      options.regularization_kind, "regularization_kind",
      [
        (KWASS_REGULARIZATION_AUTOMATIC, nil),
        (KWASS_REGULARIZATION_ABSOLUTE, { .absolute($0) }),
        (KWASS_REGULARIZATION_RELATIVE, { .relative($0) }),
      ] as [(Int, ((Double) -> Regularization)?)])
    guard let make else { return nil }
    return make(try number(options.regularization, "regularization", "positive") { $0 > 0 })
  }

  private static func relaxation(_ options: kwass_options) throws(Failure) -> MarginalRelaxation {
    let make: (Double) -> MarginalRelaxation = try constant(
      options.relaxation, "relaxation",
      [
        (KWASS_KULLBACK_LEIBLER, { .kullbackLeibler(strength: $0) }),
        (KWASS_TOTAL_VARIATION, { .totalVariation(strength: $0) }),
        (KWASS_MOVED_MASS, { .movedMass($0) }),
      ])
    return make(
      try number(options.strength, "strength", "positive for KWASS_UNBALANCED") { $0 > 0 })
  }

  private static func method(_ options: kwass_options) throws(Failure) -> Method {
    let regularization = try regularization(options)
    switch Int(options.method) {
    case KWASS_SINKHORN: return .entropic(regularization)
    case KWASS_UNBALANCED:
      guard let regularization else {
        throw .argument(
          "KWASS_UNBALANCED needs a number for regularization; an automatic one is for the balanced "
            + "problem.")
      }
      return .unbalanced(regularization, try relaxation(options))
    default:
      let solver = try constant(
        options.method, "method",
        [
          (KWASS_AUTOMATIC, Method.ExactSolver.automatic), (KWASS_NETWORK_SIMPLEX, .simplex),
          (KWASS_LINE, .line), (KWASS_CIRCLE, .circle),
          // For the sentence; they were handled above.
          (KWASS_SINKHORN, .automatic), (KWASS_UNBALANCED, .automatic),
        ])
      guard regularization == nil else {
        throw .argument("A regularization goes only with KWASS_SINKHORN and KWASS_UNBALANCED.")
      }
      return .exact(solver)
    }
  }

  // MARK: What goes together

  private func checkCombinations() throws(Failure) {
    let stops = tolerance > 0 || threshold != nil
    switch method {
    case .exact:
      if wantsDivergence {
        throw .argument("KWASS_WANT_DIVERGENCE goes only with KWASS_SINKHORN.")
      }
    case .entropic(let regularization):
      if stops, regularization != nil { throw Self.stopsNowhere }
    case .unbalanced:
      if stops { throw Self.stopsNowhere }
      if wantsPlan || wantsGradient || wantsDivergence {
        throw .argument(
          "KWASS_UNBALANCED gives marginals and potentials; it has no plan, gradient or divergence."
        )
      }
    }
  }

  private static var stopsNowhere: Failure {
    .argument(
      "A tolerance or threshold goes only with the exact methods and with an automatic regularization."
    )
  }

  // MARK: Solvers

  /// The solver of an exact method.
  func exactSolver(_ solver: Method.ExactSolver) -> any TransportSolver {
    let goal =
      if tolerance == 0, let threshold {
        BracketGoal(deciding: threshold)
      } else {
        BracketGoal(relativeWidth: tolerance, threshold: threshold)
      }
    return switch solver {
    case .automatic: AutomaticSolver(goal: goal)
    case .simplex: NetworkSimplex(goal: goal)
    case .line: LineSolver()
    case .circle: CircleSolver()
    }
  }

  /// The solver of an entropic problem for costs W^p.
  ///
  /// A bracket of W with the relative width t is one of W^p with 1 − (1 − t)^p.
  func entropicSolver(
    _ regularization: Regularization?, exponent: Double
  ) -> any EntropicTransportSolver {
    if let regularization { return sinkhorn(regularization) }
    let width = tolerance > 0 ? tolerance : threshold == nil ? 0.01 : 1
    return AdaptiveSinkhornSolver(
      relativeWidth: width == 1 ? 1 : 1 - (1 - width).power(exponent), threshold: threshold,
      marginalTolerance: marginalTolerance ?? (wantsDivergence ? 1e-6 : nil),
      maximumIterations: maximumIterations, group: group)
  }

  /// Sinkhorn's iteration at a regularisation.
  func sinkhorn(_ regularization: Regularization) -> SinkhornSolver {
    SinkhornSolver(
      regularization: regularization, marginalTolerance: marginalTolerance ?? 1e-6,
      maximumIterations: maximumIterations, maximumPlanEntries: maximumPlanEntries, group: group)
  }

  /// The solver of an unbalanced problem.
  func unbalancedSolver(
    _ regularization: Regularization, _ relaxation: MarginalRelaxation
  ) -> UnbalancedSinkhornSolver {
    UnbalancedSinkhornSolver(
      regularization: regularization, relaxation: relaxation,
      tolerance: marginalTolerance ?? 1e-6, maximumIterations: maximumIterations, group: group)
  }
}
