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

  static let commonOptions = [
    "--json", "--figure", "--axes", "--species", "--positions", "--velocities", "--columns",
    "--scale",
  ]

  let options: InfoOptions

  /// Describes each file that can be described; the first failure decides the status.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    var failure: CommandFailure?
    var found: [SnapshotDescription] = []
    var measures: [PhaseSpaceMeasure] = []
    var failures: [(path: String, sentence: String)] = []
    try FigureOutput.check([options.figure])
    for path in allPaths() {
      let progress = ProgressLine("reading \(path)", on: console)
      do throws(CommandFailure) {
        let (description, measure) = try describe(path, progress)
        progress.finish()
        if let measure { measures.append(measure) }
        if !options.isJSON { try console.print(description.text) }
        if options.isJSON || options.figure != nil { found.append(description) }
      } catch {
        progress.finish()
        if options.paths == [path] { throw error }
        console.report("kwass: \(error.sentence)\n")
        failures.append((path, error.sentence))
        failure = failure ?? error
      }
    }
    if options.isJSON { try console.print(json(found, failures).text + "\n") }
    try draw(found, measures, on: console)
    return failure?.status ?? .success
  }

  /// What is in a file, and where a figure is wanted its particles.
  private func describe(
    _ path: String, _ progress: ProgressLine
  ) throws(CommandFailure) -> (SnapshotDescription, PhaseSpaceMeasure?) {
    var loader = SnapshotLoader(options.snapshots, progress, wrapping: .all)
    if isStreamed(path) {
      var streaming = loader
      do throws(CommandFailure) {
        let (statistics, file) = try SnapshotStatistics.streaming(path, &streaming)
        let description = SnapshotDescription(
          name: path, file: file, statistics: statistics, scales: streaming.scales)
        return (description, nil)
      } catch {
        // What is wrong with a file is said as everywhere, by those who read all of it.
        guard SnapshotReference.size(of: path) <= SnapshotFile.largestWholeSize else { throw error }
      }
    }
    let file = try loader.load(path)
    let measure = try attempt { () throws(SnapshotError) in try file.measure() }
    let description = SnapshotDescription(
      name: path, file: file, statistics: try SnapshotStatistics(file), scales: loader.scales)
    return (description, options.figure == nil ? nil : measure)
  }

  /// Whether a file is read piece by piece: a figure takes all particles, a pipe cannot be read a second time, and
  /// some normalisations take all particles before the first one is scaled.
  private func isStreamed(_ path: String) -> Bool {
    let normalization = options.snapshots.normalization
    return options.figure == nil && (normalization == nil || normalization == .box)
      && !SnapshotReference.isPipe(SnapshotReference.parts(of: path).path)
  }

  private func json(
    _ found: [SnapshotDescription], _ failures: [(path: String, sentence: String)]
  ) -> JSON {
    .document(
      "info",
      [
        .init("snapshots", .array(found.map(\.json))),
        .init(
          "failures",
          .array(
            failures.map {
              .object([.init("file", .string($0.path)), .init("error", .string($0.sentence))])
            })),
      ])
  }

  /// The densities of all snapshots in one figure.
  private func draw(
    _ found: [SnapshotDescription], _ measures: [PhaseSpaceMeasure], on console: any Console
  ) throws(CommandFailure) {
    guard options.figure != nil, let first = found.first else { return }
    for other in found { try check(other, like: first) }
    let names = ShortNames.of(found.map(\.name))
    try StateFigure(
      title: names.count > 3 ? "\(names.count) snapshots" : names.joined(separator: " and "),
      names: names, measures: measures, coordinates: first.file.coordinates,
      axes: options.axes
    ).draw(to: options.figure, on: console)
  }

  /// Refuses a figure of snapshots that have not the same coordinates in the same units.
  private func check(
    _ other: SnapshotDescription, like first: SnapshotDescription
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
}
