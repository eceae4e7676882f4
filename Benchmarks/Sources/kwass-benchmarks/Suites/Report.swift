import Foundation

/// What a suite measured, as it goes to a file, and the checks that failed.
struct Report: Codable {
  let suite: String
  let machine: Machine
  /// Every problem that the suite solved with its network simplex.
  var measurements: [CaseMeasurement] = []
  /// Derived figures and comparisons, by name.
  var figures: [String: Double] = [:]
  /// What did not hold.
  var failures: [String] = []

  init(suite: String) throws {
    self.suite = suite
    machine = try Machine.current()
    print("Suite \(suite). \(machine.summary)")
    fflush(nil)
  }

  /// Keeps a measurement and notes when its result is not right.
  mutating func add(_ measurement: CaseMeasurement) {
    measurements.append(measurement)
    if let failure = measurement.outcome.failure {
      let what = measurement.case
      failures.append(
        "\(what.name), n = \(what.count), \(what.axes) axes, p = \(what.exponent): \(failure)")
    }
  }

  /// Notes a failure unless something holds.
  mutating func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if !holds { failures.append(sentence()) }
  }

  /// Writes the figures to a file, says what failed, and returns the process's status.
  func finish(output: String?) throws -> Int32 {
    if let output {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      try encoder.encode(self).write(to: URL(fileURLWithPath: output))
      print("\nFigures written to \(output).")
    }
    print(failures.isEmpty ? "\nAll results stood their checks." : "\nFAILED:")
    for failure in failures { print("- \(failure)") }
    return failures.isEmpty ? 0 : 1
  }
}
