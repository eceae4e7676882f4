import KineticTransport

extension CompareCommand {
  /// Checks the coordinates of a figure before anything is measured.
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
    let inputs = try DistanceInputs(pair(files), options.measurement)
    _ = try options.axes.coordinates(
      of: inputs.source, inputs.coordinates, space: inputs.space)
  }

  /// What was compared: the densities of two snapshots, or the distances of several pairs.
  func figure(of found: Found) throws(CommandFailure) -> any Figure {
    guard found.names.files.count > 1 else {
      let paths = [found.names.references[0], found.names.files[0]]
      return try StateFigure(
        DistanceInputs(pair(found.files), options.measurement), of: paths, axes: options.axes
      ).figure()
    }
    let names = ShortNames.of(found.judgements.map(\.file))
    let metric = try options.measurement.metric.summary
    return BracketFigure(
      title: "Distances from \(ShortNames.of([options.reference])[0])", label: "W (\(metric))",
      rows: zip(names, found.judgements).map { name, one in
        .init(
          name, distance: options.leavesBracket(one) ? nil : one.outcome.distance,
          bounds: one.outcome.distanceBounds,
          limit: one.gate.limit, noise: one.floor?.largest)
      })
  }

  /// The reference and the snapshot, where there is one of each.
  private func pair(_ files: [SnapshotFile]) -> [SnapshotFile] {
    [files[0], files[files.count - 1]]
  }
}
