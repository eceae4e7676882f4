import KineticTransport

/// A metric of the report, and the options with which `kwass distance` measures in it.
struct ReportMetric {
  let measurement: MeasurementOptions
  let arguments: [String]

  /// The metric that was asked for, then the usual ones that are others.
  ///
  /// - Parameter hasVelocities: whether there is more to compare than positions.
  static func all(_ subject: ReportSubject, hasVelocities: Bool) -> [ReportMetric] {
    let asked = subject.measurement.metric
    var usual: [[String]] = [["--p", "2"], ["--p", "1"]]
    if hasVelocities {
      usual += [
        ["--p", "1", "--cost", "joint"], ["--p", "2", "--space", "position"],
        ["--p", "2", "--space", "velocity"],
      ]
    }
    var metrics = [
      ReportMetric(
        measurement: subject.measurement,
        arguments: subject.arguments.metric + subject.arguments.box)
    ]
    for arguments in usual {
      guard let metric = asked.replaced(by: arguments), metric != asked else { continue }
      var measurement = subject.measurement
      measurement.metric = metric
      // Without positions a box has no effect, and is refused.
      let box = metric.space == .velocity ? [] : subject.arguments.box
      metrics.append(ReportMetric(measurement: measurement, arguments: arguments + box))
    }
    return metrics
  }
}

extension MetricOptions {
  /// The metric of some arguments, in the same box; `nil` for ones that are wrong.
  fileprivate func replaced(by arguments: [String]) -> MetricOptions? {
    guard
      let reader = try? ArgumentReader(
        arguments, command: "", options: MetricOptions.specification),
      var metric = try? MetricOptions(reader)
    else { return nil }
    if metric.space != .velocity { metric.box = box }
    return metric
  }
}
