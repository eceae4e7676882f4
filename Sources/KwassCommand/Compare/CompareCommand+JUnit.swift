import KineticTransport

extension CompareCommand {
  /// Writes a verdict for each file, where that was asked for.
  func writeJUnit(
    _ pairs: [SnapshotPairs.Outcome], seconds: Double
  ) throws(CommandFailure) {
    try writeJUnit(seconds) {
      zip(options.paths, pairs).map { path, pair in
        let bounds = pair.distanceBounds
        let verdict = gate.verdict(bounds)
        return JUnitReport.Case(
          name: path,
          result: gate.sentence(bounds, distance: pair.distance).map { .failed(verdict, $0) }
            ?? .passed,
          output: "distance \(pair.distance), bracket [\(bounds.lower), \(bounds.upper)]")
      }
    }
  }

  /// Writes that no file was judged, where that was asked for.
  func writeJUnit(_ failure: CommandFailure, seconds: Double) throws(CommandFailure) {
    try writeJUnit(seconds) {
      options.paths.map { .init(name: $0, result: .broken(failure.sentence), output: "") }
    }
  }

  private func writeJUnit(
    _ seconds: Double, _ cases: () -> [JUnitReport.Case]
  ) throws(CommandFailure) {
    guard let path = options.junitPath else { return }
    let metric = try options.measurement.metric.summary
    let report = JUnitReport(
      reference: options.reference, cases: cases(),
      properties: [
        ("version", Kwass.version), ("reference", options.reference), ("metric", metric),
        ("tolerance", plain(options.tolerance)),
      ], seconds: seconds)
    try attempt { () throws(SnapshotError) in
      try DataFile.write(Array(report.text.utf8), to: path)
    }
  }
}
