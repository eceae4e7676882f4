import KineticTransport

/// The distance of two snapshots in one metric.
struct ReportFinding {
  /// The options of `kwass distance` that measure in this metric.
  let arguments: [String]
  let metric: KineticMetric
  let inputs: DistanceInputs
  /// The distance; `nil` where a solver was stopped.
  let distance: KineticDistance?
  /// What is proved of W.
  let distanceBounds: ProvedBounds
  /// The parts of the cost; `nil` where there are none.
  let parts: CostParts?
  /// Wall-clock seconds.
  let seconds: Double
  /// Why there is a bracket alone; `nil` where the metric was measured.
  let shortfall: String?

  /// Measures.
  init(
    _ one: ReportMetric, _ files: [SnapshotFile], _ progress: ProgressLine
  ) throws(CommandFailure) {
    inputs = try DistanceInputs(files, one.measurement)
    metric = try attempt { () throws(KineticMetricError) in
      try one.measurement.metric.metric()
    }
    arguments = one.arguments
    progress.begin("solving, \(inputs.described(metric))")
    let stopwatch = Stopwatch()
    let limit = TimeLimit(
      seconds: one.measurement.stopping.timeLimit ?? .infinity, progress: progress.handler)
    do throws(KineticMetricError) {
      let found = try inputs.distance(one.measurement, progress: limit.handler)
      (distance, shortfall) = (found, nil)
      distanceBounds = found.distanceBounds
      parts = found.costParts(from: inputs.source, to: inputs.target)
    } catch {
      guard let bracket = error.provedBracket else { throw CommandFailure(error) }
      (distance, parts) = (nil, nil)
      distanceBounds = bracket.costBounds.root(metric.exponent)
      shortfall = CommandFailure(error, limit).sentence
    }
    seconds = stopwatch.seconds
  }

  /// What a user should know about the comparison.
  var notes: [PairNote] { inputs.pairNotes + [parts?.imbalance].compactMap(\.self) }
}
