/// What a reader has found in a file.
struct Reading {
  var snapshot: Snapshot
  /// The grid from which the snapshot was made; `nil` where there is none that is kept.
  var density: DensityGrid?
  /// The columns or arrays, in words.
  var layout: String
  /// What else the file states.
  var facts: [SnapshotFact] = []
  /// What was assumed or left out.
  var notes: [ReadingNote] = []
  /// What the coordinates are called; `nil` where the file does not say.
  var coordinates: CoordinateNames?
}

extension Reading {
  /// What the file states beside its particles.
  var withoutParticles: Reading {
    var copy = self
    copy.snapshot.positions = snapshot.positions.map { _ in [] }
    copy.snapshot.velocities = snapshot.velocities.map { _ in [] }
    copy.snapshot.weights = snapshot.weights.map { _ in [] }
    copy.snapshot.ids = nil
    copy.density = nil
    return copy
  }
}

/// How a snapshot is handed over in pieces.
struct Pieces {
  /// The number of particles of a piece.
  let size: Int
  /// Whether they have ids.
  let includesIds: Bool
  /// Asked of each piece in turn, by its number, before it is read: whether it is to be handed over.
  let isWanted: (Int) -> Bool
}

/// Takes some consecutive particles of a file, and says whether more are wanted.
typealias ChunkBody = (Snapshot) throws(SnapshotError) -> Bool
