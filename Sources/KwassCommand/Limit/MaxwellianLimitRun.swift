import KineticTransport
import Libc

/// Runs `kwass limit maxwellian`.
struct MaxwellianLimitRun {
  let options: MaxwellianLimitOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try options.output.check()
    let progress = ProgressLine("following the limit", on: console)
    defer { progress.finish() }
    let times = try SampledTimes.steps(
      of: options.every ?? options.until / 4, from: 0, until: options.until)
    let (kernel, reports) = try attempt { () throws(KineticModelError) in
      try follow(Array(times.dropFirst()), progress)
    }
    let text = MaxwellianLimitText(options: options, kernel: kernel, reports: reports)
    return try options.output.give(text, after: progress, on: console)
  }

  private func follow(
    _ times: [Double], _ progress: ProgressLine
  ) throws(KineticModelError) -> (kernel: String, reports: [MaxwellianStudy.Report]) {
    let wave = 2 * Double.pi / options.length
    let start = try FluidState(length: options.length, count: options.points) {
      1 + options.amplitude * cos(wave * $0)
    } velocity: {
      options.speed * sin(wave * $0)
    }
    let box: ProductDomain
    do {
      box = try ProductDomain([.circle(length: options.length)])
    } catch {
      throw .badParameter(
        name: "--length", value: options.length, requirement: "a length of a circle")
    }
    let rule = try options.alignment.rule(.cuckerSmale, in: box)
    let study = try MaxwellianStudy(
      start: start, kernel: rule.kernel, strength: rule.strength, times: times)
    var reports: [MaxwellianStudy.Report] = []
    for width in options.widths {
      for epsilon in options.epsilons {
        reports.append(
          try study.run(
            epsilon: epsilon, width: width, modeCount: options.modes, progress: progress.handler))
      }
    }
    return (rule.name, reports)
  }
}
