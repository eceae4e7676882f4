import KineticTransport
import Synchronization

/// Distances of many pairs of snapshots in the metric of one command.
struct SnapshotPairs {
  let options: MeasurementOptions
  let files: [SnapshotFile]

  /// What was found for a pair.
  struct Outcome {
    let distance: Double
    /// What is proved of it.
    let distanceBounds: ProvedBounds
    /// The parts of the cost; `nil` where positions or velocities alone are compared, and where a gate
    /// was decided without a plan.
    let parts: CostParts?
    /// What a user should know.
    let notes: [PairNote]
  }

  /// The distance of two snapshots.
  func distance(
    _ first: SnapshotFile, _ second: SnapshotFile
  ) throws(CommandFailure) -> Outcome {
    let inputs = try DistanceInputs([first, second], options)
    do throws(KineticMetricError) {
      if let bracket = try inputs.decidedBracket(options) {
        let bounds = bracket.costBounds.root(try options.metric.metric().exponent)
        return Outcome(
          distance: bounds.upper, distanceBounds: bounds, parts: nil, notes: inputs.pairNotes)
      }
      let distance = try inputs.distance(options)
      let parts = distance.costParts(from: inputs.source, to: inputs.target)
      return Outcome(
        distance: distance.distance, distanceBounds: distance.distanceBounds, parts: parts,
        notes: inputs.pairNotes + [parts?.imbalance].compactMap(\.self))
    } catch {
      throw CommandFailure(
        CommandFailure(error).status, "\(first.path) and \(second.path): \(error)")
    }
  }

  /// The distances of pairs of files, given by their numbers, several at a time.
  ///
  /// - Throws: the failure of the first pair that fails.
  func distances(
    _ pairs: [(Int, Int)], _ progress: ProgressLine
  ) throws(CommandFailure) -> [Outcome] {
    let outcomes = Mutex(
      [Result<Outcome, CommandFailure>?](repeating: nil, count: pairs.count))
    progress.begin("solving \(pairs.count) transport problems")
    Parallel.forEach(of: pairs.count) { index in
      let outcome: Result<Outcome, CommandFailure>
      do throws(CommandFailure) {
        outcome = .success(try distance(files[pairs[index].0], files[pairs[index].1]))
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
