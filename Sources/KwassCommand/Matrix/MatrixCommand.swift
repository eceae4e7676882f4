import KineticTransport

/// The arguments of `kwass matrix`.
public struct MatrixOptions: Sendable, Equatable {
  /// Files, directories and patterns.
  public var operands: [String]
  /// The metric.
  public var distance: DistanceOptions
  /// Where to draw the table; `nil` for nowhere.
  public var heatMapPath: String?
  /// Whether to print JSON.
  public var isJSON: Bool

  static let specification =
    [
      OptionSpecification("--heat-map", "FILE", "Draw the table to an .svg file."),
      OptionSpecification("--json", "Print one JSON object instead of comma-separated values."),
    ] + DistanceOptions.metricSpecification + [DistanceOptions.matchSpecification]
    + SnapshotOptions.specification + [.help]

  static let explanation = """
    Measures the distance of every two of the snapshots, each pair once, and prints the full table.
    FILE may be a directory, a pattern such as run_%T.h5, or a file of several iterations.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass matrix", options: Self.specification)
    guard let first = reader.operands.first else {
      throw .operands(command: reader.command, found: 0, requirement: "at least one FILE")
    }
    operands = reader.operands
    distance = try DistanceOptions(reader, from: first, to: first)
    heatMapPath = reader.text("--heat-map")
    if let heatMapPath, !heatMapPath.hasSuffix(".svg") {
      throw .badValue(option: "--heat-map", value: heatMapPath, requirement: "an .svg file")
    }
    isJSON = reader.has("--json")
  }
}

/// Runs `kwass matrix`.
struct MatrixCommand {
  private let options: MatrixOptions
  private let console: any Console

  init(_ options: MatrixOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let names = try SnapshotList.names(options.operands)
    guard names.count > 1 else {
      throw CommandFailure(.usage, "\(names[0]) is one snapshot; a table needs at least two.")
    }
    var loader = SnapshotLoader(
      options.distance.snapshots, box: options.distance.box, progress,
      wrapping: options.distance.space == .velocity ? .none : .suspicious)
    var files: [SnapshotFile] = []
    for name in names { files.append(try loader.load(name)) }
    let pairs = names.indices.flatMap { row in (0..<row).map { (row, $0) } }
    let found = try SnapshotPairs(options: options.distance, files: files)
      .distances(pairs, progress)

    var table = names.map { _ in [Double](repeating: 0, count: names.count) }
    for ((row, column), outcome) in zip(pairs, found) {
      table[row][column] = outcome.distance
      table[column][row] = outcome.distance
    }
    progress.finish()
    let metric = try options.distance.metricSummary
    let notes =
      (options.distance.match == nil ? [] : [DistanceInputs.matchNote])
      + PairNote.sentences(found.map(\.notes)) + loader.notes
    let widest = found.map(\.bounds.relativeWidth).max() ?? 0
    if let path = options.heatMapPath {
      let text = HeatMap(names: names, values: table, title: "W, \(metric)").text
      try attempt { () throws(SnapshotError) in try TextFile.write(text, to: path) }
    }
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
      let head = (["file"] + names.map(Self.field)).joined(separator: ",") + "\n"
      let rows = zip(names, table).map { name, row in
        ([Self.field(name)] + row.map(\.description)).joined(separator: ",") + "\n"
      }
      try console.print(remark + head + rows.joined())
    }
    return .success
  }

  /// A name as a field of comma-separated values.
  static func field(_ name: String) -> String {
    guard name.contains(where: { ",\"\n".contains($0) }) else { return name }
    return "\"\(name.replacing("\"", with: "\"\""))\""
  }
}
