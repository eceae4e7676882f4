import KineticTransport

/// The arguments of `kwass matrix`.
struct MatrixOptions: OptionGroup, Equatable {
  /// Files, directories and patterns.
  var operands: [String]
  /// How distances are measured.
  var measurement: MeasurementOptions
  /// Where to draw the table; `nil` for nowhere.
  var figurePath: String?
  /// Whether to print JSON.
  var isJSON: Bool

  static let specification =
    [
      OptionSpecification(
        "--figure", "FILE", "Also draw the table in colours: \(FigureOutput.requirement)."),
      OptionSpecification("--heat-map", "FILE", "The former name of --figure."),
      OptionSpecification("--json", "Print one JSON object instead of comma-separated values."),
    ] + MeasurementOptions.specification + [MeasurementOptions.matchSpecification]
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    operands = try reader.operands(1...(.max), "at least one FILE")
    measurement = try MeasurementOptions(reader)
    figurePath = try reader.figure("--figure", formerName: "--heat-map")
    isJSON = reader.has("--json")
  }
}

/// Runs `kwass matrix`.
struct MatrixCommand: Command {
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
    "--figure", "--json", "--p", "--cost", "--lambda", "--space", "--box", "--species", "--scale",
  ]

  static let isParallel = true

  let options: MatrixOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    try FigureOutput.check([options.figurePath])
    let names = try SnapshotList.names(options.operands)
    guard names.count > 1 else {
      throw CommandFailure(.usage, "\(names[0]) is one snapshot; a table needs at least two.")
    }
    var loader = options.measurement.loader(progress)
    var files: [SnapshotFile] = []
    for name in names { files.append(try loader.load(name)) }
    let pairs = names.indices.flatMap { row in (0..<row).map { (row, $0) } }
    let found = try SnapshotPairs(options: options.measurement, files: files)
      .distances(pairs, progress)

    var table = names.map { _ in [Double](repeating: 0, count: names.count) }
    for ((row, column), outcome) in zip(pairs, found) {
      table[row][column] = outcome.distance
      table[column][row] = outcome.distance
    }
    progress.finish()
    let metric = try options.measurement.metric.summary
    let notes =
      (options.measurement.match == nil ? [] : [DistanceInputs.matchNote])
      + PairNote.sentences(found.map(\.notes)) + loader.notes
    let widest = found.map(\.distanceBounds.relativeWidth).max() ?? 0
    if options.isJSON {
      try console.print(
        JSON.document(
          "matrix",
          [
            .init("metric", .string(metric)),
            .init("files", .array(names.map { .string($0) })),
            .init("distances", .array(table.map { .array($0.map { .number($0) }) })),
            .init("largestRelativeWidth", .number(widest)),
            .init("notes", .array(notes.map { .string($0) })),
          ] + loader.scales.members
        ).text + "\n")
    } else {
      let remark =
        "# W, \(metric); brackets within \(rough(widest)) relative"
        + "\n" + loader.scales.remarks + notes.map { "# \($0)\n" }.joined()
      let head = (["file"] + names.map { csvField($0) }).joined(separator: ",") + "\n"
      let rows = zip(names, table).map { name, row in
        ([csvField(name)] + row.map(\.description)).joined(separator: ",") + "\n"
      }
      try console.print(remark + head + rows.joined())
    }
    try FigureOutput.draw(
      TableFigure(
        title: "Distances of every two", names: ShortNames.of(names), values: table,
        scaleLabel: "W (\(metric))"), to: options.figurePath, on: console)
    return .success
  }
}
