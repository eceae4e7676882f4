import KineticTransport

/// Runs `kwass report`.
struct ReportCommand: Command {
  static let name = "report"
  static let summary = "Write one page about two snapshots: distances, figures, how to repeat them."
  static let synopsis = "A B -o FILE.html [options]"
  static let explanation = """
    Writes one HTML file about the snapshots A and B, with nothing outside itself: what was read and in
    which units, the distance in the metric that was asked for and in the usual ones, each with its
    proved bracket and its parts, the noise floor of A, figures of the states, their difference and
    the plan, histograms of all coordinates, and the command lines and versions that repeat it. A
    time limit holds for each metric by itself; where it is reached, the page says what is proved.
    """
  static let example = "a.npz b.npz -o report.html --scale x=mm,v=keV/c"

  static let commonOptions = [
    "-o", "--axes", "--splits", "--p", "--cost", "--lambda", "--space", "--box", "--accuracy",
    "--time-limit", "--species", "--scale",
  ]

  static let isParallel = true

  let options: ReportOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(options.output) }
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let page = try options.subject.page(progress)
    try page.write(to: options.output)
    progress.finish()
    try console.print(
      "\(options.output): \(count(page.findings.count, "metric", "metrics")), "
        + "\(count(page.figures.count, "figure", "figures"))\n")
    return page.findings.contains { $0.shortfall != nil } ? .timeLimit : .success
  }
}
