import KineticTransport

extension CompareCommand {
  /// Writes a verdict for each file, where that was asked for.
  func writeJUnit(
    _ judgements: [Judgement], seconds: Double
  ) throws(CommandFailure) {
    try writeJUnit(seconds) {
      judgements.map { judgement in
        let (outcome, verdict) = (judgement.outcome, judgement.verdict)
        let bounds = outcome.distanceBounds
        return JUnitReport.Case(
          name: judgement.file,
          result: judgement.gate.sentence(bounds, distance: outcome.distance).map {
            .failed(verdict, $0)
          } ?? .passed,
          output: "distance \(outcome.distance), bracket [\(bounds.lower), \(bounds.upper)]")
      }
    }
  }

  /// Writes that no file was judged, where that was asked for.
  func writeJUnit(_ failure: CommandFailure, seconds: Double) throws(CommandFailure) {
    try writeJUnit(seconds) {
      options.operands.map { .init(name: $0, result: .broken(failure.sentence), output: "") }
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
        ("tolerance", options.allowance.text),
      ], seconds: seconds)
    try attempt { () throws(SnapshotError) in
      try DataFile.write(Array(report.text.utf8), to: path)
    }
  }
}
