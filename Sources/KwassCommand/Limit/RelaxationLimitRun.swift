import KineticTransport
import Libc

/// Runs `kwass limit vfp`, `bgk` or `swarm`.
struct RelaxationLimitRun {
  let options: RelaxationLimitOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let output = StudyOutput(
      table: options.table, figure: options.figure, isJSON: options.isJSON)
    try output.check()
    let progress = ProgressLine("solving", on: console)
    defer { progress.finish() }
    let reports = try attempt { () throws(KineticModelError) in
      let study = try self.study()
      return try options.epsilons.map { epsilon throws(KineticModelError) in
        try study.run(epsilon: epsilon, progress: progress.handler)
      }
    }
    let text = try attempt { () throws(KineticModelError) in
      RelaxationLimitText(
        options: options, equation: try options.model.equation(options.kind), reports: reports)
    }
    progress.finish()
    for warning in text.warnings { console.report("kwass: warning: \(warning)\n") }
    return try output.give(text, after: progress, on: console)
  }

  private func study() throws(KineticModelError) -> LimitStudy {
    let n = options.positionCount
    let angles = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
    let density = angles.map { angle in
      options.amplitudes.enumerated().reduce(1) {
        $0 + $1.element * cos(Double($1.offset + 1) * angle)
      }
    }
    let equation = try options.model.equation(options.kind)
    let mean = try equation.meanVelocity
    let perturbation =
      options.flux == 0
      ? nil
      : VelocityPerturbation(amplitudes: angles.map { options.flux * sin($0) }) { sin($0 - mean) }
    return try LimitStudy(
      equation, length: options.length, density: density, perturbation: perturbation,
      times: options.times, positionWeight: options.positionWeight,
      cloud: (options.cloud[0], options.cloud[1]), isCorrected: options.isCorrected,
      modeCount: options.modeCount, step: options.step)
  }
}
