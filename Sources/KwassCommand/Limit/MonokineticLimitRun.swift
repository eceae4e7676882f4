import KineticTransport

/// Runs `kwass limit monokinetic`.
struct MonokineticLimitRun: DividedWork {
  let options: MonokineticLimitOptions

  /// What is printed beside the reports.
  struct Frame: Codable, Sendable {
    /// How agents align.
    let field: String
    /// How many there are.
    let count: Int
  }

  func checkOutputs() throws(CommandFailure) { try options.output.check() }

  func inputs() -> [String] { [options.path] }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, MonokineticStudy.Report> {
    let file = try attempt { () throws(SnapshotError) in try SnapshotFile.read(options.path) }
    let measure = try file.measure(named: options.path, box: options.box)
    let start = measure.time ?? 0
    guard options.until > start else {
      throw CommandFailure(
        .usage, "--until \(options.until) does not lie after the time \(start) of \(options.path).")
    }
    let way = options.until - start
    let times = try SampledTimes.steps(
      of: options.every ?? way / 4, from: start, until: options.until)
    let (field, study) = try attempt { () throws(KineticModelError) in
      let field = try options.alignment.rule(.cuckerSmale, in: measure.box)
      let study = try MonokineticStudy(
        measure: measure, alignment: field, spread: options.spread,
        step: options.step ?? way / 50, times: Array(times.dropFirst()),
        progress: progress.handler)
      return (field, study)
    }
    let cases = options.widths.flatMap { width in options.epsilons.map { ($0, width) } }
    return Workload(
      frame: Frame(field: field.name, count: measure.count), title: "following the agents",
      units: cases.map { "epsilon \(plain($0.0)), delta \(plain($0.1))" }, isParallel: false
    ) { unit throws(CommandFailure) in
      try attempt { () throws(KineticModelError) in
        try study.run(
          epsilon: cases[unit].0, width: cases[unit].1, step: options.step,
          progress: progress.handler)
      }
    }
  }

  func give(
    _ frame: Frame, _ reports: [MonokineticStudy.Report], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    let text = MonokineticLimitText(
      options: options, field: frame.field, count: frame.count, reports: reports)
    return try options.output.give(text, after: progress, on: console)
  }
}
