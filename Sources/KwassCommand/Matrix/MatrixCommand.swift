import KineticTransport

/// The arguments of `kwass matrix`.
struct MatrixOptions: OptionGroup, Equatable {
  /// Files, directories and patterns.
  var operands: [String]
  /// How distances are measured.
  var measurement: MeasurementOptions
  /// Where to draw the table; `nil` for nowhere.
  var figurePath: String?
  /// Where to draw the tree of the nearest; `nil` for nowhere.
  var treePath: String?
  /// Whether to print a line for each pair.
  var listsPairs: Bool
  /// Whether to print JSON.
  var isJSON: Bool

  static let specification =
    [
      FigureOutput.option("Also draw the table in colours", formerly: "--heat-map"),
      FigureOutput.option(
        "Also draw which snapshots are near each other, as a tree that joins the nearest groups first, by "
          + "the mean distance of their members", named: "--dendrogram"),
      OptionSpecification(
        "--pairs", "Print a line for each pair, with its bracket, instead of the table."),
      OptionSpecification("--json", "Print one JSON object instead of comma-separated values."),
    ] + MeasurementOptions.specification + [MeasurementOptions.matchSpecification]
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    operands = try reader.operands(1...(.max), "at least one FILE")
    measurement = try MeasurementOptions(reader)
    figurePath = try reader.figure("--figure")
    treePath = try reader.figure("--dendrogram")
    listsPairs = reader.has("--pairs")
    isJSON = reader.has("--json")
    if listsPairs, isJSON {
      throw .conflict("--json has the brackets of all pairs; --pairs cannot go with it.")
    }
  }
}

/// Runs `kwass matrix`.
struct MatrixCommand: DividedCommand, DividedWork {
  static let name = "matrix"
  static let summary = "Measure the distance of every two of many snapshots."
  static let synopsis = "FILE... [options]"
  static let explanation = """
    Measures the distance of every two of the snapshots, each pair once, and prints the full table.
    FILE may be a directory, a pattern such as run_%T.h5, or a file of several iterations.
    """
  static let example =
    "a.npz b.npz c.npz --p 1 --figure table.svg"

  static let commonOptions = [
    "--figure", "--dendrogram", "--pairs", "--json", "--p", "--cost", "--lambda", "--space",
    "--box", "--species", "--scale", "--part", "-o",
  ]

  static let isParallel = true
  static let outputOptions = ["--json", "--pairs", "--figure", "--dendrogram"]

  let options: MatrixOptions

  var work: any DividedWork { self }

  /// What is printed beside the distances.
  struct Frame: Codable, Sendable {
    let names: [String]
    let notes: [String]
    let scales: AppliedScales
  }

  func checkOutputs() throws(CommandFailure) {
    try FigureOutput.check([options.figurePath, options.treePath])
  }

  func inputs() throws(CommandFailure) -> [String] { try SnapshotList.names(options.operands) }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, SnapshotPairs.Outcome> {
    let names = try inputs()
    guard names.count > 1 else {
      throw CommandFailure(.usage, "\(names[0]) is one snapshot; a table needs at least two.")
    }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    for name in names { files.append(try loader.load(name)) }
    let pairs = Self.pairs(names)
    let solver = SnapshotPairs(options: options.measurement, files: files)
    return Workload(
      frame: Frame(names: names, notes: loader.notes, scales: loader.scales),
      title: "solving \(pairs.count) transport problems",
      units: pairs.map { "\(names[$0.1]) and \(names[$0.0])" }, isParallel: true
    ) { unit throws(CommandFailure) in try solver.distance(pairs[unit]) }
  }

  /// The places of the two of each pair.
  private static func pairs(_ names: [String]) -> [(Int, Int)] {
    names.indices.flatMap { row in (0..<row).map { (row, $0) } }
  }

  func give(
    _ frame: Frame, _ found: [SnapshotPairs.Outcome], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    progress.finish()
    let report = MatrixReport(
      names: frame.names, pairs: Self.pairs(frame.names), found: found,
      metric: try options.measurement.metric.summary,
      notes: (options.measurement.match == nil ? [] : [DistanceInputs.matchNote])
        + PairNote.sentences(found.map(\.notes)) + frame.notes,
      scales: frame.scales)
    try console.print(
      options.isJSON ? report.json.text + "\n" : options.listsPairs ? report.list : report.text)
    let (shortNames, table) = (ShortNames.of(frame.names), report.table(\.distance))
    try FigureOutput.draw(
      TableFigure(
        title: "Distance of each pair", names: shortNames, values: table,
        scaleLabel: "W (\(report.metric))"), to: options.figurePath, on: console)
    guard options.treePath != nil else { return .success }
    try FigureOutput.draw(
      DendrogramFigure(
        title: "Which are near each other", names: shortNames, tree: Dendrogram(table),
        label: "mean W of the groups (\(report.metric))"), to: options.treePath, on: console)
    return .success
  }
}

/// What `kwass matrix` prints.
private struct MatrixReport {
  let names: [String]
  /// The places of the two of each pair.
  let pairs: [(Int, Int)]
  let found: [SnapshotPairs.Outcome]
  /// The metric in words.
  let metric: String
  let notes: [String]
  let scales: AppliedScales

  /// A number of each pair as a full table.
  func table(_ value: (SnapshotPairs.Outcome) -> Double) -> [[Double]] {
    var table = names.map { _ in [Double](repeating: 0, count: names.count) }
    for ((row, column), outcome) in zip(pairs, found) {
      table[row][column] = value(outcome)
      table[column][row] = value(outcome)
    }
    return table
  }

  private var largestWidth: Double { found.map(\.distanceBounds.relativeWidth).max() ?? 0 }

  var json: JSON {
    func table(_ value: (SnapshotPairs.Outcome) -> Double) -> JSON {
      .array(self.table(value).map { .array($0.map { .number($0) }) })
    }
    return .document(
      "matrix",
      [
        .init("metric", .string(metric)),
        .init("files", .array(names.map { .string($0) })),
        .init("distances", table(\.distance)),
        .init("lower", table(\.distanceBounds.lower)),
        .init("upper", table(\.distanceBounds.upper)),
        .init("largestRelativeWidth", .number(largestWidth)),
        .init("notes", .array(notes.map { .string($0) })),
      ] + scales.members)
  }

  private var remarks: String {
    "# W, \(metric); brackets within \(rough(largestWidth)) relative\n" + scales.remarks
      + notes.map { "# \($0)\n" }.joined()
  }

  /// The full table.
  var text: String {
    let head = (["file"] + names.map { csvField($0) }).joined(separator: ",") + "\n"
    let rows = zip(names, table(\.distance)).map { name, row in
      ([csvField(name)] + row.map(\.description)).joined(separator: ",") + "\n"
    }
    return remarks + head + rows.joined()
  }

  /// A line for each pair.
  var list: String {
    let rows = zip(pairs, found).map { pair, outcome in
      "\(csvField(names[pair.1])),\(csvField(names[pair.0])),\(outcome.distance),"
        + "\(outcome.distanceBounds.lower),\(outcome.distanceBounds.upper)\n"
    }
    return remarks + "first,second,distance,lower,upper\n" + rows.joined()
  }
}
