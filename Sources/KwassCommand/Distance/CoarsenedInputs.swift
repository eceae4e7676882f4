import KineticTransport

/// Two snapshots that are read piece by piece and merged into cells, by all ranks together.
struct CoarsenedInputs {
  /// What the files state, each with its first particle for all of them.
  let heads: DistanceInputs
  /// For each file the numbers of particles and its mass as given.
  private(set) var sizes: [Int] = []
  private(set) var rawMasses: [Double] = []
  /// For each file and each number of cells the merged particles.
  private(set) var clouds: [[CoarseCloud]] = []
  private(set) var scales: AppliedScales
  /// What a user should know, in sentences.
  private(set) var notes: [String] = []

  /// So many particles of a file are drawn for each cell that is made, and at least and at most so many, the
  /// latter unless there are more cells.
  private static let drawnPerCell = 10
  private static let sampleSizes = 100_000...1_000_000
  /// The drawing settles only where cells lie.
  private static let seed: UInt64 = 1

  init(
    _ options: DistanceOptions, _ levels: [Int], _ progress: ProgressLine, _ ranks: RankExchange
  ) throws(CommandFailure) {
    let paths = [options.sourcePath, options.targetPath]
    var loader = options.measurement.loader(progress)
    heads = try ranks.together { () throws(CommandFailure) in
      try DistanceInputs(
        paths.map { path throws(CommandFailure) in try Self.head(path, &loader) },
        options.measurement)
    }
    if !ranks.isAlone {
      let plan = PartPlan(
        command: "", arguments: [],
        files: try ranks.together { () throws(CommandFailure) in
          try InputDigest.of(paths, endsOnly: true)
        })
      try ranks.checkSame(
        plan, String(describing: options), otherwise: "they have different options")
    }
    let metric = try attempt { () throws(KineticMetricError) in
      try options.measurement.metric.metric()
    }
    let box = heads.source.box
    var fileNotes: [String] = []
    scales = loader.scales
    if case .grid(let positions, let velocities)? = options.coarsening {
      let gridded = try GriddedInputs(
        paths.map { PieceReader($0, space: heads.space, loader) }, heads, metric,
        (positions, velocities), keepsGrid: options.measurement.solving.method == .sinkhorn)
      (clouds, sizes, rawMasses) = (gridded.clouds.map { [$0] }, gridded.sizes, gridded.rawMasses)
      note(gridded.notes)
      return
    }
    for (path, head) in zip(paths, [heads.source, heads.target]) {
      let largest = levels.last ?? 1
      let drawn = min(
        max(Self.drawnPerCell * largest, Self.sampleSizes.lowerBound), Self.sampleSizes.upperBound)
      let sample = try coarsening { () throws(CoarseningError) in
        try CoarseningSample(
          in: metric, box: box, velocityDimension: head.velocityDimension, space: heads.space,
          count: max(largest, drawn), seed: Self.seed)
      }
      let file = try CoarsenedFile(
        PieceReader(path, space: heads.space, loader), sample, levels, ranks)
      clouds.append(file.clouds)
      sizes.append(file.size)
      rawMasses.append(file.rawMass)
      fileNotes += file.notes.map { "\(path): \($0)" }
    }
    note(fileNotes)
  }

  /// Collects what a user should know.
  private mutating func note(_ fileNotes: [String]) {
    notes = heads.pairNotes.map(\.sentence)
    if abs(rawMasses[0] - rawMasses[1]) > 1e-9 * max(rawMasses[0], rawMasses[1]) {
      notes.append(PairNote.masses(rawMasses[0], rawMasses[1]).sentence)
    }
    notes += fileNotes
  }

  /// What a file states, with one particle that stands for all.
  private static func head(
    _ path: String, _ loader: inout SnapshotLoader
  ) throws(CommandFailure) -> SnapshotFile {
    var first: Snapshot?
    let file = try loader.stream(path, chunkSize: 1) { piece in
      guard piece.count > 0 else { return true }
      first = piece
      return false
    }
    guard var snapshot = first else {
      throw CommandFailure(.badData, "\(path): found no particles, expected at least one.")
    }
    snapshot.weights = nil
    snapshot.time = file.snapshot.time
    return file.replacing(snapshot)
  }
}

/// Does something with particles that are merged, which may end the command.
func coarsening<Result>(
  _ path: String? = nil, _ body: () throws(CoarseningError) -> Result
) throws(CommandFailure) -> Result {
  do throws(CoarseningError) {
    return try body()
  } catch {
    throw CommandFailure(error, path)
  }
}

extension CommandFailure {
  /// The failure that an error of coarsening makes of the command.
  init(_ error: CoarseningError, _ path: String?) {
    if case .metric(let error) = error {
      self.init(error)
    } else {
      self.init(.badData, (path.map { "\($0): " } ?? "") + error.description)
    }
  }
}
