import KineticTransport

/// Runs `kwass evolve`.
struct EvolveCommand {
  private let options: EvolveOptions
  private let console: any Console

  init(_ options: EvolveOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let output = try EvolveOutput(options)
    let (path, snapshot) = try output.start(options)
    let box = try box(for: snapshot)
    let measure: PhaseSpaceMeasure
    do throws(PhaseSpaceError) {
      measure = try snapshot.measure(box: box)
    } catch {
      throw CommandFailure(.unusable(path: path, reason: error))
    }
    var flow = try options.system.flow(from: snapshot, measure: measure)
    guard options.until >= flow.time else {
      throw CommandFailure(
        .usage, "--until \(options.until) lies before the time \(flow.time) of \(path).")
    }
    if let warning = flow.stepWarning { console.report("kwass: warning: \(warning)\n") }
    try console.print(header(flow, path))
    if !output.isResumed { try output.write(state(flow, snapshot), index: 0) }
    try console.print(row(flow, output.name(0)))
    for (index, time) in times(after: flow.time).enumerated() {
      // A line for each snapshot: it is gone when the snapshot's row is printed.
      let progress = ProgressLine("following the characteristics to \(time)", on: console)
      defer { progress.finish() }
      do throws(FlowError) {
        try flow.advance(to: time)
      } catch {
        throw CommandFailure(error)
      }
      try output.write(state(flow, snapshot), index: index + 1)
      progress.finish()
      try console.print(row(flow, output.name(index + 1)))
    }
    return .success
  }

  private func box(for snapshot: Snapshot) throws(CommandFailure) -> Domain? {
    guard let axes = options.box else { return nil }
    guard axes.count == snapshot.positions.count else {
      throw CommandFailure(
        .usage,
        "The option --box has \(count(axes.count, "axis", "axes")), but the snapshot has "
          + "\(count(snapshot.positions.count, "position coordinate", "position coordinates")).")
    }
    do throws(DomainError) {
      return try Domain(axes)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// The multiples of `--every` after a time, and the end. They do not depend on where a run was
  /// stopped, so neither do the steps between them.
  private func times(after start: Double) -> [Double] {
    var times: [Double] = []
    if let every = options.every {
      // Three times .1 is the number .3, and not one that rounding has put beside it: a decimal
      // fraction is a whole number over a power of ten.
      let scales = sequence(first: 1.0) { $0 < 1e12 ? $0 * 10 : nil }
      let decimal = scales.first { every * $0 < 1e12 && (every * $0).rounded() / $0 == every }
      let scale = decimal ?? 1
      let unit = decimal == nil ? every : (every * scale).rounded()
      func time(_ multiple: Double) -> Double { multiple * unit / scale }
      var multiple = (start / every).rounded(.down) - 1
      while time(multiple) <= start { multiple += 1 }
      // A multiple that misses the end by rounding is the end.
      while time(multiple) < options.until - 1e-9 * every {
        times.append(time(multiple))
        multiple += 1
      }
    }
    return start < options.until ? times + [options.until] : []
  }

  /// The state as a snapshot: lifts, velocities, and the masses exactly as they were given.
  private func state(_ flow: CharacteristicFlow, _ start: Snapshot) -> Snapshot {
    let particles = flow.particles
    return Snapshot(
      positions: (0..<particles.dimension).map { Array(particles.position($0)) },
      velocities: (0..<particles.dimension).map { Array(particles.velocity($0)) },
      weights: start.weights, box: particles.box, time: flow.time, ids: start.ids)
  }

  // MARK: The text

  private func header(_ flow: CharacteristicFlow, _ path: String) -> String {
    var table = Table()
    table.add("start", "\(path), \(count(flow.particles.count, "particle", "particles"))")
    table.add("box", flow.particles.box.notation)
    table.add("field", flow.field.name)
    if let bound = flow.field.curvatureBound { table.add("bound", "B = \(bound)") }
    let step =
      flow.step < .greatestFiniteMagnitude ? "steps of at most \(flow.step)" : "exact in one step"
    table.add("method", "\(flow.integrator.rawValue), \(step)")
    return table.text() + "\n"
  }

  private func row(_ flow: CharacteristicFlow, _ name: String) -> String {
    let found = flow.diagnostics
    let energy = found.energy.map { "\($0)" } ?? "unknown"
    let momentum = found.momentum.map(\.description).joined(separator: ", ")
    return "time \(found.time)  energy \(energy)  momentum \(momentum)  \(name)\n"
  }
}

/// Where `kwass evolve` writes, and what a run has left there.
private struct EvolveOutput {
  private let file: String
  private let series: SnapshotSeries?
  private let first: Int
  /// Whether a run is gone on with.
  let isResumed: Bool

  init(_ options: EvolveOptions) throws(CommandFailure) {
    file = options.output
    guard SnapshotFormat(path: options.output) == nil else {
      series = nil
      first = 0
      isResumed = options.resumes && checkedExistence(options.output)
      return
    }
    let series = try checked { () throws(SnapshotError) in
      try SnapshotSeries(folder: options.output, format: options.format)
    }
    let last = series.lastNumber
    guard last == nil || options.resumes else {
      throw CommandFailure(
        .cannotCreate,
        "\(options.output) already holds snapshots of a run; --resume goes on with it, and another "
          + "folder starts anew.")
    }
    self.series = series
    first = last ?? 0
    isResumed = last != nil
  }

  /// What the run starts from.
  func start(_ options: EvolveOptions) throws(CommandFailure) -> (path: String, Snapshot) {
    let path = isResumed ? self.path(0) : options.path
    return try checked { () throws(SnapshotError) in
      (path, try SnapshotFile.read(path).snapshot)
    }
  }

  func write(_ snapshot: Snapshot, index: Int) throws(CommandFailure) {
    // A single file keeps what it has until there is something newer.
    if series == nil, index == 0 { return }
    try checked { () throws(SnapshotError) in try SnapshotFile.write(snapshot, to: path(index)) }
  }

  /// The path of a snapshot, counted from the start of this run.
  private func path(_ index: Int) -> String { series?.path(of: first + index) ?? file }

  /// The path as the table shows it.
  func name(_ index: Int) -> String { series == nil && index == 0 ? "" : path(index) }
}

private func checkedExistence(_ path: String) -> Bool {
  do throws(SnapshotError) {
    _ = try SnapshotFile.read(path)
    return true
  } catch .missing {
    return false
  } catch {
    // It is there; reading it again will say what is wrong with it.
    return true
  }
}
