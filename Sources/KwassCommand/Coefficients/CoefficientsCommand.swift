import KineticTransport

/// Runs `kwass coefficients`.
struct CoefficientsCommand: Command {
  static let name = "coefficients"
  static let summary = "Compute the diffusion and drift coefficients of a swarm."
  static let synopsis = "--case A|B|C --gamma G,G,... [options]"
  static let explanation = """
    Computes the coefficients of the diffusion approximation of a swarm: velocities relax to
    M = exp(-W/theta)/Z by Cf = div_v(f grad W + theta grad_v f), and the density follows
    d rho/dt = div(D grad rho + K rho grad U * rho). Printed are D, K, the eigenvalues lambda_1,
    lambda_2, ... of -C that meet the velocity, to relative accuracy however small they are, and
    what the sums of the first N modes leave out. theta K^2 <= D <= theta K/lambda_1 is proved,
    and checked: where it fails, the exit status is 1. Source: V. Bonnaillie-Noel, J. A. Carrillo,
    T. Goudon and G. A. Pavliotis, "Efficient numerical calculation of drift and diffusion
    coefficients in the diffusion approximation of kinetic equations" (2015).
    """
  static let example =
    "--case A --gamma 1,10,100 --figure coefficients.svg"

  let options: CoefficientsOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    if let path = options.table {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    try FigureOutput.check([
      options.figure, options.eigenvalueFigure, options.convergenceFigure, options.modeFigure,
    ])
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
    try draw(report, on: console)
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

  private func draw(
    _ report: CoefficientsReport, on console: any Console
  ) throws(CommandFailure) {
    var charts = [
      (options.figure, report.coefficientChart), (options.eigenvalueFigure, report.eigenvalueChart),
      (options.convergenceFigure, report.convergenceChart),
    ]
    if let path = options.modeFigure {
      let chart = try attempt { () throws(KineticModelError) in try report.modeChart() }
      charts.append((path, chart))
    }
    for (path, chart) in charts { try FigureOutput.draw(chart, to: path, on: console) }
  }
}
