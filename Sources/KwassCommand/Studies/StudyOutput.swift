import KineticTransport

/// What a study has found, in every form in which it is given out.
protocol StudyText {
  /// The rows, for a file.
  var csv: String { get }
  var json: JSON { get }
  var chart: SeriesChart { get }
  /// Whether an inequality fails that a theorem proves.
  var isViolated: Bool { get }
  /// What a terminal shows.
  func text(inColour: Bool) -> String
}

/// Where the findings of a study go.
struct StudyOutput: Equatable {
  /// The file for the rows.
  let table: String?
  /// The file for the figure.
  let figure: String?
  let isJSON: Bool

  /// From `--csv`, `--figure` and `--json`.
  init(_ reader: ArgumentReader) throws(UsageError) {
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
  }

  /// Checks that the files can be written, before the work begins.
  func check() throws(CommandFailure) {
    if let table {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(table) }
    }
    try FigureOutput.check([figure])
  }

  /// Writes the files and prints the findings, below which the line of progress has ended.
  ///
  /// - Returns: `ExitCode.exceeded` where a proved inequality fails.
  func give(
    _ findings: some StudyText, after progress: ProgressLine, on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    if let table {
      try attempt { () throws(SnapshotError) in
        try DataFile.write(Array(findings.csv.utf8), to: table)
      }
    }
    try FigureOutput.draw(findings.chart, to: figure, on: console)
    progress.finish()
    try console.print(
      isJSON
        ? findings.json.text + "\n" : findings.text(inColour: console.isOutputTerminal))
    return findings.isViolated ? .exceeded : .success
  }
}
