import KineticTransport

/// How a command measures distances of snapshots: what it reads, in which metric, by which solver, and
/// for which gate.
struct MeasurementOptions: Sendable, Equatable {
  /// How the snapshots are read and scaled.
  var reading: SnapshotOptions
  /// The metric.
  var metric: MetricOptions
  /// The solver.
  var solving: SolverOptions
  /// The plan to take instead of a solution; `nil` for a solution.
  var match: Match?
  /// What limits the distances.
  var gate: GateOptions
  /// Where the solver may stop.
  var stopping: StoppingOptions
  /// Entropic problems beside the balanced one.
  var entropic: EntropicOptions
  /// Whether the plan of a solution is wanted.
  var needsPlan: Bool

  /// The plans that can be asked for.
  enum Match: String, Sendable, CaseIterable {
    /// Each particle goes to where the same particle is.
    case id
  }

  /// The metric and the solver; a command may have further groups.
  static let specification = MetricOptions.specification + SolverOptions.specification

  static let matchSpecification = OptionSpecification(
    "--match", "id",
    "Solve nothing: move each particle to where the particle with the same id is, which is an upper "
      + "bound of the distance. Both snapshots must have the same ids.")

  /// What the options say together with further groups, of which a command need not have all.
  ///
  /// - Throws: `UsageError`, also for options that contradict each other.
  init(
    _ reader: ArgumentReader, gate: GateOptions = GateOptions(),
    stopping: StoppingOptions = StoppingOptions(), entropic: EntropicOptions = EntropicOptions(),
    needsPlan: Bool = false
  ) throws(UsageError) {
    reading = try SnapshotOptions(reader)
    metric = try MetricOptions(reader)
    solving = try SolverOptions(reader)
    match = try reader.choice("--match")
    (self.gate, self.stopping, self.entropic) = (gate, stopping, entropic)
    self.needsPlan = needsPlan
    try checkAccuracy()
    try checkSinkhorn()
    try checkMatch()
    try checkGate()
  }

  // MARK: What goes together

  private func checkAccuracy() throws(UsageError) {
    guard stopping.accuracy != nil else { return }
    if !solving.stopsAtBrackets {
      throw .conflict(
        "--accuracy goes only with --method auto or network, or with --regularization auto.")
    }
    if metric.phi != nil {
      throw .conflict("--phi needs exact solutions; --accuracy cannot go with it.")
    }
  }

  /// Refuses what does not go with the entropic problems beside the balanced one.
  private func checkSinkhorn() throws(UsageError) {
    if solving.method != .sinkhorn {
      if entropic.measuresDivergence {
        throw .conflict("--divergence goes only with --method sinkhorn.")
      }
      if let option = entropic.relaxationOption {
        throw .conflict("\(option) goes only with --method sinkhorn.")
      }
    }
    if entropic.measuresDivergence, metric.phi != nil {
      throw .conflict("--divergence is of a fixed cost, which --phi changes; choose one.")
    }
    guard let option = entropic.relaxationOption else { return }
    if solving.regularization == .automatic {
      throw .conflict(
        "\(option) needs a number for --regularization; auto is for the balanced problem.")
    }
    let given = [
      ("--divergence", entropic.measuresDivergence), ("--phi", metric.phi != nil),
      (gate.option, gate.limit != nil),
    ]
    try MetricOptions.refuse(given) { other in
      "\(option) leaves mass behind, which \(other) knows nothing of."
    }
  }

  /// Refuses what has no effect where nothing is solved.
  private func checkMatch() throws(UsageError) {
    guard match != nil else { return }
    let given = [
      ("--method", solving.method != .auto), ("--accuracy", stopping.accuracy != nil),
      ("--time-limit", stopping.timeLimit != nil),
    ]
    try MetricOptions.refuse(given) { option in
      "--match id solves nothing; \(option) cannot go with it."
    }
  }

  /// Refuses `--gate-only` where all solutions are exact or the gate is not of one distance.
  private func checkGate() throws(UsageError) {
    guard gate.decidesOnly else { return }
    if !solving.stopsAtBrackets {
      throw .conflict(
        "--gate-only goes only with --method auto or network, or with --regularization auto.")
    }
    let given = [
      ("--accuracy", stopping.accuracy != nil), ("--phi", metric.phi != nil),
      ("--match", match != nil), ("--divergence", entropic.measuresDivergence),
    ]
    try MetricOptions.refuse(given) { option in
      "--gate-only leaves the distance open; \(option) cannot go with it."
    }
  }

  // MARK: Reading

  /// A reader of the snapshots.
  func loader(_ progress: ProgressLine) -> SnapshotLoader {
    SnapshotLoader(
      reading, box: metric.box, progress,
      wrapping: metric.space == .velocity ? .none : .suspicious)
  }

  // MARK: Solving

  /// The solver that was asked for, in this process alone.
  var solver: any TransportSolver { solver(in: SingleProcess()) }

  /// Whether processes can share the work of the solver.
  var isShared: Bool { solving.method == .sinkhorn }

  /// The solver that was asked for, whose work processes share where they can.
  func solver(in group: any ProcessGroup) -> any TransportSolver {
    switch solving.method {
    case .auto: AutomaticSolver(goal: goal)
    case .line: LineSolver()
    case .circle: CircleSolver()
    case .network: NetworkSimplex(goal: goal)
    case .glpk: LinearProgramSolver()
    case .sinkhorn:
      switch solving.regularization {
      case .fixed(let value): SinkhornSolver(regularization: value, group: group)
      case .automatic, nil: adaptiveSolver(in: group)
      }
    }
  }

  /// What is wanted of the bracket of the distance. Where there is a gate, a bracket that is otherwise
  /// narrow enough must decide about it.
  private var goal: BracketGoal {
    if gate.decidesOnly, let limit = gate.limit { return BracketGoal(deciding: limit) }
    guard let accuracy = stopping.accuracy else { return .exact }
    return BracketGoal(relativeWidth: accuracy, threshold: gate.limit)
  }

  /// The solver of `--regularization auto`. A bracket of W with the relative width t is one of W^p
  /// with 1 − (1 − t)^p. A divergence is a difference of costs and needs better marginals than that.
  private func adaptiveSolver(in group: any ProcessGroup) -> AdaptiveSinkhornSolver {
    AdaptiveSinkhornSolver(
      relativeWidth: gate.decidesOnly
        ? 1 : 1 - (1 - (stopping.accuracy ?? 0.01)).power(metric.exponent),
      threshold: gate.limit, marginalTolerance: entropic.measuresDivergence ? 1e-6 : nil,
      group: group)
  }

  /// The same options where a bracket has left open what the gate asks: with an exact solver, or the
  /// regularisation that decides; `nil` where nothing better is known.
  var refined: MeasurementOptions? {
    var refined = self
    switch solving.method {
    case .auto, .network:
      guard !goal.isExact else { return nil }
      (refined.stopping.accuracy, refined.gate.decidesOnly) = (nil, false)
    case .sinkhorn:
      guard solving.fixedRegularization != nil, entropic.relaxation == nil, metric.phi == nil
      else { return nil }
      (refined.solving.regularization, refined.gate.decidesOnly) = (.automatic, true)
    case .line, .circle, .glpk:
      return nil
    }
    return refined
  }

  /// The kind of Sinkhorn's problem that was asked for; `nil` for other methods, and where a plan is
  /// needed, which only the solvers of all other problems give.
  func entropicSolver(in group: any ProcessGroup) -> (any EntropicTransportSolver)? {
    guard solving.method == .sinkhorn, let regularization = solving.regularization,
      metric.phi == nil, !needsPlan
    else { return nil }
    return switch regularization {
    case .automatic: adaptiveSolver(in: group)
    case .fixed(let value): SinkhornSolver(regularization: value, group: group)
    }
  }
}
