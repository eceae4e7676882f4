import KineticTransport

/// What is said of the particles of a snapshot on the whole.
struct SnapshotStatistics {
  /// Number, masses, ranges, means and covariances, of positions in the box.
  let summary: ParticleStatistics.Summary
  /// The identities of the particles; `nil` where the file states none.
  let identities: Identities?

  struct Identities {
    let least: UInt64
    let greatest: UInt64
    let count: Int
    let distinct: Int

    var text: String {
      "from \(least) to \(greatest), "
        + (distinct == count ? "all different" : "\(distinct) different ones")
    }
  }

  /// Those of a snapshot in memory.
  init(_ file: SnapshotFile) throws(CommandFailure) {
    var gathering = StatisticsGathering()
    try gathering.add(file.snapshot, file.path)
    try self.init(gathering, file.path) { part throws(CommandFailure) in
      part.add(file.snapshot.ids ?? [])
    }
  }

  /// Those of a snapshot that is read piece by piece, and the file without its particles.
  static func streaming(
    _ name: String, _ loader: inout SnapshotLoader, chunkSize: Int = 1 << 18
  ) throws(CommandFailure) -> (statistics: SnapshotStatistics, file: SnapshotFile) {
    var gathering = StatisticsGathering()
    let first = loader
    let file = try loader.stream(
      name, chunkSize: chunkSize, wholeSize: .max, includesIds: true
    ) { piece throws(CommandFailure) in
      try gathering.add(piece, name)
      return true
    }
    if let time = file.snapshot.time, !time.isFinite {
      throw CommandFailure(SnapshotError.unusable(path: name, reason: .badTime(time)))
    }
    let statistics = try SnapshotStatistics(gathering, name) { part throws(CommandFailure) in
      var again = first
      _ = try again.stream(
        name, chunkSize: chunkSize, stage: "counting the ids of \(name)", wholeSize: .max,
        includesIds: true
      ) { piece in
        part.add(piece.ids ?? [])
        return true
      }
    }
    return (statistics, file)
  }

  /// - Parameter fill: goes through all ids once more.
  private init(
    _ gathering: StatisticsGathering, _ name: String,
    _ fill: (inout IdentityPart) throws(CommandFailure) -> Void
  ) throws(CommandFailure) {
    do throws(PhaseSpaceError) {
      guard let found = try gathering.particles?.summary() else { throw .measure(.empty) }
      summary = found
    } catch {
      throw CommandFailure(SnapshotError.unusable(path: name, reason: error))
    }
    guard let tally = gathering.identities else {
      identities = nil
      return
    }
    var distinct = tally.distinct ?? 0
    if tally.distinct == nil {
      let count = IdentityPart.count(for: tally.count)
      for number in 0..<count {
        var part = IdentityPart(number, of: count)
        try fill(&part)
        distinct += part.distinct()
      }
    }
    identities = Identities(
      least: tally.least, greatest: tally.greatest, count: tally.count, distinct: distinct)
  }
}

/// What is known of the particles that have come so far.
private struct StatisticsGathering {
  var particles: ParticleStatistics?
  /// `nil` where some have none.
  var identities: IdentityTally? = IdentityTally()

  mutating func add(_ piece: Snapshot, _ name: String) throws(CommandFailure) {
    do throws(PhaseSpaceError) {
      var known = particles ?? ParticleStatistics(box: piece.box)
      particles = nil
      defer { particles = known }
      do throws(PhaseSpaceError) {
        try known.add(try piece.chunk())
      } catch .badCoordinate(let coordinate, let particle, let value) {
        throw .badCoordinate(name: coordinate, particle: known.count + particle, value: value)
      }
    } catch {
      throw CommandFailure(SnapshotError.unusable(path: name, reason: error))
    }
    if let ids = piece.ids { identities?.add(ids) } else { identities = nil }
  }
}
