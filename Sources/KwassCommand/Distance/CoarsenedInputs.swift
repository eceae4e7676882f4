import KineticTransport

/// Two snapshots that are read piece by piece and merged into cells.
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
    _ options: DistanceOptions, _ levels: [Int], _ progress: ProgressLine
  ) throws(CommandFailure) {
    let paths = [options.sourcePath, options.targetPath]
    var loader = options.measurement.loader(progress)
    let files = try paths.map { path throws(CommandFailure) in try Self.head(path, &loader) }
    heads = try DistanceInputs(files, options.measurement)
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
      let reader = PieceReader(path, space: heads.space, loader)
      let largest = levels.last ?? 1
      let drawn = min(
        max(Self.drawnPerCell * largest, Self.sampleSizes.lowerBound), Self.sampleSizes.upperBound)
      var sample = try coarsening { () throws(CoarseningError) in
        try CoarseningSample(
          in: metric, box: box, velocityDimension: head.velocityDimension, space: heads.space,
          count: max(largest, drawn), seed: Self.seed)
      }
      var mass = CompensatedSum()
      let file = try reader.forEach("drawing particles of \(path)") {
        chunk throws(CoarseningError) in
        try sample.add(chunk)
        for value in chunk.masses ?? [] { mass.add(value) }
      }
      let merged = try Self.clouds(sample, levels, reader)
      clouds.append(merged)
      sizes.append(sample.particleCount)
      rawMasses.append(file.snapshot.weights == nil ? 1 : mass.value)
      fileNotes += file.notes.map { "\(path): \($0.sentence)" }
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

  /// The particles of a file, merged into each of some numbers of cells, or each by itself where there are
  /// not more than cells.
  private static func clouds(
    _ sample: CoarseningSample, _ levels: [Int], _ reader: PieceReader
  ) throws(CommandFailure) -> [CoarseCloud] {
    let coarse = levels.filter { $0 < sample.particleCount }
    let counts = [coarse.last, coarse.count < levels.count ? sample.particleCount : nil]
    var measures: [CoarsenedMeasure] = []
    for count in counts.compactMap(\.self) {
      let cells = try coarsening { () throws(CoarseningError) in try sample.cells(count) }
      measures.append(CoarsenedMeasure(cells))
    }
    _ = try reader.forEach("merging particles of \(reader.path)") {
      chunk throws(CoarseningError) in
      for index in measures.indices { try measures[index].add(chunk) }
    }
    guard let first = measures.first, first.particleCount == sample.particleCount else {
      throw CommandFailure(
        CoarseningError.differentParticles(
          expected: sample.particleCount, found: measures.first?.particleCount ?? 0), reader.path)
    }
    var merged: [CoarseCloud] = []
    for level in coarse {
      merged.append(
        try coarsening(reader.path) { () throws(CoarseningError) in try first.cloud(cells: level) })
    }
    if merged.contains(where: { $0.loss == nil }) {
      merged = try measured(merged, reader)
    }
    guard coarse.count < levels.count, let last = measures.last else { return merged }
    let exact = try coarsening(reader.path) { () throws(CoarseningError) in try last.cloud() }
    return merged + levels.dropFirst(coarse.count).map { _ in exact }
  }

  /// The merged particles with what merging loses, from another look at all particles.
  private static func measured(
    _ clouds: [CoarseCloud], _ reader: PieceReader
  ) throws(CommandFailure) -> [CoarseCloud] {
    var losses = try coarsening { () throws(CoarseningError) in try CoarseningLoss(of: clouds) }
    _ = try reader.forEach("measuring what merging loses in \(reader.path)") {
      chunk throws(CoarseningError) in try losses.add(chunk)
    }
    return try coarsening { () throws(CoarseningError) in try losses.clouds() }
  }
}

/// Goes through the particles of a file, in pieces.
struct PieceReader {
  let path: String
  private let space: ComparedSpace
  private let loader: SnapshotLoader

  init(_ path: String, space: ComparedSpace, _ loader: SnapshotLoader) {
    (self.path, self.space, self.loader) = (path, space, loader)
  }

  func forEach(
    _ stage: String,
    _ body: (ParticleChunk) throws(CoarseningError) -> Void
  ) throws(CommandFailure) -> SnapshotFile {
    var loader = loader
    let file = try loader.stream(path, stage: stage) { piece throws(CommandFailure) in
      var piece = piece
      if space == .position { piece.velocities = [] }
      let chunk: ParticleChunk
      do throws(PhaseSpaceError) {
        chunk = try piece.chunk()
      } catch {
        throw CommandFailure(SnapshotError.unusable(path: path, reason: error))
      }
      try coarsening(path) { () throws(CoarseningError) in try body(chunk) }
      return true
    }
    return file
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
