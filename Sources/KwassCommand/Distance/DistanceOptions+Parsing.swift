import KineticTransport

extension DistanceOptions {
  static let specification =
    metricSpecification + [
      matchSpecification,
      OptionSpecification(
        "--divergence", "With --method sinkhorn, measure the debiased Sinkhorn divergence too."),
      OptionSpecification(
        "--unbalanced", "T",
        "With --method sinkhorn, compare masses as they are: differences of the marginals cost T "
          + "times their Kullback-Leibler divergence."),
      OptionSpecification(
        "--partial", "M",
        "With --method sinkhorn, compare masses as they are and move only the mass M of them."),
      OptionSpecification(
        "--tolerance", "T",
        "Stop as soon as the proved bracket of W is this tight, relative to W, and decides about "
          + "--max. Default: exact, and 0.01 with --regularization auto."),
      OptionSpecification(
        "--time-limit", "S",
        "Stop after S seconds of solving, print what is proved by then, and exit with status 4. "
          + "Default: no limit."),
      OptionSpecification(
        "--plan", "FILE", "Write the transport plan (i, j, mass) to a .csv or .npz file."),
      OptionSpecification(
        "--potentials", "FILE", "Write the Kantorovich potentials to a .csv or .npz file."),
      OptionSpecification(
        "--verify", "Recompute marginals, cost and bracket from the problem alone."),
      OptionSpecification(
        "--max", "D",
        "A gate for CI: exit with status 1 when the distance is proved to exceed D, and with 2 when "
          + "its bracket does not tell."),
      gateOnlySpecification,
      OptionSpecification("--json", "Print one JSON object."),
    ] + SnapshotOptions.specification + Subsample.specification + [.help]

  /// The options of the metric and the solver.
  static let metricSpecification =
    [
      OptionSpecification("--p", "P", "The exponent, a number of at least 1. Default: 2."),
      OptionSpecification(
        "--cost", "split|joint",
        "How positions and velocities combine: |x-y|^p + |v-w|^p (split, the default) or "
          + "(|x-y|^2 + |v-w|^2)^(p/2) (joint)."),
      OptionSpecification(
        "--lambda", "L", "The weight of positions, positive: L|x-y|^p + |v-w|^p."),
      OptionSpecification(
        "--twist", "a,b,c",
        "The form (a|x-y|^2 + 2b(x-y).(v-w) + c|v-w|^2)^(p/2), with a, c > 0 and b^2 < ac."),
      OptionSpecification(
        "--free-flow", "T", "Compare x - Tv instead of x: positions freed from the free flow."),
      OptionSpecification(
        "--phi", "log|log-extended|power:Q",
        "The nonlinear distance with position weight Phi(W^p): |log s|/E^2, its extension beyond "
          + "1/e by 1/(e s E^2), or s^(-Q)/E^2."),
      OptionSpecification("--epsilon", "E", "The E of --phi, positive. Default: 1."),
      OptionSpecification(
        "--space", "phase|position|velocity",
        "Compare all coordinates (the default), positions only, or velocities only."),
      OptionSpecification(
        "--box", "1,free,...",
        "For each position axis its period, or free. Wins over what the files state."),
      OptionSpecification(
        "--method", Method.allCases.map(\.rawValue).joined(separator: "|"),
        "The solver. Default: auto, which picks an exact one and says why."),
      OptionSpecification(
        "--regularization", "R|auto",
        "The entropic regularisation of --method sinkhorn, in the unit of the cost; auto takes a "
          + "large one that proves W to 1 % (in kwass distance, to --tolerance)."),
    ] + ThreadOptions.specification

  static let gateOnlySpecification = OptionSpecification(
    "--gate-only",
    "Measure no further than the gate needs: stop as soon as the bracket decides about it.")

  static let matchSpecification = OptionSpecification(
    "--match", "id",
    "Solve nothing: move each particle to where the particle with the same id is, which is an upper "
      + "bound of the distance. Both snapshots must have the same ids.")

  static let explanation = """
    Measures the Wasserstein distance W between the snapshots A and B. W^p is the least cost of
    moving the masses of A, normalised to 1, to those of B. Printed are W, a bracket that is proved
    over all pairs of particles, and the cost W^p. The metrics combine. A and B are files; FILE#N is
    the iteration N of a file that has several.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass distance", options: Self.specification)
    guard reader.operands.count == 2 else {
      throw .operands(
        command: reader.command, found: reader.operands.count, requirement: "two snapshot files")
    }
    try self.init(reader, from: reader.operands[0], to: reader.operands[1])
    subsample = try Subsample(reader)
    measuresDivergence = reader.has("--divergence")
    let strength = try reader.number("--unbalanced", "a positive number") { $0 > 0 }
    let movedMass = try reader.number("--partial", "a positive number") { $0 > 0 }
    if strength != nil, movedMass != nil {
      throw .conflict("--unbalanced and --partial are two ways to leave mass behind; choose one.")
    }
    relaxation =
      strength.map { .kullbackLeibler(strength: $0) } ?? movedMass.map { .movedMass($0) }
    tolerance = try reader.number("--tolerance", "a number between 0 and 1") { $0 > 0 && $0 < 1 }
    decidesOnly = reader.has("--gate-only")
    if decidesOnly, maximum == nil { throw .missingOption(option: "--max", command: "--gate-only") }
    timeLimit = try reader.number("--time-limit", "a positive number of seconds") { $0 > 0 }
    try checkCombination()
  }

  /// The options of a command that measures distances, for two of its snapshots.
  init(_ reader: ArgumentReader, from source: String, to target: String) throws(UsageError) {
    (sourcePath, targetPath) = (source, target)
    snapshots = try SnapshotOptions(reader)
    exponent = try reader.number("--p", "a number of at least 1") { $0 >= 1 } ?? 2
    form = try reader.choice("--cost")
    lambda = try reader.number("--lambda", "a positive number") { $0 > 0 }
    twist = try Twist(reader)
    freeFlow = try reader.number("--free-flow")
    phi = try Phi(reader)
    epsilon = try reader.number("--epsilon", "a positive number") { $0 > 0 }
    space = try reader.choice("--space")
    box = try reader.axes("--box")
    method = try reader.choice("--method") ?? .auto
    regularization = try Regularization(reader)
    match = try reader.choice("--match")
    threads = try ThreadOptions(reader)
    planPath = try reader.solutionPath("--plan")
    potentialsPath = try reader.solutionPath("--potentials")
    verifies = reader.has("--verify")
    maximum = try reader.number("--max", "a number of at least 0") { $0 >= 0 }
    isJSON = reader.has("--json")
    try checkCombination()
  }

  /// Refuses `--gate-only` where all solutions are exact or the gate is not of one distance.
  func checkGate() throws(UsageError) {
    guard decidesOnly else { return }
    if method != .auto, method != .network, regularization != .automatic {
      throw .conflict(
        "--gate-only goes only with --method auto or network, or with --regularization auto.")
    }
    let given = [
      ("--tolerance", tolerance != nil), ("--phi", phi != nil), ("--match", match != nil),
      ("--subsample", subsample != nil), ("--divergence", measuresDivergence),
    ]
    if let option = given.first(where: \.1)?.0 {
      throw .conflict("--gate-only leaves the distance open; \(option) cannot go with it.")
    }
  }

  /// Refuses what has no effect where nothing is solved.
  private func checkMatch() throws(UsageError) {
    guard match != nil else { return }
    let given = [
      ("--method", method != .auto), ("--tolerance", tolerance != nil),
      ("--potentials", potentialsPath != nil), ("--time-limit", timeLimit != nil),
    ]
    if let option = given.first(where: \.1)?.0 {
      throw .conflict("--match id solves nothing; \(option) cannot go with it.")
    }
    if subsample != nil {
      throw .conflict(
        "--subsample draws different particles from the two snapshots; --match id cannot go with it."
      )
    }
  }

  /// Refuses what does not go with the entropic problems beside the balanced one.
  private func checkSinkhorn() throws(UsageError) {
    if method != .sinkhorn {
      if measuresDivergence { throw .conflict("--divergence goes only with --method sinkhorn.") }
      if let option = relaxationOption {
        throw .conflict("\(option) goes only with --method sinkhorn.")
      }
    }
    if measuresDivergence, phi != nil {
      throw .conflict("--divergence is of a fixed cost, which --phi changes; choose one.")
    }
    let needsPlan = [
      ("--plan", planPath != nil), ("--potentials", potentialsPath != nil), ("--verify", verifies),
    ]
    if measuresDivergence, let other = needsPlan.first(where: \.1)?.0 {
      throw .conflict("--divergence is measured without a plan; \(other) cannot go with it.")
    }
    guard let option = relaxationOption else { return }
    if regularization == .automatic {
      throw .conflict(
        "\(option) needs a number for --regularization; auto is for the balanced problem.")
    }
    let given =
      needsPlan + [
        ("--divergence", measuresDivergence), ("--phi", phi != nil), ("--max", maximum != nil),
      ]
    if let other = given.first(where: \.1)?.0 {
      throw .conflict("\(option) leaves mass behind, which \(other) knows nothing of.")
    }
  }

  private var relaxationOption: String? {
    switch relaxation {
    case nil: nil
    case .movedMass: "--partial"
    default: "--unbalanced"
    }
  }

  /// Refuses options that would otherwise be without effect or contradict each other.
  private func checkCombination() throws(UsageError) {
    if twist != nil, form == .split {
      throw .conflict("--twist is a joint form; --cost split cannot go with it.")
    }
    if twist != nil, lambda != nil {
      throw .conflict("--twist weighs positions by its a; --lambda cannot go with it.")
    }
    if epsilon != nil, phi == nil {
      throw .conflict("--epsilon is the parameter of --phi, which is missing.")
    }
    if phi != nil, exponent != 2, form == .joint || twist != nil {
      throw .conflict("--phi needs a split cost, or p = 2; here the cost is joint and p is not 2.")
    }
    if method == .sinkhorn, regularization == nil {
      throw .missingOption(option: "--regularization", command: "--method sinkhorn")
    }
    if regularization != nil, method != .sinkhorn {
      throw .conflict("--regularization goes only with --method sinkhorn.")
    }
    if tolerance != nil, method != .auto, method != .network, regularization != .automatic {
      throw .conflict(
        "--tolerance goes only with --method auto or network, or with --regularization auto.")
    }
    if tolerance != nil, phi != nil {
      throw .conflict("--phi needs exact solutions; --tolerance cannot go with it.")
    }
    try checkSinkhorn()
    try checkMatch()
    try checkGate()
    if subsample != nil, method == .sinkhorn {
      throw .conflict("--subsample repeats exact solutions; --method sinkhorn cannot go with it.")
    }
    if planPath != nil, planPath == potentialsPath {
      throw .conflict("--plan and --potentials name the same file.")
    }
    for path in [planPath, potentialsPath].compactMap(\.self)
    where path == sourcePath || path == targetPath {
      throw .conflict("The output \(path) would replace the snapshot of that name.")
    }
    if space == .velocity, box != nil {
      throw .conflict("--space velocity compares no positions; --box would have no effect.")
    }
    guard let space, space != .phase else { return }
    let given = [
      ("--lambda", lambda != nil), ("--twist", twist != nil), ("--free-flow", freeFlow != nil),
      ("--phi", phi != nil), ("--cost", form != nil),
    ]
    if let option = given.first(where: \.1)?.0 {
      throw .conflict(
        "\(option) compares positions with velocities; --space \(space.rawValue) cannot go with it."
      )
    }
  }
}

extension DistanceOptions.Regularization {
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

extension DistanceOptions.Twist {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--twist") else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 3, let a = parts[0], let b = parts[1], let c = parts[2],
      (try? KineticMetric.twisted(a: a, b: b, c: c)) != nil
    else {
      throw .badValue(
        option: "--twist", value: text,
        requirement: "three numbers a,b,c with a, c > 0 and b^2 < ac")
    }
    (self.a, self.b, self.c) = (a, b, c)
  }
}

extension DistanceOptions.Phi {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--phi") else { return nil }
    switch text {
    case "log": self = .log
    case "log-extended": self = .logExtended
    default:
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "power", let power = Double(parts[1]), power >= 0,
        power.isFinite
      else {
        throw .badValue(
          option: "--phi", value: text,
          requirement: "log, log-extended or power:Q with a number Q of at least 0")
      }
      self = .power(power)
    }
  }
}

extension ArgumentReader {
  /// The axes of a box.
  func axes(_ option: String) throws(UsageError) -> [Axis]? {
    guard let text = text(option) else { return nil }
    var axes: [Axis] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let axis = Axis(notation: part) else {
        throw .badValue(
          option: option, value: text,
          requirement: "a positive length or free for each position axis, with commas between")
      }
      axes.append(axis)
    }
    return axes
  }

  /// A path under which plans and potentials can be written.
  fileprivate func solutionPath(_ option: String) throws(UsageError) -> String? {
    guard let path = text(option) else { return nil }
    guard SolutionFile.accepts(path) else {
      throw .badValue(option: option, value: path, requirement: "a .csv or .npz file")
    }
    return path
  }
}
