import KineticTransport

/// The two solutions of `kwass stability` at their start.
struct StabilityInputs {
  let first: CharacteristicFlow
  let second: CharacteristicFlow
  /// Sentences about how the files were understood and the method.
  let notes: [String]

  init(_ options: StabilityOptions, _ progress: ProgressLine) throws(CommandFailure) {
    let files = try options.paths.map { path throws(CommandFailure) -> SnapshotFile in
      progress.begin("reading \(path)")
      return try attempt { () throws(SnapshotError) in try SnapshotFile.read(path) }
    }
    let sizes = files.map { [$0.snapshot.positions.count, $0.snapshot.velocities.count] }
    guard sizes[0] == sizes[1] else {
      let words = zip(files, sizes).map { file, size in
        "\(file.path) has \(size[0]) position and \(size[1]) velocity coordinates"
      }
      throw CommandFailure(.badData, "\(words[0]), \(words[1]); both must have the same.")
    }
    let (box, note) = try Self.box(files, options)
    var notes = [note].compactMap(\.self)
    for file in files { notes += file.notes.map { "\(file.path): \($0)" } }
    let flows = try files.map { file throws(CommandFailure) -> CharacteristicFlow in
      let measure = try attempt { () throws(SnapshotError) in try file.measure(box: box) }
      return try options.system.flow(from: file.snapshot, measure: measure)
    }
    let masses = flows.map(\.particles.rawMass)
    if abs(masses[0] - masses[1]) > 1e-9 * max(masses[0], masses[1]) {
      notes.append(
        "The raw masses differ, \(masses[0]) and \(masses[1]); both are normalised to 1.")
    }
    if let warning = flows[0].stepWarning { notes.append(warning) }
    (first, second) = (flows[0], flows[1])
    self.notes = notes
  }

  /// The box for both snapshots, and what should be said about it.
  private static func box(
    _ files: [SnapshotFile], _ options: StabilityOptions
  ) throws(CommandFailure) -> (Domain?, String?) {
    let dimension = files[0].snapshot.positions.count
    guard let axes = options.box else {
      let stated = files.map(\.snapshot.box)
      guard stated[0] == stated[1] else {
        let words = stated.map { $0.map { "the box \($0.notation)" } ?? "no box" }
        throw CommandFailure(
          .badData,
          "\(files[0].path) states \(words[0]) and \(files[1].path) states \(words[1]); "
            + "say with --box which is right.")
      }
      return (
        stated[0],
        stated[0] == nil
          ? "The files state no box; space is taken as free (--box says otherwise)." : nil
      )
    }
    guard axes.count == dimension else {
      throw CommandFailure(
        .usage,
        "The option --box has \(count(axes.count, "axis", "axes")), but the snapshots have "
          + "\(count(dimension, "position coordinate", "position coordinates")).")
    }
    do throws(DomainError) {
      return (try Domain(axes), nil)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
