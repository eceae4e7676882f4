import KineticTransport

/// Runs `kwass compare`.
struct CompareCommand: DividedCommand, DividedWork {
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

  static let outputOptions = ["--json", "--junit", "--report", "--figure", "--axes"]

  let options: CompareOptions
  private let stopwatch = Stopwatch()
  let state = ComparisonState()

  init(options: CompareOptions) { self.options = options }

  var work: any DividedWork { self }

  /// What is printed beside the verdicts.
  struct Frame: Codable, Sendable {
    let names: ComparedNames
    let notes: [String]
    let scales: AppliedScales
  }

  func recordFailure(_ failure: CommandFailure) {
    guard !state.isReported else { return }
    // The sentence of this failure matters more than one about the file that reports it.
    try? writeJUnit(failure, seconds: stopwatch.seconds)
  }

  static let gateOption = "--tolerance"

  func checkOutputs() throws(CommandFailure) {
    for path in options.outputs {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
  }

  func inputs() throws(CommandFailure) -> [String] {
    let names = try ComparedNames(options)
    return names.references + names.files
  }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, Comparison.Finding> {
    let names = try ComparedNames(options)
    for path in options.outputs where (names.files + names.references).contains(path) {
      throw CommandFailure(
        .usage, "The output \(path) would replace the snapshot of that name.")
    }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    for name in names.references + names.files { files.append(try loader.load(name)) }
    try checkAxes(names, files)
    state.files = files
    return try Comparison.workload(
      options, names, files: files,
      frame: Frame(names: names, notes: loader.notes, scales: loader.scales))
  }

  func give(
    _ frame: Frame, _ findings: [Comparison.Finding], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    try checkAxes(frame.names, [])
    let comparison = Comparison(options, frame.names, findings)
    let judgements = comparison.judgements
    try writePage(about: judgements, progress)
    progress.finish()
    let report = CompareReport(
      options: options, frame: frame, comparison: comparison,
      metric: try options.measurement.metric.summary)
    try console.print(options.isJSON ? report.json.text + "\n" : report.text)
    try writeJUnit(judgements, seconds: stopwatch.seconds)
    state.isReported = true
    try FigureOutput.draw(to: options.figurePath, on: console) { () throws(CommandFailure) in
      try figure(of: judgements)
    }
    let status = Gate.judge(
      judgements.map(\.verdict), about: "\(Self.gateOption) \(options.allowance.text)", console)
    let areStopped = judgements.contains {
      $0.verdict == .undecided && $0.outcome.interruption != nil
    }
    return status == .undecided && areStopped ? .timeLimit : status
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
