import KineticTransport

/// The two solutions of `kwass stability` at their start.
struct StabilityInputs {
  let first: CharacteristicFlow
  let second: CharacteristicFlow
  /// What the coordinates are called.
  let coordinates: CoordinateNames
  /// Sentences about how the files were understood and the method.
  let notes: [String]

  init(_ options: StabilityOptions, _ progress: ProgressLine) throws(CommandFailure) {
    let files = try options.paths.map { path throws(CommandFailure) -> SnapshotFile in
      progress.begin("reading \(path)")
      return try attempt { () throws(SnapshotError) in try SnapshotFile.read(path) }
    }
    try attempt { () throws(SnapshotPairError) in try files[0].checkDimensions(like: files[1]) }
    let (box, note) = try Self.box(files, options)
    var notes = [note].compactMap(\.self)
    for file in files { notes += file.notes.map { "\(file.path): \($0.sentence)" } }
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
    coordinates = files[0].coordinates
    self.notes = notes
  }

  /// The box for both snapshots, and what should be said about it.
  private static func box(
    _ files: [SnapshotFile], _ options: StabilityOptions
  ) throws(CommandFailure) -> (ProductDomain?, String?) {
    if let box = options.box {
      return (try box.domain(of: files[0].snapshot, named: files[0].path), nil)
    }
    let shared = try attempt { () throws(SnapshotPairError) in
      try files[0].sharedBox(with: files[1])
    }
    return (shared, shared == nil ? PairNote.noBox.sentence : nil)
  }
}
