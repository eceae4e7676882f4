import KineticTransport

/// The arguments of `kwass compare`.
struct CompareOptions: OptionGroup, Equatable {
  /// The reference snapshot.
  var reference: String
  /// The snapshots to judge.
  var paths: [String]
  /// The largest distance that passes.
  var tolerance: Double
  /// How often the reference is split for the noise floor.
  var splits: Int
  /// Settles how it is split.
  var seed: UInt64
  /// How distances are measured.
  var measurement: MeasurementOptions
  /// Where to write the verdicts as JUnit XML; `nil` for nowhere.
  var junitPath: String?
  /// Whether to print JSON.
  var isJSON: Bool

  static let specification =
    GateOptions.toleranceSpecification + [
      OptionSpecification(
        "--splits", "N", "Random splits of REFERENCE for the noise floor. Default: 5."),
      OptionSpecification(
        "--seed", "S", "A whole number that settles the splits. Default: 1."),
      OptionSpecification("--json", "Print one JSON object."),
      OptionSpecification(
        "--junit", "FILE",
        "Also write the verdicts as JUnit XML, a test for each FILE. One that is above the tolerance or "
          + "undecided is a failure; where the comparison itself fails, each is an error."),
    ] + MeasurementOptions.specification + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let operands = try reader.operands(2...(.max), "REFERENCE and at least one FILE")
    (reference, paths) = (operands[0], Array(operands.dropFirst()))
    tolerance = try reader.required(
      reader.number("--tolerance", "a number of at least 0") { $0 >= 0 }, "--tolerance")
    measurement = try MeasurementOptions(
      reader, gate: GateOptions(tolerance: tolerance, reader))
    splits = try reader.integer("--splits", "a whole number from 1 to 1000", in: 1...1000) ?? 5
    seed = try reader.seed() ?? 1
    isJSON = reader.has("--json")
    junitPath = reader.text("--junit")
    if let junitPath, operands.contains(junitPath) {
      throw .conflict("The output \(junitPath) would replace the snapshot of that name.")
    }
  }
}

/// Runs `kwass compare`.
struct CompareCommand: Command {
  static let name = "compare"
  static let summary = "Judge snapshots by their distance from a reference: a gate for CI."
  static let synopsis = "REFERENCE FILE... --tolerance D [options]"
  static let explanation = """
    Measures the distance of each FILE from REFERENCE: a gate for continuous integration, which the
    order of the particles does not touch. Beside it stands the noise floor, the distance between
    random halves of REFERENCE: what lies below it may be noise alone.
    """
  static let example =
    "reference.npz run.npz --tolerance 0.1"

  static let commonOptions = [
    "--tolerance", "--gate-only", "--splits", "--junit", "--json", "--p", "--cost", "--lambda",
    "--space", "--box", "--species", "--scale",
  ]

  static let isParallel = true

  let options: CompareOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let stopwatch = Stopwatch()
    if let path = options.junitPath {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    do throws(CommandFailure) {
      let pairs = try compare(on: console)
      try writeJUnit(pairs, seconds: stopwatch.seconds)
      return gate.judge(pairs.map(\.distanceBounds), console)
    } catch {
      // The sentence of this failure matters more than one about the file that reports it.
      try? writeJUnit(error, seconds: stopwatch.seconds)
      throw error
    }
  }

  /// Measures all files and prints what was found.
  private func compare(
    on console: any Console
  ) throws(CommandFailure) -> [SnapshotPairs.Outcome] {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    for name in [options.reference] + options.paths { files.append(try loader.load(name)) }
    let pairs = try SnapshotPairs(options: options.measurement, files: files)
      .distances(options.paths.indices.map { (0, $0 + 1) }, progress)
    progress.begin("measuring the noise floor")
    let floor = try noiseFloor(of: files[0], like: files[1])
    progress.finish()
    let metric = try options.measurement.metric.summary
    try console.print(
      options.isJSON
        ? json(pairs, floor, loader, metric).text + "\n"
        : text(pairs, floor, loader, metric))
    return pairs
  }

  /// The distances between random halves of the reference, without a gate.
  private func noiseFloor(
    of reference: SnapshotFile, like other: SnapshotFile
  ) throws(CommandFailure) -> NoiseFloor {
    guard reference.snapshot.count > 1 else {
      throw CommandFailure(
        .badData,
        "\(reference.path) has one particle, which cannot be split; a noise floor needs two.")
    }
    var measured = options.measurement
    measured.gate = GateOptions()
    let inputs = try DistanceInputs([reference, other], measured)
    do throws(NoiseFloorError) {
      return try NoiseFloor(
        of: inputs.source, in: try metric(), splits: options.splits, seed: options.seed,
        space: inputs.space, solver: measured.solver)
    } catch {
      throw CommandFailure(error.status, "\(reference.path): \(error)")
    }
  }

  private func metric() throws(NoiseFloorError) -> KineticMetric {
    do throws(KineticMetricError) {
      return try options.measurement.metric.metric()
    } catch {
      throw .distance(error)
    }
  }

  var gate: Gate { Gate(option: "--tolerance", limit: options.tolerance) }

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
        switch gate.verdict(pair.distanceBounds) {
        case .above: "exceeds the tolerance"
        case .within: "passes"
        case .undecided: "may exceed the tolerance"
        }
      let noise =
        switch GateVerdict(of: pair.distanceBounds, threshold: floor.largest) {
        case .above: "above the noise"
        case .within: "within the noise"
        case .undecided: "near the noise"
        }
      let value =
        options.measurement.gate.decidesOnly
        ? "[\(pair.distanceBounds.lower), \(pair.distanceBounds.upper)]" : "\(pair.distance)"
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
                .init("lower", .number(pair.distanceBounds.lower)),
                .init("upper", .number(pair.distanceBounds.upper)),
              ] + CostParts.members(pair.parts) + gate.members(pair.distanceBounds) + [
                .init(
                  "aboveNoise",
                  GateVerdict(of: pair.distanceBounds, threshold: floor.largest).isAbove.map {
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

extension NoiseFloorError {
  /// The status with which the command ends.
  var status: ExitCode {
    if case .distance(let error) = self { error.failure.status } else { .badData }
  }
}
