import KineticTransport

/// Runs `kwass compare`.
struct CompareCommand: Command {
  static let name = "compare"
  static let summary = "Judge snapshots by their distance from a reference: a gate for CI."
  static let synopsis = "REFERENCE FILE... --tolerance D [options]"
  static let explanation = """
    Measures the distance of each FILE from REFERENCE: a gate for continuous integration, which the
    order of the particles does not touch. Beside it stands the noise floor, the distance between
    random halves of REFERENCE: what lies below it may be noise alone. FILE may be a directory, a
    pattern such as run_%T.h5, or a file of several iterations. REFERENCE may be one too; each
    snapshot is then compared with that of the same name.
    """
  static let example =
    "reference.npz run.npz --tolerance 0.1"

  static let commonOptions = [
    "--tolerance", "--gate-only", "--time-limit", "--junit",
    "--report", "--figure", "--json",
    "--p", "--cost", "--lambda", "--space", "--box", "--species", "--scale",
  ]

  static let isParallel = true

  let options: CompareOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let stopwatch = Stopwatch()
    for path in options.outputs {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    let found: Found
    do throws(CommandFailure) {
      found = try compare(on: console)
      try writeJUnit(found.judgements, seconds: stopwatch.seconds)
    } catch {
      // The sentence of this failure matters more than one about the file that reports it.
      try? writeJUnit(error, seconds: stopwatch.seconds)
      throw error
    }
    try FigureOutput.draw(to: options.figurePath, on: console) { () throws(CommandFailure) in
      try figure(of: found)
    }
    let judgements = found.judgements
    let status = Gate.judge(
      judgements.map(\.verdict), about: "\(Self.gateOption) \(options.allowance.text)", console)
    let areStopped = judgements.contains {
      $0.verdict == .undecided && $0.outcome.interruption != nil
    }
    return status == .undecided && areStopped ? .timeLimit : status
  }

  static let gateOption = "--tolerance"

  /// The snapshots and their verdicts.
  struct Found {
    let names: ComparedNames
    /// The references, then the snapshots that were judged.
    let files: [SnapshotFile]
    let judgements: [Judgement]
  }

  /// Measures all files and prints what was found.
  private func compare(on console: any Console) throws(CommandFailure) -> Found {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let names = try ComparedNames(options)
    for path in options.outputs where (names.files + names.references).contains(path) {
      throw CommandFailure(
        .usage, "The output \(path) would replace the snapshot of that name.")
    }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    for name in names.references + names.files { files.append(try loader.load(name)) }
    try checkAxes(names, files)
    let measured = try Comparison(options: options, names: names, files: files, progress)
    try writePage(about: measured.judgements, progress)
    progress.finish()
    let report = CompareReport(
      options: options, names: names, comparison: measured, loader: loader,
      metric: try options.measurement.metric.summary)
    try console.print(options.isJSON ? report.json.text + "\n" : report.text)
    return Found(names: names, files: files, judgements: measured.judgements)
  }

  /// The page about the snapshot that is the furthest from its reference, where one was asked for.
  private func writePage(
    about judgements: [Judgement], _ progress: ProgressLine
  ) throws(CommandFailure) {
    func upper(_ judgement: Judgement) -> Double { judgement.outcome.distanceBounds.upper }
    guard let path = options.reportPath,
      let furthest = judgements.max(by: { upper($0) < upper($1) })
    else { return }
    var measurement = options.measurement
    (measurement.gate, measurement.match) = (GateOptions(), nil)
    let subject = ReportSubject(
      paths: [furthest.reference, furthest.file], measurement: measurement,
      splits: options.splits, seed: options.seed, arguments: options.arguments)
    let verdicts = judgements.map { one in
      ReportVerdict(
        file: one.file, reference: one.reference, bounds: one.outcome.distanceBounds,
        limit: one.gate.limit, verdict: one.verdictText, noise: one.noiseText,
        pValue: one.significance?.pValue)
    }
    try subject.page(about: verdicts, progress).write(to: path)
  }
}

/// What was found of a snapshot.
struct Judgement {
  /// The snapshot.
  let file: String
  /// What it was compared with.
  let reference: String
  let outcome: SnapshotPairs.Outcome
  let gate: Gate
  /// The noise floor of the reference; `nil` where there was no time for it.
  let floor: NoiseFloor?
  /// Whether both may be samples of one state; `nil` where that was not tested.
  let significance: PermutationTest?

  var verdict: GateVerdict { gate.verdict(outcome.distanceBounds) }

  /// Where the distance lies beside the noise; `nil` where that was not measured.
  var noiseVerdict: GateVerdict? {
    floor.map { GateVerdict(of: outcome.distanceBounds, threshold: $0.largest) }
  }

  /// The verdict in words.
  var verdictText: String {
    switch verdict {
    case .above: "exceeds the tolerance"
    case .within: "passes"
    case .undecided: "may exceed the tolerance"
    }
  }

  /// The same for the noise.
  var noiseText: String? {
    switch noiseVerdict {
    case .above?: "above the noise"
    case .within?: "within the noise"
    case .undecided?: "near the noise"
    case nil: nil
    }
  }
}
