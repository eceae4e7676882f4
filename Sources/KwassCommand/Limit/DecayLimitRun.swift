import KineticTransport

/// Runs `kwass limit decay`.
struct DecayLimitRun: DividedWork {
  let options: DecayLimitOptions

  /// What is printed beside the rates.
  struct Frame: Codable, Sendable {
    /// How agents align.
    let field: String
  }

  func checkOutputs() throws(CommandFailure) { try options.output.check() }

  func inputs() -> [String] { [] }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, AlignmentDecay> {
    let rule = try attempt { () throws(KineticModelError) in
      try options.alignment.rule(.cuckerSmale, in: .circle(length: options.length))
    }
    return Workload(
      frame: Frame(field: rule.name), title: "solving",
      units: options.temperatures.map { "theta \(plain($0))" }, isParallel: false
    ) { unit throws(CommandFailure) in
      try attempt { () throws(KineticModelError) in
        try AlignmentDecay(
          rule.kernel, length: options.length, strength: rule.strength,
          temperature: options.temperatures[unit], mode: options.mode)
      }
    }
  }

  func give(
    _ frame: Frame, _ decays: [AlignmentDecay], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    let text = DecayLimitText(
      options: options, field: frame.field,
      rows: zip(options.temperatures, decays).map { ($0, $1) })
    return try options.output.give(text, after: progress, on: console)
  }
}

extension ProductDomain {
  /// The circle of the option `--length`.
  static func circle(length: Double) throws(KineticModelError) -> ProductDomain {
    do throws(ProductDomainError) {
      return try ProductDomain([.circle(length: length)])
    } catch {
      throw .badParameter(name: "--length", value: length, requirement: "a length of a circle")
    }
  }
}
