import KineticTransport

/// Runs `kwass info`.
struct InfoCommand: Command {
  static let name = "info"
  static let summary = "Say what is in a snapshot and how it is understood."
  static let synopsis = "FILE... [options]"
  static let explanation = """
    Says what is in each FILE and how it is understood: format and dialect, species, counts, masses,
    time, box, units, what was assumed, and for each coordinate its range, mean and standard
    deviation. FILE#N names the iteration N of a file that has several.
    """
  static let example =
    "a.npz b.csv"

  let options: InfoOptions

  /// Describes each file that can be described; the first failure decides the status.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    var failure: CommandFailure?
    var shown: [(name: String, file: SnapshotFile, measure: PhaseSpaceMeasure)] = []
    try FigureOutput.check([options.figure])
    for path in allPaths() {
      let progress = ProgressLine("reading \(path)", on: console)
      do throws(CommandFailure) {
        var loader = SnapshotLoader(options.snapshots, progress, wrapping: .all)
        let file = try loader.load(path)
        let measure = try attempt { () throws(SnapshotError) in try file.measure() }
        let text = Self.text(for: file, named: path, measure: measure, scales: loader.scales)
        progress.finish()
        try console.print(text)
        if options.figure != nil { shown.append((path, file, measure)) }
      } catch {
        progress.finish()
        if options.paths == [path] { throw error }
        console.report("kwass: \(error.sentence)\n")
        failure = failure ?? error
      }
    }
    try draw(shown, on: console)
    return failure?.status ?? .success
  }

  /// The densities of all snapshots in one figure.
  private func draw(
    _ found: [(name: String, file: SnapshotFile, measure: PhaseSpaceMeasure)],
    on console: any Console
  ) throws(CommandFailure) {
    guard options.figure != nil, let first = found.first else { return }
    for other in found {
      try check((other.name, other.file), like: (first.name, first.file))
    }
    let names = ShortNames.of(found.map(\.name))
    try StateFigure(
      title: names.count > 3 ? "\(names.count) snapshots" : names.joined(separator: " and "),
      names: names, measures: found.map(\.measure), coordinates: first.file.coordinates,
      axes: options.axes
    ).draw(to: options.figure, on: console)
  }

  /// Refuses a figure of snapshots that have not the same coordinates in the same units.
  private func check(
    _ other: (name: String, file: SnapshotFile), like first: (name: String, file: SnapshotFile)
  ) throws(CommandFailure) {
    func all(_ names: CoordinateNames) -> [CoordinateNames.Coordinate] {
      names.positions + names.velocities
    }
    let (one, two) = (first.file.coordinates, other.file.coordinates)
    let isAlike =
      one.positions.count == two.positions.count && one.velocities.count == two.velocities.count
      && zip(all(one), all(two)).allSatisfy {
        $0.unit == nil || $1.unit == nil || $0.unit == $1.unit
      }
    guard !isAlike else { return }
    throw CommandFailure(
      .badData,
      "One figure shows the same coordinates of all snapshots, but \(first.name) has "
        + "\(UsageError.list(all(one).map(\.label), "and")), and \(other.name) has "
        + "\(UsageError.list(all(two).map(\.label), "and")).")
  }

  /// The operands, with each iteration of a file that has several by itself; what cannot be listed
  /// stands for itself and fails when it is read.
  private func allPaths() -> [String] {
    options.paths.flatMap { path in (try? SnapshotList.names([path])) ?? [path] }
  }

  // MARK: The text

  private static func text(
    for file: SnapshotFile, named name: String, measure: PhaseSpaceMeasure, scales: AppliedScales
  ) -> String {
    let snapshot = file.snapshot
    var table = Table()
    table.add("format", "\(file.format.rawValue): \(file.layout)")
    for fact in file.facts { table.add(fact.name, fact.phrase) }
    table.add(
      "particles",
      "\(measure.count) in \(measure.positionDimension) position and "
        + "\(measure.velocityDimension) velocity coordinates")
    if let ids = snapshot.ids { table.add("ids", identityText(ids)) }
    table.add("time", snapshot.time.map(\.description) ?? "not stated")
    table.add("box", snapshot.box?.notation ?? "not stated: free space is assumed")
    table.add("masses", massText(snapshot, measure))
    table.add("scales", scales.text)
    if snapshot.velocities.isEmpty { table.add("note", "There are no velocities.") }
    for note in file.notes { table.add("note", note.sentence) }
    for axis in snapshot.positions.indices {
      table.add("x\(axis + 1)", statistics(measure.position(axis), measure.masses))
    }
    for axis in snapshot.velocities.indices {
      table.add("v\(axis + 1)", statistics(measure.velocity(axis), measure.masses))
    }
    return "\(name)\n\(table.text(indentedBy: 2))"
  }

  private static func identityText(_ ids: [UInt64]) -> String {
    let sorted = ids.sorted()
    let distinct = 1 + zip(sorted, sorted.dropFirst()).count { $0 != $1 }
    return "from \(sorted.first ?? 0) to \(sorted.last ?? 0), "
      + (distinct == ids.count ? "all different" : "\(distinct) different ones")
  }

  private static func massText(_ snapshot: Snapshot, _ measure: PhaseSpaceMeasure) -> String {
    guard let weights = snapshot.weights else {
      return "not stated: all equal, 1/\(measure.count) each"
    }
    let zeros = weights.count { $0 == 0 }
    let range = "each from \(weights.min() ?? 0) to \(weights.max() ?? 0)"
    return "total \(measure.rawMass), normalised to 1; \(range)"
      + (zeros > 0 ? ", \(zeros) of them zero" : "")
  }

  /// Range, mean and standard deviation of a coordinate, the last two weighted by mass.
  private static func statistics(_ values: [Double], _ masses: [Double]) -> String {
    let spread = WeightedSpread(values, masses)
    return "from \(values.min() ?? 0) to \(values.max() ?? 0), mean \(spread.mean), "
      + "standard deviation \(spread.deviation)"
  }
}
