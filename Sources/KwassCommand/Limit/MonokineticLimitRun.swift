import KineticTransport

/// Runs `kwass limit monokinetic`.
struct MonokineticLimitRun {
  let options: MonokineticLimitOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try options.output.check()
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
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
    let (field, reports) = try attempt { () throws(KineticModelError) in
      try follow(measure, Array(times.dropFirst()), step: options.step ?? way / 50, progress)
    }
    let text = MonokineticLimitText(
      options: options, field: field.name, count: measure.count, reports: reports)
    return try options.output.give(text, after: progress, on: console)
  }

  private func follow(
    _ measure: PhaseSpaceMeasure, _ times: [Double], step: Double, _ progress: ProgressLine
  ) throws(KineticModelError) -> (field: AlignmentField, reports: [MonokineticStudy.Report]) {
    let field = try options.alignment.rule(.cuckerSmale, in: measure.box)
    let study = try MonokineticStudy(
      measure: measure, alignment: field, spread: options.spread, step: step, times: times,
      progress: progress.handler)
    var reports: [MonokineticStudy.Report] = []
    for width in options.widths {
      for epsilon in options.epsilons {
        reports.append(
          try study.run(
            epsilon: epsilon, width: width, step: options.step, progress: progress.handler))
      }
    }
    return (field, reports)
  }
}
