import KineticTransport

/// Runs `kwass coefficients`.
struct CoefficientsCommand {
  private let options: CoefficientsOptions
  private let console: any Console

  init(_ options: CoefficientsOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let files = [
      options.table, options.figure, options.eigenvalueFigure, options.convergenceFigure,
      options.modeFigure,
    ]
    for path in files.compactMap(\.self) {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    let progress = ProgressLine("solving", on: console)
    defer { progress.finish() }
    let rows = try attempt { () throws(KineticModelError) in try self.rows(progress) }
    var sigma: Double?
    if case .family(_, let value, _) = options.potential { sigma = value }
    let report = CoefficientsReport(rows: rows, sigma: sigma)
    if let path = options.table {
      try attempt { () throws(SnapshotError) in
        try DataFile.write(Array(report.csv.utf8), to: path)
      }
    }
    try draw(report)
    progress.finish()
    try console.print(
      options.isJSON ? report.json.text + "\n" : report.text(inColour: console.isOutputTerminal))
    return report.rows.allSatisfy { $0.coefficients.isDiffusionWithinBounds } ? .success : .exceeded
  }

  private func rows(_ progress: ProgressLine) throws(KineticModelError) -> [CoefficientsReport.Row]
  {
    var rows: [CoefficientsReport.Row] = []
    func add(_ potential: VelocityPotential, _ gamma: Double?, _ delta: Double?)
      throws(KineticModelError)
    {
      progress.begin(potential.name)
      rows.append(
        .init(
          gamma: gamma, delta: delta,
          coefficients: try SwarmingCoefficients(
            potential, temperature: options.temperature, dimension: options.dimension,
            modeCount: options.modeCount)))
    }
    switch options.potential {
    case .polynomial(let coefficients):
      try add(VelocityPotential(polynomial: coefficients), nil, nil)
    case .family(let gammas, let sigma, let deltas):
      for gamma in gammas {
        for delta in deltas {
          try add(VelocityPotential(gamma: gamma, sigma: sigma, delta: delta), gamma, delta)
        }
      }
    }
    return rows
  }

  private func draw(_ report: CoefficientsReport) throws(CommandFailure) {
    var charts = [
      (options.figure, report.coefficientChart), (options.eigenvalueFigure, report.eigenvalueChart),
      (options.convergenceFigure, report.convergenceChart),
    ]
    if let path = options.modeFigure {
      let chart = try attempt { () throws(KineticModelError) in try report.modeChart() }
      charts.append((path, chart))
    }
    do throws(FigureError) {
      for case (let path?, let chart) in charts { try Gnuplot().draw(chart, to: path) }
    } catch {
      throw CommandFailure(error)
    }
  }
}
