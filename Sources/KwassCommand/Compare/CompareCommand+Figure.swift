import KineticTransport

extension CompareCommand {
  /// Checks the coordinates of a figure before anything is measured.
  ///
  /// - Parameter files: the references and the snapshots to judge; none where they were not read.
  func checkAxes(
    _ names: ComparedNames, _ files: [SnapshotFile]
  ) throws(CommandFailure) {
    guard options.figurePath != nil else { return }
    guard names.files.count == 1 else {
      guard options.axes.areGiven else { return }
      throw CommandFailure(
        .usage,
        "--axes says what a figure of two snapshots shows; of \(names.files.count) comparisons the "
          + "distances are drawn.")
    }
    guard !files.isEmpty else { return }
    let inputs = try DistanceInputs(pair(files), options.measurement)
    _ = try options.axes.coordinates(
      of: inputs.source, inputs.coordinates, space: inputs.space)
  }

  /// What was compared: the densities of two snapshots, or the distances of several pairs.
  func figure(of judgements: [Judgement]) throws(CommandFailure) -> any Figure {
    if judgements.count == 1 {
      let paths = [judgements[0].reference, judgements[0].file]
      return try StateFigure(
        DistanceInputs(compared(paths), options.measurement), of: paths, axes: options.axes
      ).figure()
    }
    let names = ShortNames.of(judgements.map(\.file))
    let metric = try options.measurement.metric.summary
    return BracketFigure(
      title: "Distances from \(ShortNames.of([options.reference])[0])", label: "W (\(metric))",
      rows: zip(names, judgements).map { name, one in
        .init(
          name, distance: options.leavesBracket(one) ? nil : one.outcome.distance,
          bounds: one.outcome.distanceBounds,
          limit: one.gate.limit, noise: one.floor?.largest)
      })
  }

  /// The reference and the snapshot of a single comparison; parts that are merged have not read them.
  private func compared(_ paths: [String]) throws(CommandFailure) -> [SnapshotFile] {
    let files = state.files
    guard files.isEmpty else { return pair(files) }
    var loader = options.measurement.loader(ProgressLine("reading", on: SilentConsole()))
    return try paths.map { path throws(CommandFailure) in try loader.load(path) }
  }

  /// The reference and the snapshot, where there is one of each.
  private func pair(_ files: [SnapshotFile]) -> [SnapshotFile] {
    [files[0], files[files.count - 1]]
  }
}
