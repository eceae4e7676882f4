import KineticTransport

/// Runs `kwass report`.
struct ReportCommand: Command {
  static let name = "report"
  static let summary = "Write one page about two snapshots: distances, figures, how to repeat them."
  static let synopsis = "A B -o FILE.html [options]"
  static let explanation = """
    Writes one HTML file about the snapshots A and B, with nothing outside itself: what was read and in
    which units, the distance in the metric that was asked for and in the usual ones, each with its
    proved bracket and its parts, the noise floor of A, figures of the states, their difference and
    the plan, histograms of all coordinates, and the command lines and versions that repeat it. A
    time limit holds for each metric by itself; where it is reached, the page says what is proved.
    """
  static let example = "a.npz b.npz -o report.html --scale x=mm,v=keV/c"

  static let commonOptions = [
    "-o", "--axes", "--splits", "--p", "--cost", "--lambda", "--space", "--box", "--tolerance",
    "--time-limit", "--species", "--scale",
  ]

  static let isParallel = true

  let options: ReportOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(options.output) }
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    var descriptions: [SnapshotDescription] = []
    for path in options.paths {
      let file = try loader.load(path)
      let measure = try attempt { () throws(SnapshotError) in try file.measure() }
      files.append(file)
      descriptions.append(
        SnapshotDescription(name: path, file: file, measure: measure, scales: loader.scales))
    }
    _ = try options.axes.coordinates(of: descriptions[0].measure, files[0].coordinates)
    let hasVelocities = files.contains { !$0.snapshot.velocities.isEmpty }
    var findings: [ReportFinding] = []
    for metric in ReportMetric.all(options, hasVelocities: hasVelocities) {
      findings.append(try ReportFinding(metric, files, progress))
    }
    progress.begin("measuring the noise floor")
    let floor = try noiseFloor(files, findings[0])
    progress.begin("drawing")
    let page = ReportPage(
      options: options, descriptions: descriptions, findings: findings, floor: floor,
      figures: try ReportFigure.all(options, findings[0], hasVelocities: hasVelocities))
    try attempt { () throws(SnapshotError) in
      try DataFile.write(Array(page.text.utf8), to: options.output)
    }
    progress.finish()
    try console.print(
      "\(options.output): \(count(findings.count, "metric", "metrics")), "
        + "\(count(page.figures.count, "figure", "figures"))\n")
    return findings.contains { $0.shortfall != nil } ? .timeLimit : .success
  }

  /// The noise floor of the first snapshot in the first metric; `nil` for one particle, which has none.
  private func noiseFloor(
    _ files: [SnapshotFile], _ finding: ReportFinding
  ) throws(CommandFailure) -> NoiseFloor? {
    guard files[0].snapshot.count > 1, finding.shortfall == nil else { return nil }
    let measurement = options.measurement
    do throws(NoiseFloorError) {
      return try NoiseFloor(
        of: finding.inputs.source, in: finding.metric, splits: options.splits, seed: options.seed,
        space: finding.inputs.space, solver: measurement.solver)
    } catch {
      throw CommandFailure(error.status, "\(files[0].path): \(error)")
    }
  }
}
