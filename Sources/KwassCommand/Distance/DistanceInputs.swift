import KineticTransport

/// The two measures to compare, and what had to be decided about them.
struct DistanceInputs {
  let source: PhaseSpaceMeasure
  let target: PhaseSpaceMeasure
  /// The coordinates to compare.
  let space: ComparedSpace
  /// What the coordinates are called.
  let coordinates: CoordinateNames
  /// Where the particles of the source are in the target; `nil` where that is not asked for.
  private let places: [Int]?
  /// What was done to the coordinates; `nil` where the caller knows.
  private(set) var scales: AppliedScales?
  /// What a user should know about how the two were compared.
  private(set) var pairNotes: [PairNote] = []
  /// What a user should know about how the files were understood, in sentences.
  private var fileNotes: [String] = []
  /// The same snapshots with other particles drawn from them.
  private(set) var repetitions: [DistanceInputs] = []

  init(_ options: DistanceOptions, _ progress: ProgressLine) throws(CommandFailure) {
    let measurement = options.measurement
    var loader = measurement.loader(progress)
    let files = [try loader.load(options.sourcePath), try loader.load(options.targetPath)]
    try self.init(options.subsample?.drawn(from: files, repetition: 0) ?? files, measurement)
    if let subsample = options.subsample {
      repetitions = try (1..<Subsample.repetitions).map {
        repetition throws(CommandFailure) -> DistanceInputs in
        try DistanceInputs(subsample.drawn(from: files, repetition: repetition), measurement)
      }
    }
    if measurement.match != nil { fileNotes.append(Self.matchNote) }
    scales = loader.scales
    for file in files { fileNotes += file.notes.map { "\(file.path): \($0.sentence)" } }
  }

  /// All notes, in sentences.
  var notes: [String] { pairNotes.map(\.sentence) + fileNotes }

  /// The measures of two files that were read.
  init(_ files: [SnapshotFile], _ options: MeasurementOptions) throws(CommandFailure) {
    var snapshots = files.map(\.snapshot)
    let hasVelocities = snapshots.contains { !$0.velocities.isEmpty }
    space = options.metric.space ?? (hasVelocities ? .phase : .position)
    if options.metric.space == nil, !hasVelocities {
      pairNotes.append(.noVelocities)
    }
    if space == .position {
      for index in snapshots.indices { snapshots[index].velocities = [] }
    }
    try attempt { () throws(SnapshotPairError) in
      try files[0].replacing(snapshots[0]).checkDimensions(like: files[1].replacing(snapshots[1]))
    }
    let box = try Self.box(files, space, &pairNotes)
    let measures = try zip(files, snapshots).map {
      file, snapshot throws(CommandFailure) -> PhaseSpaceMeasure in
      do throws(PhaseSpaceError) {
        return try snapshot.measure(box: box)
      } catch {
        throw CommandFailure(SnapshotError.unusable(path: file.path, reason: error))
      }
    }
    (source, target) = (measures[0], measures[1])
    coordinates = files[0].coordinates
    places =
      options.match == nil
      ? nil
      : try attempt { () throws(SnapshotError) in
        try files[0].places(in: files[1])
      }
    compare(options)
    try checkMasses(files)
  }

  /// The box of both; positions, and with them the box, play no part where velocities are compared.
  private static func box(
    _ files: [SnapshotFile], _ space: ComparedSpace, _ notes: inout [PairNote]
  ) throws(CommandFailure) -> ProductDomain {
    let free = files[0].snapshot.positions.map { _ in CoordinateAxis.line }
    var stated: ProductDomain?
    if space != .velocity {
      stated = try attempt { () throws(SnapshotPairError) in
        try files[0].sharedBox(with: files[1])
      }
      if stated == nil { notes.append(.noBox) }
    }
    guard let stated else {
      return try attempt { () throws(ProductDomainError) in try ProductDomain(free) }
    }
    return stated
  }

  /// The identity of particles is a plan only where each keeps its mass.
  private func checkMasses(_ files: [SnapshotFile]) throws(CommandFailure) {
    guard let places else { return }
    // Far above the roundings of weights and of their normalisation.
    let tolerance = 1e-9
    var difference = CompensatedSum()
    for (mass, place) in zip(source.masses, places) {
      difference.add(abs(mass - target.masses[place]))
    }
    guard difference.value > tolerance else { return }
    throw CommandFailure(
      .badData,
      "\(files[0].path) and \(files[1].path): the masses of the same particles differ by "
        + "\(difference.value) in all, normalised to 1; --match id needs particles that keep theirs."
    )
  }

  /// The distance in the metric of the options, measured anew with more care where its bracket leaves
  /// open what a gate asks.
  ///
  /// - Parameter group: the processes that share the work of a solver which allows for it.
  func distance(
    _ options: MeasurementOptions, in group: any ProcessGroup = SingleProcess(),
    progress: ProgressHandler? = nil
  ) throws(KineticMetricError) -> KineticDistance {
    let distance = try measured(options, group, progress)
    guard let gate = options.gate.gate, gate.verdict(distance.distanceBounds) == .undecided,
      places == nil, let refined = options.refined
    else { return distance }
    return try measured(refined, group, progress)
  }

  /// The bracket that needs no solver, where it decides about the gate and no more is asked for.
  func decidedBracket(_ options: MeasurementOptions) throws(KineticMetricError) -> PartialBracket? {
    guard options.gate.decidesOnly, let gate = options.gate.gate, !options.needsPlan
    else { return nil }
    let metric = try options.metric.metric()
    guard let bracket = try metric.quickBracket(from: source, to: target, space: space),
      gate.verdict(bracket.costBounds.root(metric.exponent)) != .undecided
    else { return nil }
    return bracket
  }

  private func measured(
    _ options: MeasurementOptions, _ group: any ProcessGroup, _ progress: ProgressHandler?
  ) throws(KineticMetricError) -> KineticDistance {
    let metric = try options.metric.metric()
    guard let places else {
      return try metric.distance(
        from: source, to: target, space: space, solver: options.solver(in: group),
        progress: progress)
    }
    return try metric.distance(movingTo: places, from: source, to: target, space: space)
  }

  /// What `--match id` means, in a sentence.
  static let matchNote =
    "Nothing was solved: each particle is moved to where the same particle is, which costs at least as "
    + "much as the distance."

  /// Notes differences between the two that a user may not have meant.
  private mutating func compare(_ options: MeasurementOptions) {
    if let first = source.time, let second = target.time, first != second {
      pairNotes.append(.times(first, second))
    }
    let (first, second) = (source.rawMass, target.rawMass)
    if options.entropic.relaxation == nil, abs(first - second) > 1e-9 * max(first, second) {
      pairNotes.append(.masses(first, second))
    }
  }
}
