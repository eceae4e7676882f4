/// A snapshot of the particles of an openPMD file.
enum OpenPMDSnapshot {
  static func read(
    _ root: HDF5Object, _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    try read(OpenPMDFile(root: root), options, rows: nil).reading
  }

  /// Reads so many particles at a time and hands them over, until `body` says that it has enough.
  static func stream(
    _ root: HDF5Object, _ options: ReadingOptions, _ pieces: Pieces, _ body: ChunkBody
  ) throws(SnapshotError) -> Reading {
    let file = try OpenPMDFile(root: root)
    let (_, iteration) = try file.iteration(options.iteration)
    let (_, group) = try file.species(options.species, in: iteration)
    let total = try OpenPMDSpecies.count(of: group, options)
    var (start, lost) = (0, 0)
    var notes: [ReadingNote] = []
    var last = Reading(snapshot: Snapshot(positions: []), layout: "")
    while true {
      let end = total - start > pieces.size ? start + pieces.size : total
      let rows = ParticleRows(
        range: start..<end, total: total, includesIds: pieces.includesIds)
      var goesOn = true
      if pieces.isWanted(start / pieces.size) {
        let (reading, lostCount) = try read(file, options, rows: rows)
        lost += lostCount
        notes += reading.notes.filter { !notes.contains($0) }
        goesOn = try body(reading.snapshot)
        last = reading.withoutParticles
      } else {
        lost += try OpenPMDSpecies.lostCount(of: group, rows)
      }
      guard end < total, goesOn else {
        if end == total, lost == total, !options.includesLost {
          throw OpenPMDSpecies.noneAlive(group)
        }
        last.notes = notes + [OpenPMDSpecies.lostNote(lost, options)].compactMap(\.self)
        return last
      }
      start = end
    }
  }

  private static func read(
    _ file: OpenPMDFile, _ options: ReadingOptions, rows: ParticleRows?
  ) throws(SnapshotError) -> (reading: Reading, lostCount: Int) {
    let (number, iteration) = try file.iteration(options.iteration)
    let (speciesName, group) = try file.species(options.species, in: iteration)
    let time = try Self.time(of: iteration)
    var species = try OpenPMDSpecies(group, name: speciesName, time: time, options, rows: rows)
    let box = try OpenPMDBox(
      of: try file.meshes(of: iteration), components: species.positionNames)
    species.notes += box.notes
    if options.reference == .mean, box.domain?.axes.contains(where: \.isPeriodic) ?? false {
      throw group.malformed(
        found: "a periodic axis, on which there is no mean", expected: "free axes for a beam",
        choices: [.reference])
    }

    let snapshot = Snapshot(
      positionColumns: species.positions, velocityColumns: species.velocities,
      weights: species.weights,
      box: box.domain, time: species.time, ids: species.ids)
    var facts = [
      SnapshotFact("species", speciesName ?? "without name"),
      SnapshotFact("iteration", number.map(\.description) ?? "the only one"),
      SnapshotFact("x", species.positionText),
    ]
    if !species.velocities.isEmpty {
      facts.append(SnapshotFact("v", species.velocityText))
    }
    facts.append(SnapshotFact("weights", species.weightText))
    if species.time != nil { facts.append(SnapshotFact("time unit", "s")) }
    if let software = file.software { facts.append(SnapshotFact("software", quoted(software))) }
    let dialect = file.extensions.isEmpty ? "" : ", \(quoted(file.extensions))"
    let reading = Reading(
      snapshot: snapshot, layout: "openPMD \(quoted(file.version))\(dialect), \(group.name)",
      facts: facts, notes: species.notes, coordinates: species.coordinates)
    return (reading, species.lostCount)
  }

  /// The time of an iteration in s; `nil` where it is not known.
  private static func time(of iteration: HDF5Object) throws(SnapshotError) -> Double? {
    // kwass writes NaN where it does not know the time, which the standard demands.
    if let time = try iteration.numbers(of: "time"), time.count == 1, time[0].isNaN { return nil }
    return try iteration.number(of: "time").map { time throws(SnapshotError) in
      time * (try iteration.number(of: "timeUnitSI") ?? 1)
    }
  }

  /// The numbers of the iterations of a file, in increasing order; empty where it has one without
  /// number.
  static func iterations(_ root: HDF5Object) throws(SnapshotError) -> [Int] {
    try OpenPMDFile(root: root).iterations().compactMap(\.number)
  }
}
