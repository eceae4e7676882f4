import KineticTransport

/// Distances of many pairs of snapshots in the metric of one command.
struct SnapshotPairs: Sendable {
  let options: MeasurementOptions
  let files: [SnapshotFile]

  /// What was found for a pair.
  struct Outcome: Codable {
    /// The upper end of the bracket, where there is no more.
    let distance: Double
    /// What is proved of it.
    let distanceBounds: ProvedBounds
    /// The parts of the cost; `nil` where positions or velocities alone are compared, and where a gate
    /// was decided without a plan.
    let parts: CostParts?
    /// What a user should know.
    let notes: [PairNote]
    /// Why the solver was stopped; `nil` where it was not.
    var interruption: String?
  }

  /// The distance of a pair of files, given by their numbers.
  ///
  /// - Parameters:
  ///   - limit: the limit of the gate, if not that of the options.
  ///   - time: what it may take; where it is up, a bracket is found.
  func distance(
    _ pair: (Int, Int), gate limit: Double? = nil, within time: TimeLimit? = nil
  ) throws(CommandFailure) -> Outcome {
    let (first, second) = (files[pair.0], files[pair.1])
    var options = options
    if let limit { options.gate.limit = limit }
    let inputs = try DistanceInputs([first, second], options)
    func outcome(_ bracket: PartialBracket, _ interruption: String? = nil) -> Outcome {
      let bounds = bracket.costBounds.root(options.metric.exponent)
      return Outcome(
        distance: bounds.upper, distanceBounds: bounds, parts: nil, notes: inputs.pairNotes,
        interruption: interruption)
    }
    do throws(KineticMetricError) {
      if let bracket = try inputs.decidedBracket(options) {
        return outcome(bracket)
      }
      let distance = try inputs.distance(options, progress: time?.handler)
      let parts = distance.costParts(from: inputs.source, to: inputs.target)
      return Outcome(
        distance: distance.distance, distanceBounds: distance.distanceBounds, parts: parts,
        notes: inputs.pairNotes + [parts?.imbalance].compactMap(\.self))
    } catch {
      if let time, let bracket = error.provedBracket, time.interrupted != nil {
        return outcome(bracket, CommandFailure(error, time).sentence)
      }
      throw CommandFailure(
        CommandFailure(error).status, "\(first.path) and \(second.path): \(error)")
    }
  }
}
