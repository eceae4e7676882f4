import KineticTransport

/// Work in units that several processes can share out among them: what is found of each unit can be kept, and
/// all that is printed follows from it.
protocol DividedWork: Sendable {
  /// What is printed beside the findings, the same for all processes.
  associatedtype Frame: Codable & Sendable
  /// What is found of a unit.
  associatedtype Finding: Codable & Sendable

  /// Checks that the files of the results can be written, before the work begins.
  func checkOutputs() throws(CommandFailure)
  /// The files that are read, by their paths.
  func inputs() throws(CommandFailure) -> [String]
  /// Reads them and says what is to be done.
  func workload(_ progress: ProgressLine) throws(CommandFailure) -> Workload<Frame, Finding>
  /// Prints what was found.
  ///
  /// - Parameter findings: those of all units, in their order.
  func give(
    _ frame: Frame, _ findings: [Finding], after progress: ProgressLine, on console: any Console
  ) throws(CommandFailure) -> ExitCode
  /// Writes down that nothing was found, for those who read files.
  func recordFailure(_ failure: CommandFailure)
}

extension DividedWork {
  func recordFailure(_ failure: CommandFailure) {}
}
