import KineticTransport
import Synchronization

/// Distances of many pairs of snapshots in the metric of one command.
struct SnapshotPairs {
  let options: MeasurementOptions
  let files: [SnapshotFile]

  /// What was found for a pair.
  struct Outcome {
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

  /// The distance of two snapshots.
  private func distance(
    _ first: SnapshotFile, _ second: SnapshotFile, gate limit: Double?, _ time: TimeLimit?
  ) throws(CommandFailure) -> Outcome {
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

  /// The distances of pairs of files, given by their numbers, several at a time.
  ///
  /// - Parameters:
  ///   - gates: the limit of the gate for each pair, if not that of the options.
  ///   - time: what all of them may take; where it is up, brackets are found.
  /// - Throws: the failure of the first pair that fails.
  func distances(
    _ pairs: [(Int, Int)], gates: [Double]? = nil, within time: TimeLimit? = nil,
    _ progress: ProgressLine
  ) throws(CommandFailure) -> [Outcome] {
    let outcomes = Mutex(
      [Result<Outcome, CommandFailure>?](repeating: nil, count: pairs.count))
    progress.begin("solving \(pairs.count) transport problems")
    Parallel.forEach(of: pairs.count) { index in
      let outcome: Result<Outcome, CommandFailure>
      do throws(CommandFailure) {
        outcome = .success(
          try distance(files[pairs[index].0], files[pairs[index].1], gate: gates?[index], time))
      } catch {
        outcome = .failure(error)
      }
      outcomes.withLock { $0[index] = outcome }
    }
    var distances: [Outcome] = []
    for outcome in outcomes.withLock({ $0 }) {
      switch outcome {
      case .success(let distance)?: distances.append(distance)
      case .failure(let failure)?: throw failure
      case nil: break
      }
    }
    return distances
  }
}
