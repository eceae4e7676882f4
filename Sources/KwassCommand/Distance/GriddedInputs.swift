import KineticTransport

/// Two snapshots that are read piece by piece, with their particles moved to the centers of one grid.
struct GriddedInputs {
  /// The particles of each file on the grid.
  private(set) var clouds: [CoarseCloud] = []
  /// For each file the numbers of particles and its mass as given.
  private(set) var sizes: [Int] = []
  private(set) var rawMasses: [Double] = []
  /// What a user should know of the files, in sentences.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - counts: the numbers of cells on each position axis and on each velocity axis.
  ///   - keepsGrid: whether the solver works axis by axis.
  init(
    _ readers: [PieceReader], _ heads: DistanceInputs, _ metric: KineticMetric,
    _ counts: (positions: Int, velocities: Int), keepsGrid: Bool
  ) throws(CommandFailure) {
    var extents: [CoarseningExtent] = []
    for (reader, head) in zip(readers, [heads.source, heads.target]) {
      var extent = try coarsening { () throws(CoarseningError) in
        try CoarseningExtent(
          in: metric, box: heads.source.box, velocityDimension: head.velocityDimension,
          space: heads.space)
      }
      var mass = CompensatedSum()
      let found = try reader.forEach(
        "looking how far particles of \(reader.path) reach", where: { _ in true }
      ) { chunk, _ throws(CoarseningError) in
        try extent.add(chunk)
        for value in chunk.masses ?? [] { mass.add(value) }
      }
      extents.append(extent)
      sizes.append(extent.particleCount)
      rawMasses.append(found.file.snapshot.weights == nil ? 1 : mass.value)
      let sentences = found.file.notes.map(\.sentence) + found.loader.wrappingNotes(found.tally)
      notes += sentences.map { "\(reader.path): \($0)" }
    }
    let grid = try coarsening { () throws(CoarseningError) in
      try CoarseningGrid(
        covering: extents, positions: counts.positions, velocities: counts.velocities)
    }
    for (reader, extent) in zip(readers, extents) {
      var measure = GriddedMeasure(grid, extent)
      _ = try reader.forEach(
        "moving particles of \(reader.path) to the grid", where: { _ in true }
      ) { chunk, _ throws(CoarseningError) in try measure.add(chunk) }
      clouds.append(
        try coarsening(reader.path) { () throws(CoarseningError) in
          try measure.cloud(keepsGrid: keepsGrid)
        })
    }
  }
}
