import KineticTransport

/// The two snapshots that a page is about, and how they are measured.
struct ReportSubject: Sendable, Equatable {
  /// The two snapshots.
  var paths: [String]
  /// How distances are measured; the metric is the first of several.
  var measurement: MeasurementOptions
  /// What the first figure shows.
  var axes = FigureAxes()
  /// How often the first snapshot is split for the noise floor.
  var splits: Int
  /// Settles how it is split.
  var seed: UInt64
  /// What was given on the command line.
  var arguments: ReportArguments

  /// Measures and draws everything that the page shows.
  ///
  /// - Parameter verdicts: what a comparison has found, if the page is about one.
  func page(
    about verdicts: [ReportVerdict] = [], _ progress: ProgressLine
  ) throws(CommandFailure) -> ReportPage {
    var loader = measurement.loader(progress)
    var files: [SnapshotFile] = []
    var descriptions: [SnapshotDescription] = []
    for path in paths {
      let file = try loader.load(path)
      let measure = try attempt { () throws(SnapshotError) in try file.measure() }
      if files.isEmpty { _ = try axes.coordinates(of: measure, file.coordinates) }
      files.append(file)
      descriptions.append(
        SnapshotDescription(
          name: path, file: file, statistics: try SnapshotStatistics(file), scales: loader.scales))
    }
    let hasVelocities = files.contains { !$0.snapshot.velocities.isEmpty }
    var findings: [ReportFinding] = []
    for metric in ReportMetric.all(self, hasVelocities: hasVelocities) {
      findings.append(try ReportFinding(metric, files, progress))
    }
    progress.begin("measuring the noise floor")
    let floor = try noiseFloor(files, findings[0])
    progress.begin("drawing")
    return ReportPage(
      subject: self, descriptions: descriptions, findings: findings, floor: floor,
      figures: try ReportFigure.all(self, findings[0], hasVelocities: hasVelocities),
      verdicts: verdicts)
  }

  /// The noise floor of the first snapshot in the first metric; `nil` for one particle, which has none.
  private func noiseFloor(
    _ files: [SnapshotFile], _ finding: ReportFinding
  ) throws(CommandFailure) -> NoiseFloor? {
    guard files[0].snapshot.count > 1, finding.shortfall == nil else { return nil }
    do throws(NoiseFloorError) {
      return try NoiseFloor(
        of: finding.inputs.source, in: finding.metric, splits: splits, seed: seed,
        space: finding.inputs.space, solver: measurement.solver)
    } catch {
      throw CommandFailure(error.failure.status, "\(files[0].path): \(error)")
    }
  }
}

/// Arguments as they were given, from which a page makes the command lines that repeat it.
struct ReportArguments: Sendable, Equatable {
  /// The whole command line.
  let commandLine: [String]
  /// The options of the metric.
  let metric: [String]
  /// The box, which goes with every metric of positions.
  let box: [String]
  /// The other options that `kwass distance` needs to measure the same.
  let shared: [String]

  /// What was given to a command.
  ///
  /// - Parameter stopping: which of the options that stop a solver the command has.
  init(_ reader: ArgumentReader, command: String, stopping: [OptionSpecification]) {
    commandLine = ["kwass", command] + reader.arguments
    let box = [BoxOption.specification]
    self.box = reader.given(box)
    metric = reader.given(MetricOptions.specification.filter { !box.contains($0) })
    shared = reader.given(
      SolverOptions.specification + stopping + SnapshotOptions.specification)
  }
}

extension ArgumentReader {
  /// Those of some options that were given, with their values.
  func given(_ options: [OptionSpecification]) -> [String] {
    options.flatMap { option -> [String] in
      guard option.value != nil else { return has(option.name) ? [option.name] : [] }
      return text(option.name).map { [option.name, $0] } ?? []
    }
  }
}
