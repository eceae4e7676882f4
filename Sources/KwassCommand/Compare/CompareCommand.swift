import KineticTransport

/// The arguments of `kwass compare`.
public struct CompareOptions: Sendable, Equatable {
  /// The snapshot that is right.
  public var reference: String
  /// The snapshots to judge.
  public var paths: [String]
  /// The largest distance that passes.
  public var tolerance: Double
  /// How often the reference is split for the noise floor.
  public var splits: Int
  /// Settles how it is split.
  public var seed: UInt64
  /// The metric.
  public var distance: DistanceOptions
  /// Whether to print JSON.
  public var isJSON: Bool

  static let specification =
    [
      OptionSpecification(
        "--tolerance", "D",
        "The largest distance that passes. The status is 1 when one is proved to be larger, and 2 "
          + "when a bracket does not tell."),
      DistanceOptions.gateOnlySpecification,
      OptionSpecification(
        "--splits", "N", "Random splits of REFERENCE for the noise floor. Default: 5."),
      OptionSpecification(
        "--seed", "S", "A whole number that settles the splits. Default: 1."),
      OptionSpecification("--json", "Print one JSON object."),
    ] + DistanceOptions.metricSpecification + SnapshotOptions.specification + [.help]

  static let explanation = """
    Measures the distance of each FILE from REFERENCE: a gate for continuous integration, which the
    order of the particles does not touch. Beside it stands the noise floor, the distance between
    random halves of REFERENCE: what lies below it may be noise alone.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass compare", options: Self.specification)
    guard reader.operands.count >= 2 else {
      throw .operands(
        command: reader.command, found: reader.operands.count,
        requirement: "REFERENCE and at least one FILE")
    }
    reference = reader.operands[0]
    paths = Array(reader.operands.dropFirst())
    distance = try DistanceOptions(reader, from: reference, to: paths[0])
    tolerance = try reader.required(
      reader.number("--tolerance", "a number of at least 0") { $0 >= 0 }, "--tolerance")
    distance.maximum = tolerance
    distance.limitOption = "--tolerance"
    distance.decidesOnly = reader.has("--gate-only")
    try distance.checkGate()
    splits = try reader.integer("--splits", "a whole number from 1 to 1000", in: 1...1000) ?? 5
    seed = try reader.seed() ?? 1
    isJSON = reader.has("--json")
  }
}

/// Runs `kwass compare`.
struct CompareCommand {
  private let options: CompareOptions
  private let console: any Console

  init(_ options: CompareOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    var loader = SnapshotLoader(
      options.distance.snapshots, box: options.distance.box, progress,
      wrapping: options.distance.space == .velocity ? .none : .suspicious)
    var files: [SnapshotFile] = []
    for name in [options.reference] + options.paths { files.append(try loader.load(name)) }
    let pairs = try SnapshotPairs(options: options.distance, files: files)
      .distances(options.paths.indices.map { (0, $0 + 1) }, progress)
    var measured = options.distance
    (measured.maximum, measured.decidesOnly) = (nil, false)
    let floor = try NoiseFloor(
      of: files[0], splits: options.splits, seed: options.seed, measured, progress)
    progress.finish()
    let metric = try options.distance.metricSummary
    try console.print(
      options.isJSON
        ? json(pairs, floor, loader, metric).text + "\n"
        : text(pairs, floor, loader, metric))
    return gate.judge(pairs.map(\.bounds), console)
  }

  private var gate: Gate { Gate(option: "--tolerance", limit: options.tolerance) }

  private func text(
    _ pairs: [SnapshotPairs.Outcome], _ floor: NoiseFloor, _ loader: SnapshotLoader,
    _ metric: String
  ) -> String {
    var table = Table()
    table.add("reference", options.reference)
    table.add("metric", metric)
    table.add("tolerance", plain(options.tolerance))
    table.add(
      "noise floor",
      "\(floor.mean), at most \(floor.largest), between halves in "
        + "\(count(options.splits, "split", "splits"))")
    loader.scales.describe(in: &table)
    for note in notes(pairs, loader) { table.add("note", note) }
    for (path, pair) in zip(options.paths, pairs) {
      let verdict =
        switch gate.verdict(pair.bounds) {
        case .above: "exceeds the tolerance"
        case .within: "passes"
        case .undecided: "may exceed the tolerance"
        }
      let noise =
        switch GateVerdict(of: pair.bounds, threshold: floor.largest) {
        case .above: "above the noise"
        case .within: "within the noise"
        case .undecided: "near the noise"
        }
      let value =
        options.distance.decidesOnly
        ? "[\(pair.bounds.lower), \(pair.bounds.upper)]" : "\(pair.distance)"
      table.add(path, "\(value) \(verdict), \(noise)")
      if let parts = pair.parts { table.add("", "parts of the cost: \(parts.text)") }
    }
    return table.text()
  }

  private func json(
    _ pairs: [SnapshotPairs.Outcome], _ floor: NoiseFloor, _ loader: SnapshotLoader,
    _ metric: String
  ) -> JSON {
    let members: [JSON.Member] = [
      .init("reference", .string(options.reference)),
      .init("metric", .string(metric)),
      .init("tolerance", .number(options.tolerance)),
      .init("noiseFloor", .number(floor.mean)),
      .init("noiseFloorLargest", .number(floor.largest)),
      .init("noiseFloorSplits", .array(floor.distances.map { .number($0) })),
      .init("seed", .string("\(options.seed)")),
      .init("notes", .array(notes(pairs, loader).map { .string($0) })),
      .init(
        "files",
        .array(
          zip(options.paths, pairs).map { path, pair in
            return .object(
              [
                .init("file", .string(path)),
                .init("distance", .number(pair.distance)),
                .init("lower", .number(pair.bounds.lower)),
                .init("upper", .number(pair.bounds.upper)),
              ] + CostParts.members(pair.parts) + gate.members(pair.bounds) + [
                .init(
                  "aboveNoise",
                  GateVerdict(of: pair.bounds, threshold: floor.largest).isAbove.map {
                    .boolean($0)
                  } ?? .null)
              ])
          })),
    ]
    return .document("compare", members + loader.scales.members)
  }

  private func notes(_ pairs: [SnapshotPairs.Outcome], _ loader: SnapshotLoader) -> [String] {
    PairNote.sentences(pairs.map(\.notes)) + loader.notes
  }
}
