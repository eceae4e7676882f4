import KineticTransport

/// The arguments of `kwass distance`, checked against each other.
struct DistanceOptions: OptionGroup, Equatable {
  /// The first snapshot.
  var sourcePath: String
  /// The second one.
  var targetPath: String
  /// How the distance is measured.
  var measurement: MeasurementOptions
  /// How many particles to draw from each; `nil` for all.
  var subsample: Subsample?
  /// How far particles are merged; `nil` where each is compared by itself.
  var coarsening: CoarsenOption?
  /// Where to write the plan.
  var planPath: String?
  /// Where to write the potentials.
  var potentialsPath: String?
  /// Where to draw the states and the plan.
  var figurePath: String?
  /// Where to draw the potentials.
  var potentialFigurePath: String?
  /// What the figures show.
  var axes: FigureAxes
  /// Whether to recompute everything from the problem.
  var verifies: Bool
  /// Whether to print JSON.
  var isJSON: Bool

  static let specification =
    MeasurementOptions.specification + [MeasurementOptions.matchSpecification]
    + EntropicOptions.specification + StoppingOptions.specification + [
      CoarsenOption.specification,
      OptionSpecification(
        "--plan", "FILE", "Write the transport plan (i, j, mass) to a .csv or .npz file."),
      OptionSpecification(
        "--potentials", "FILE", "Write the Kantorovich potentials to a .csv or .npz file."),
      OptionSpecification(
        "--verify", "Recompute marginals, cost and bracket from the problem alone."),
      FigureOutput.option(
        "Draw the densities of A and of B, their difference, and the plan as arrows"),
      FigureOutput.option(
        "Draw the Kantorovich potentials of A and of B, their means in each cell",
        named: "--potential-figure"),
    ] + FigureAxes.specification + GateOptions.specification + [
      OptionSpecification("--json", "Print one JSON object.")
    ] + SnapshotOptions.specification + Subsample.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let paths = try reader.operands(2...2, "two snapshot files")
    (sourcePath, targetPath) = (paths[0], paths[1])
    planPath = try reader.solutionPath("--plan")
    potentialsPath = try reader.solutionPath("--potentials")
    figurePath = try reader.figure("--figure")
    potentialFigurePath = try reader.figure("--potential-figure")
    axes = try FigureAxes(reader, isUsed: figurePath != nil || potentialFigurePath != nil)
    verifies = reader.has("--verify")
    measurement = try MeasurementOptions(
      reader, gate: GateOptions(reader), stopping: StoppingOptions(reader),
      entropic: EntropicOptions(reader),
      needsPlan: planPath != nil || potentialsPath != nil || potentialFigurePath != nil || verifies)
    subsample = try Subsample(reader)
    coarsening = try CoarsenOption(reader)
    isJSON = reader.has("--json")
    try checkPlan()
    try checkSubsample()
    try coarsening?.check(self)
    try checkPaths()
  }

  /// Refuses a plan where there is none.
  private func checkPlan() throws(UsageError) {
    let given = [
      ("--plan", planPath != nil), ("--potentials", potentialsPath != nil),
      ("--potential-figure", potentialFigurePath != nil), ("--verify", verifies),
    ]
    if measurement.entropic.measuresDivergence {
      try Self.refuse(given) { "--divergence is measured without a plan; \($0) cannot go with it." }
    }
    if let relaxation = measurement.entropic.relaxationOption {
      try Self.refuse(given) { "\(relaxation) leaves mass behind, which \($0) knows nothing of." }
    }
    if measurement.match != nil {
      let potentials = given.filter { $0.0.hasPrefix("--potential") }
      try Self.refuse(potentials) { "--match id solves nothing; \($0) cannot go with it." }
    }
  }

  private func checkSubsample() throws(UsageError) {
    guard subsample != nil else { return }
    if measurement.match != nil {
      throw .conflict(
        "--subsample draws different particles from the two snapshots; --match id cannot go with it."
      )
    }
    if measurement.gate.decidesOnly {
      throw .conflict("--gate-only leaves the distance open; --subsample cannot go with it.")
    }
    if measurement.solving.method == .sinkhorn {
      throw .conflict("--subsample repeats exact solutions; --method sinkhorn cannot go with it.")
    }
  }

  /// Refuses outputs that would replace each other or the snapshots.
  private func checkPaths() throws(UsageError) {
    if planPath != nil, planPath == potentialsPath {
      throw .conflict("--plan and --potentials name the same file.")
    }
    if figurePath != nil, figurePath == potentialFigurePath, figurePath != FigureOutput.sketch {
      throw .conflict("--figure and --potential-figure name the same file.")
    }
    for path in [planPath, potentialsPath, figurePath, potentialFigurePath].compactMap(\.self)
    where path == sourcePath || path == targetPath {
      throw .conflict("The output \(path) would replace the snapshot of that name.")
    }
  }
}

extension ArgumentReader {
  /// A path under which plans and potentials can be written.
  fileprivate func solutionPath(_ option: String) throws(UsageError) -> String? {
    guard let path = text(option) else { return nil }
    guard SolutionFile.accepts(path) else {
      throw .badValue(option: option, value: path, requirement: "a .csv or .npz file")
    }
    return path
  }
}
