import KineticTransport

/// What the ranks of a job share of a distance.
extension DistanceCommand {
  /// What a user should know where they share nothing.
  static let isNotShared =
    "Ranks share the work of --method sinkhorn and of --coarsen into cells; here rank 0 does all of it, and the others wait."

  /// The inputs, which all processes read and find the same.
  func inputs(
    _ progress: ProgressLine, _ ranks: RankExchange
  ) throws(CommandFailure) -> DistanceInputs {
    guard !ranks.isAlone else { return try prepared(progress) }
    let (inputs, plan) = try ranks.together { () throws(CommandFailure) in
      let plan = PartPlan(
        command: "", arguments: [],
        files: try InputDigest.of([options.sourcePath, options.targetPath]))
      return (try ranks.isFirst ? prepared(progress) : DistanceInputs(options, progress), plan)
    }
    try ranks.checkSame(
      plan, String(describing: options), otherwise: "they have different options")
    return inputs
  }

  /// The inputs, with all that the results need.
  func prepared(_ progress: ProgressLine) throws(CommandFailure) -> DistanceInputs {
    let inputs = try DistanceInputs(options, progress)
    for path in [options.planPath, options.potentialsPath].compactMap(\.self) {
      try attempt { () throws(SnapshotError) in try SolutionFile.checkCreatable(path) }
    }
    try FigureOutput.check([options.figurePath, options.potentialFigurePath])
    if options.figurePath != nil || options.potentialFigurePath != nil {
      _ = try options.axes.coordinates(of: inputs.source, inputs.coordinates)
    }
    return inputs
  }
}
