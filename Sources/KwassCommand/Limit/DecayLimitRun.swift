import KineticTransport

/// Runs `kwass limit decay`.
struct DecayLimitRun {
  let options: DecayLimitOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try options.output.check()
    let progress = ProgressLine("solving", on: console)
    defer { progress.finish() }
    let text = try attempt { () throws(KineticModelError) in
      let box: ProductDomain
      do throws(ProductDomainError) {
        box = try ProductDomain([.circle(length: options.length)])
      } catch {
        throw .badParameter(
          name: "--length", value: options.length, requirement: "a length of a circle")
      }
      let rule = try options.alignment.rule(.cuckerSmale, in: box)
      return DecayLimitText(
        options: options, field: rule.name,
        rows: try options.temperatures.map { temperature throws(KineticModelError) in
          (
            temperature,
            try AlignmentDecay(
              rule.kernel, length: options.length, strength: rule.strength,
              temperature: temperature, mode: options.mode)
          )
        })
    }
    return try options.output.give(text, after: progress, on: console)
  }
}
