import KineticTransport

/// The measurements of `kwass compare`.
struct Comparison {
  /// The noise floor of each reference; `nil` where there was no time for it.
  let floors: [NoiseFloor?]
  /// For each snapshot.
  let judgements: [Judgement]

  /// Measures.
  ///
  /// - Parameter files: the references, then the snapshots to judge.
  init(
    options: CompareOptions, names: ComparedNames, files: [SnapshotFile], _ progress: ProgressLine
  ) throws(CommandFailure) {
    let time = options.measurement.stopping.timeLimit.map { TimeLimit(seconds: $0) }
    let work = Work(
      options: options,
      metric: try attempt { () throws(KineticMetricError) in
        try options.measurement.metric.metric()
      }, time: time)
    func pair(_ index: Int) -> (Int, Int) {
      (names.partners[index], names.references.count + index)
    }
    /// The first snapshot that is compared with a reference has the same box.
    func floors() throws(CommandFailure) -> [NoiseFloor?] {
      progress.begin("measuring the noise floor")
      return try names.references.indices.map { reference throws(CommandFailure) in
        guard let partner = names.partners.firstIndex(of: reference) else { return nil }
        return try work.floor(of: files[reference], like: files[pair(partner).1])
      }
    }
    let pairs = names.files.indices.map(pair)
    let solver = SnapshotPairs(options: options.measurement, files: files)
    var floorsBefore: [NoiseFloor?]?
    var gates: [Double]?
    if options.allowance.needsNoiseFloor {
      let found = try floors()
      gates = try names.partners.map { reference throws(CommandFailure) in
        guard let gate = options.allowance.gate(CompareCommand.gateOption, floor: found[reference])
        else {
          throw CommandFailure(
            .timeLimit,
            "The time limit was reached before the noise floor was known, of which "
              + "\(CompareCommand.gateOption) \(options.allowance.text) is a multiple; nothing is decided."
          )
        }
        return gate.limit
      }
      floorsBefore = found
    }
    let found = try solver.distances(pairs, gates: gates, within: time, progress)
    let allFloors = if let floorsBefore { floorsBefore } else { try floors() }
    progress.begin("testing random divisions")
    var judgements: [Judgement] = []
    for (index, outcome) in found.enumerated() {
      let (first, second) = pairs[index]
      guard
        let gate = options.allowance.gate(CompareCommand.gateOption, floor: allFloors[first])
      else { continue }
      judgements.append(
        Judgement(
          file: names.files[index], reference: names.references[first], outcome: outcome,
          gate: gate, floor: allFloors[first],
          significance: try work.significance(files[first], files[second], outcome)))
    }
    (self.floors, self.judgements) = (allFloors, judgements)
  }
}

/// What is measured beside the distances, without a gate.
private struct Work {
  let options: CompareOptions
  let metric: KineticMetric
  let time: TimeLimit?

  private func inputs(
    _ first: SnapshotFile, _ second: SnapshotFile
  ) throws(CommandFailure) -> (DistanceInputs, any TransportSolver) {
    var measured = options.measurement
    (measured.gate, measured.match) = (GateOptions(), nil)
    return (try DistanceInputs([first, second], measured), measured.solver)
  }

  /// The distances between random halves of a reference; `nil` where the time is up.
  func floor(
    of reference: SnapshotFile, like other: SnapshotFile
  ) throws(CommandFailure) -> NoiseFloor? {
    guard reference.snapshot.count > 1 else {
      throw CommandFailure(
        .badData,
        "\(reference.path) has one particle, which cannot be split; a noise floor needs two.")
    }
    let (inputs, solver) = try inputs(reference, other)
    return try untilTimeIsUp(reference.path) { () throws(NoiseFloorError) in
      try NoiseFloor(
        of: inputs.source, in: metric, splits: options.splits, seed: options.seed,
        space: inputs.space, solver: solver, progress: time?.handler)
    }
  }

  /// Whether two snapshots may be samples of one state; `nil` where that is not asked for, or the time is up.
  func significance(
    _ first: SnapshotFile, _ second: SnapshotFile, _ outcome: SnapshotPairs.Outcome
  ) throws(CommandFailure) -> PermutationTest? {
    guard let permutations = options.permutations, outcome.interruption == nil else { return nil }
    let (inputs, solver) = try inputs(first, second)
    return try untilTimeIsUp("\(first.path) and \(second.path)") { () throws(NoiseFloorError) in
      try PermutationTest(
        of: inputs.source, and: inputs.target, distanceBounds: outcome.distanceBounds, in: metric,
        permutations: permutations, seed: options.seed, space: inputs.space, solver: solver,
        progress: time?.handler)
    }
  }

  private func untilTimeIsUp<Result>(
    _ names: String, _ measure: () throws(NoiseFloorError) -> Result
  ) throws(CommandFailure) -> Result? {
    do throws(NoiseFloorError) {
      return try measure()
    } catch {
      if case .distance(.solver(.cancelled)) = error, time?.interrupted != nil { return nil }
      throw CommandFailure(error.failure.status, "\(names): \(error)")
    }
  }
}
