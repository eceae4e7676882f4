import KineticTransport

/// The measurements of `kwass compare`.
struct Comparison {
  /// The noise floor of each reference; `nil` where there was no time for it.
  let floors: [NoiseFloor?]
  /// For each snapshot.
  let judgements: [Judgement]

  /// What is found of a unit.
  enum Finding: Codable {
    /// A reference: `nil` where there was no time.
    case floor(NoiseFloor?)
    /// A snapshot to judge.
    case distance(SnapshotPairs.Outcome)
    /// Whether that and its reference may be samples of one state; `nil` where that was not tested.
    case significance(PermutationTest?)
  }

  /// What all units have given.
  init(_ options: CompareOptions, _ names: ComparedNames, _ findings: [Finding]) {
    let units = Units(options, names)
    func finding(_ unit: Int) -> Finding? { unit < findings.count ? findings[unit] : nil }
    let floors = names.references.indices.map { finding(units.floor(of: $0))?.floor }
    self.floors = floors
    judgements = names.files.indices.compactMap { file in
      let reference = names.partners[file]
      guard let outcome = finding(units.distance(of: file))?.outcome,
        let gate = options.allowance.gate(CompareCommand.gateOption, floor: floors[reference])
      else { return nil }
      return Judgement(
        file: names.files[file], reference: names.references[reference], outcome: outcome,
        gate: gate, floor: floors[reference],
        significance: units.significance(of: file).flatMap { finding($0)?.test })
    }
  }
}

extension Comparison.Finding {
  fileprivate var floor: NoiseFloor? { if case .floor(let floor) = self { floor } else { nil } }
  fileprivate var outcome: SnapshotPairs.Outcome? {
    if case .distance(let outcome) = self { outcome } else { nil }
  }
  fileprivate var test: PermutationTest? {
    if case .significance(let test) = self { test } else { nil }
  }
}

extension Comparison {
  /// The units: the noise floor of each reference, each snapshot's distance and, where that is asked for, its
  /// test.
  private struct Units {
    let references: Int
    let files: Int
    let areTested: Bool

    init(_ options: CompareOptions, _ names: ComparedNames) {
      (references, files) = (names.references.count, names.files.count)
      areTested = options.permutations != nil
    }

    func floor(of reference: Int) -> Int { reference }
    func distance(of file: Int) -> Int { references + file }
    func significance(of file: Int) -> Int? { areTested ? references + files + file : nil }

    /// A unit's kind and which of the kind it is.
    func kind(_ unit: Int) -> (kind: Kind, place: Int) {
      if unit < references { return (.floor, unit) }
      let place = unit - references
      return place < files ? (.distance, place) : (.significance, place - files)
    }

    enum Kind { case floor, distance, significance }
  }

  /// What there is to measure.
  ///
  /// - Parameter files: the references, then the snapshots to judge.
  static func workload<Frame: Sendable>(
    _ options: CompareOptions, _ names: ComparedNames, files: [SnapshotFile], frame: Frame
  ) throws(CommandFailure) -> Workload<Frame, Finding> {
    let time = options.measurement.stopping.timeLimit.map { TimeLimit(seconds: $0) }
    let work = Work(
      options: options, names: names, files: files,
      metric: try attempt { () throws(KineticMetricError) in
        try options.measurement.metric.metric()
      }, time: time)
    let units = Units(options, names)
    let (references, count) = (units.references, units.files)
    let needsFloor = options.allowance.needsNoiseFloor
    var all = names.references.enumerated().map { place, name in
      Workload<Frame, Finding>.Unit(name: "the noise floor of \(name)", share: place)
    }
    all += names.files.indices.map { file in
      .init(
        name: names.files[file], share: references + file,
        needs: needsFloor ? [units.floor(of: names.partners[file])] : [])
    }
    if units.areTested {
      all += names.files.indices.map { file in
        .init(
          name: "the test of \(names.files[file])", share: references + file,
          needs: [units.distance(of: file)])
      }
    }
    // The first snapshot that is compared with a reference has the same box.
    let floors = Workload<Frame, Finding>.Stage(
      title: "measuring the noise floor", units: 0..<references, isParallel: false)
    let distances = Workload<Frame, Finding>.Stage(
      title: "solving \(count) transport problems", units: references..<references + count,
      isParallel: true)
    let tests = Workload<Frame, Finding>.Stage(
      title: "testing random divisions", units: references + count..<all.count, isParallel: false)
    return Workload(
      frame: frame, units: all,
      stages: (needsFloor ? [floors, distances] : [distances, floors]) + [tests]
    ) { (unit, before) throws(CommandFailure) in
      let (kind, place) = units.kind(unit)
      switch kind {
      case .floor: return .floor(try work.floor(of: place))
      case .distance:
        let floor = before[units.floor(of: names.partners[place])]?.floor
        return .distance(try work.distance(of: place, floor: needsFloor ? floor : nil))
      case .significance:
        guard let outcome = before[units.distance(of: place)]?.outcome else {
          return .significance(nil)
        }
        return .significance(try work.significance(of: place, outcome))
      }
    }
  }
}

/// What is measured of one snapshot or reference.
private struct Work: Sendable {
  let options: CompareOptions
  let names: ComparedNames
  /// The references, then the snapshots to judge.
  let files: [SnapshotFile]
  let metric: KineticMetric
  let time: TimeLimit?

  /// The places of a snapshot to judge and its reference among the files.
  private func pair(_ file: Int) -> (Int, Int) {
    (names.partners[file], names.references.count + file)
  }

  /// How far a snapshot is from its reference.
  ///
  /// - Parameter floor: the noise floor of the reference, where the gate is a multiple of it.
  func distance(of file: Int, floor: NoiseFloor?) throws(CommandFailure) -> SnapshotPairs.Outcome {
    var limit: Double?
    if options.allowance.needsNoiseFloor {
      guard let gate = options.allowance.gate(CompareCommand.gateOption, floor: floor) else {
        throw CommandFailure(
          .timeLimit,
          "The time limit was reached before the noise floor was known, of which "
            + "\(CompareCommand.gateOption) \(options.allowance.text) is a multiple; nothing is decided."
        )
      }
      limit = gate.limit
    }
    return try SnapshotPairs(options: options.measurement, files: files)
      .distance(pair(file), gate: limit, within: time)
  }

  /// Without a gate.
  private func inputs(
    _ first: SnapshotFile, _ second: SnapshotFile
  ) throws(CommandFailure) -> (DistanceInputs, any TransportSolver) {
    var measured = options.measurement
    (measured.gate, measured.match) = (GateOptions(), nil)
    return (try DistanceInputs([first, second], measured), measured.solver)
  }

  /// The distances between random halves of a reference; `nil` where the time is up.
  func floor(of place: Int) throws(CommandFailure) -> NoiseFloor? {
    guard let partner = names.partners.firstIndex(of: place) else { return nil }
    let (reference, other) = (files[place], files[pair(partner).1])
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
    of file: Int, _ outcome: SnapshotPairs.Outcome
  ) throws(CommandFailure) -> PermutationTest? {
    let (first, second) = (files[pair(file).0], files[pair(file).1])
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
