import KineticTransport
import Libc

/// Runs `kwass limit maxwellian`.
struct MaxwellianLimitRun: DividedWork {
  let options: MaxwellianLimitOptions

  /// What is printed beside the reports.
  struct Frame: Codable, Sendable {
    /// How agents align.
    let kernel: String
  }

  func checkOutputs() throws(CommandFailure) { try options.output.check() }

  func inputs() -> [String] { [] }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, MaxwellianStudy.Report> {
    progress.begin("following the limit")
    let times = try SampledTimes.steps(
      of: options.every ?? options.until / 4, from: 0, until: options.until)
    let (kernel, followed) = try attempt { () throws(KineticModelError) in
      try study(at: Array(times.dropFirst()))
    }
    let cases = options.widths.flatMap { width in options.epsilons.map { ($0, width) } }
    return Workload(
      frame: Frame(kernel: kernel), title: "following the limit",
      units: cases.map { "epsilon \(plain($0.0)), delta \(plain($0.1))" }, isParallel: false
    ) { unit throws(CommandFailure) in
      try attempt { () throws(KineticModelError) in
        try followed.run(
          epsilon: cases[unit].0, width: cases[unit].1, modeCount: options.modes,
          progress: progress.handler)
      }
    }
  }

  func give(
    _ frame: Frame, _ reports: [MaxwellianStudy.Report], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    let text = MaxwellianLimitText(options: options, kernel: frame.kernel, reports: reports)
    return try options.output.give(text, after: progress, on: console)
  }

  private func study(
    at times: [Double]
  ) throws(KineticModelError) -> (kernel: String, study: MaxwellianStudy) {
    let wave = 2 * Double.pi / options.length
    let start = try FluidState(length: options.length, count: options.points) {
      1 + options.amplitude * cos(wave * $0)
    } velocity: {
      options.speed * sin(wave * $0)
    }
    let rule = try options.alignment.rule(.cuckerSmale, in: .circle(length: options.length))
    return (
      rule.name,
      try MaxwellianStudy(
        start: start, kernel: rule.kernel, strength: rule.strength, times: times)
    )
  }
}
