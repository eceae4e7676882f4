import KineticTransport

/// Runs `kwass stability --theorem mean-field`.
struct MeanFieldRun {
  let options: MeanFieldOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try options.output.check()
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let fine = try flow(options.fine)
    let approximations = try options.paths.map { path throws(CommandFailure) in try flow(path) }
    let times = try times(after: fine.time)
    let reports = try attempt { () throws(KineticModelError) in
      let study = try MeanFieldStudy(fine: fine, times: times, progress: progress.handler)
      return try approximations.map { flow throws(KineticModelError) in
        try study.run(flow, progress: progress.handler)
      }
    }
    let text = MeanFieldText(
      options: options, field: fine.name, fineCount: fine.particles.count, reports: reports)
    return try options.output.give(text, after: progress, on: console)
  }

  private func flow(_ path: String) throws(CommandFailure) -> AgentFlow {
    let file = try attempt { () throws(SnapshotError) in try SnapshotFile.read(path) }
    let box = try options.box?.domain(of: file.snapshot, named: path)
    let measure = try attempt { () throws(SnapshotError) in try file.measure(box: box) }
    return try options.system.agentFlow(from: file.snapshot, measure: measure)
  }

  private func times(after start: Double) throws(CommandFailure) -> [Double] {
    guard options.until > start else {
      throw CommandFailure(
        .usage, "--until \(options.until) does not lie after the time \(start) of the snapshots.")
    }
    let every = options.every ?? (options.until - start) / 10
    return Array(
      try SampledTimes.steps(of: every, from: start, until: options.until).dropFirst())
  }
}
