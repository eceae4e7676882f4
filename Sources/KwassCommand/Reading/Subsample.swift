import KineticTransport

/// Some of the particles of a snapshot in the place of all.
struct Subsample: Sendable, Equatable {
  /// How many.
  var count: Int
  /// Settles which.
  var seed: UInt64

  /// How often particles are drawn to estimate the error that drawing brings.
  static let repetitions = 5

  static let specification = [
    OptionSpecification(
      "--subsample", "N", "Take N particles of a snapshot, drawn at random; needs --seed."),
    seedSpecification,
  ]

  static let seedSpecification = OptionSpecification(
    "--seed", "S", "A whole number that settles all random choices.")

  init?(_ reader: ArgumentReader) throws(UsageError) {
    let count = try reader.integer(
      "--subsample", "a whole number from 1 to 1000000000", in: 1...1_000_000_000)
    let seed = try reader.seed()
    switch (count, seed) {
    case (nil, nil): return nil
    case (let count?, let seed?): (self.count, self.seed) = (count, seed)
    default: throw .conflict("--subsample and --seed need each other.")
    }
  }

  /// Two snapshots with particles drawn from each by itself.
  func drawn(from files: [SnapshotFile], repetition: Int) -> [SnapshotFile] {
    files.enumerated().map { place, file in
      file.replacing(
        drawn(from: file.snapshot, repetition: files.count * repetition + place))
    }
  }

  /// The particles that are drawn from a snapshot; different repetitions draw others.
  func drawn(from snapshot: Snapshot, repetition: Int) -> Snapshot {
    var generator = SeededGenerator(seed: seed &+ UInt64(repetition) &* 0x9e37_79b9_7f4a_7c15)
    return snapshot.subsample(count, using: &generator)
  }
}

extension ArgumentReader {
  /// The seed; `nil` when it was not given.
  func seed() throws(UsageError) -> UInt64? {
    try integer(
      "--seed", "a whole number from 0 to \(UInt64.max)", in: UInt64.min...UInt64.max)
  }
}
