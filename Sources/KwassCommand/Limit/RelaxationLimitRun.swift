import KineticTransport
import Libc

/// Runs `kwass limit vfp`, `bgk` or `swarm`.
struct RelaxationLimitRun: DividedWork {
  let options: RelaxationLimitOptions

  /// What is printed beside the reports.
  struct Frame: Codable, Sendable {
    let length: Double
    let positionCount: Int
  }

  func checkOutputs() throws(CommandFailure) { try options.output.check() }

  func inputs() -> [String] { [options.start].compactMap(\.self) }

  func workload(_ progress: ProgressLine) throws(CommandFailure) -> Workload<Frame, LimitReport> {
    progress.begin("solving")
    let start = try self.start()
    let times = try self.times(after: start.time)
    let study = try attempt { () throws(KineticModelError) in
      try LimitStudy(
        options.model.equation(options.kind), start: start, times: times,
        positionWeight: options.positionWeight, cloud: (options.cloud[0], options.cloud[1]),
        isCorrected: options.isCorrected, modeCount: options.modeCount, step: options.step)
    }
    return Workload(
      frame: Frame(length: start.length, positionCount: start.positionCount), title: "solving",
      units: options.epsilons.map { "epsilon \(plain($0))" }, isParallel: false
    ) { unit throws(CommandFailure) in
      try attempt { () throws(KineticModelError) in
        try study.run(epsilon: options.epsilons[unit], progress: progress.handler)
      }
    }
  }

  func give(
    _ frame: Frame, _ reports: [LimitReport], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    guard reports.allSatisfy({ !$0.rows.isEmpty }) else {
      throw CommandFailure(.badData, "A part has a report without times, which no run gives.")
    }
    let text = RelaxationLimitText(
      options: options,
      equation: try attempt { () throws(KineticModelError) in
        try options.model.equation(options.kind)
      }, length: frame.length, positionCount: frame.positionCount, reports: reports)
    progress.finish()
    for warning in text.warnings { console.report("kwass: warning: \(warning)\n") }
    return try options.output.give(text, after: progress, on: console)
  }

  /// The times from the start on.
  private func times(after start: Double) throws(CommandFailure) -> [Double] {
    if let times = options.times { return times }
    guard let until = options.until, until > start else {
      throw CommandFailure(
        .usage, "--until \(options.until ?? 0) does not lie after the time \(start) of the start.")
    }
    return try SampledTimes.multiples(
      of: options.every ?? (until - start) / 5, after: start, until: until)
  }

  /// From what both solutions start.
  private func start() throws(CommandFailure) -> LimitStudy.Start {
    guard let path = options.start else {
      return try attempt { () throws(KineticModelError) in try wave() }
    }
    let file = try attempt { () throws(SnapshotError) in try SnapshotFile.read(path) }
    guard let density = file.density else {
      throw CommandFailure(
        .badData,
        "\(path) holds particles, and modes need a smooth density: an .npz file with the arrays f, x and v."
      )
    }
    return .grid(
      try PhaseSpaceGrid(density, path: path, box: nil), isWellPrepared: options.isWellPrepared)
  }

  private func wave() throws(KineticModelError) -> LimitStudy.Start {
    let n = options.positionCount
    let angles = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }
    let density = angles.map { angle in
      options.amplitudes.enumerated().reduce(1) {
        $0 + $1.element * cos(Double($1.offset + 1) * angle)
      }
    }
    let mean = try options.model.equation(options.kind).meanVelocity
    let perturbation =
      options.flux == 0
      ? nil
      : VelocityPerturbation(amplitudes: angles.map { options.flux * sin($0) }) { sin($0 - mean) }
    return .density(density, length: options.length, perturbation: perturbation)
  }
}

extension LimitStudy.Start {
  fileprivate var length: Double {
    switch self {
    case .density(_, let length, _): length
    case .grid(let grid, _): grid.length
    }
  }

  fileprivate var positionCount: Int {
    switch self {
    case .density(let density, _, _): density.count
    case .grid(let grid, _): grid.positionCount
    }
  }
}
