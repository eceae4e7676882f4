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
