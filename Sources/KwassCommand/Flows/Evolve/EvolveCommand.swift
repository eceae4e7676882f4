import KineticTransport

/// Runs `kwass evolve`.
struct EvolveCommand: Command {
  static let name = "evolve"
  static let summary = "Follow the characteristics of a Vlasov equation from a snapshot."
  static let synopsis = "SNAPSHOT --system NAME --until T -o DIR|FILE [options]"
  static let explanation = """
    Follows the characteristics of a Vlasov equation, x' = v and v' = the force, from the SNAPSHOT
    (.csv, .npy, .npz or .h5), and writes snapshots. Masses are normalised to 1. Positions on periodic
    axes are written unwrapped, so that they show the way that particles have gone; whatever reads
    a snapshot wraps them. Energy, potential energy and momentum are printed for each snapshot; on a
    grid also the integral of f^2. Of agents that align the energy is the kinetic one, and the spread of
    the velocities of each group of equal masses is printed too.
    """
  static let example =
    "a.npz --system vlasov-poisson --epsilon .1 --until 1 --every .25 -o run"

  static let isParallel = true

  let options: EvolveOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    var output = try EvolveOutput(options)
    let (path, file) = try output.start(options)
    return try follow(try evolution(of: file, path), from: path, file, &output, console)
  }

  private func follow<State: Evolution>(
    _ start: State, from path: String, _ file: SnapshotFile, _ output: inout EvolveOutput,
    _ console: any Console
  ) throws(CommandFailure) -> ExitCode {
    var flow = start
    guard options.until >= flow.time else {
      throw CommandFailure(
        .usage, "--until \(options.until) lies before the time \(flow.time) of \(path).")
    }
    try output.describe(
      RunDescription(options, flow, start: output.isResumed ? try output.origin(options) : file))
    let times = try SampledTimes.multiples(
      of: options.every, after: flow.time, until: options.until)
    do throws(FlowError) {
      try flow.checkSteps(to: options.until)
    } catch {
      throw CommandFailure(error)
    }
    try check(flow)
    var figures = try AgentFigures(options)
    try figures.add(flow)
    if let warning = flow.stepWarning { console.report("kwass: warning: \(warning)\n") }
    try console.print(header(flow, path, file.notes))
    if !output.isResumed { try output.write(flow, index: 0) }
    try console.print(row(flow, output.name(0)))
    for (index, time) in times.enumerated() {
      // A line for each snapshot: it is gone when the snapshot's row is printed.
      let progress = ProgressLine("following the characteristics to \(time)", on: console)
      defer { progress.finish() }
      let control = try flow.advance(to: time)
      try check(flow)
      try output.write(flow, index: index + 1)
      try figures.add(flow)
      progress.finish()
      try console.print(row(flow, output.name(index + 1), control))
    }
    try figures.draw()
    if options.reverses { try console.print(try reversal(of: flow, to: start, times, console)) }
    return .success
  }

  /// Goes back by the same times, and says how far from the start that leads.
  private func reversal<State: Evolution>(
    of end: State, to start: State, _ times: [Double], _ console: any Console
  ) throws(CommandFailure) -> String {
    var flow = end
    let progress = ProgressLine("going back to \(start.time)", on: console)
    defer { progress.finish() }
    for time in ([start.time] + times.dropLast()).reversed() { _ = try flow.advance(to: time) }
    do throws(FlowError) {
      return "back at time \(flow.time), off \(try flow.deviation(from: start))\n"
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Refuses a state whose energy or momentum is too large for a number.
  private func check(_ flow: some Evolution) throws(CommandFailure) {
    let found = flow.diagnostics
    let all: [(String, Double?)] =
      found.momentum.map { ("momentum", $0) } + [
        ("kinetic energy", found.kineticEnergy), ("potential energy", found.potentialEnergy),
        ("energy", found.energy), ("integral of f^2", flow.squareNorm),
      ]
    guard let name = all.first(where: { $0.1.map { !$0.isFinite } ?? false })?.0 else { return }
    throw CommandFailure(
      .badData,
      "At the time \(found.time) the \(name) is too large for a number; scale positions and velocities "
        + "down.")
  }

  /// The state of a file in the representation that the options name.
  private func evolution(
    of file: SnapshotFile, _ path: String
  ) throws(CommandFailure) -> any Evolution {
    func measure() throws(CommandFailure) -> PhaseSpaceMeasure {
      let box = try options.box?.domain(of: file.snapshot, named: path)
      return try attempt { () throws(SnapshotError) in try file.measure(box: box) }
    }
    switch options.representation {
    case .particles:
      if options.system.kind.isAdaptive {
        return AdaptiveEvolution(
          try options.system.adaptiveFlow(from: file.snapshot, measure: measure()),
          from: file.snapshot)
      }
      return ParticleEvolution(
        try options.system.flow(from: file.snapshot, measure: measure()),
        from: file.snapshot, tolerance: options.system.tolerance)
    case .grid:
      guard let density = file.density else {
        guard let grid = try options.grid.grid(of: measure()) else {
          throw CommandFailure(
            .usage, "\(path) holds particles; say with --grid N,M which grid they are spread over.")
        }
        return try evolution(of: grid, positions: nil)
      }
      let grid = try PhaseSpaceGrid(density, path: path, box: options.box)
      guard options.grid.size.map({ $0 == [grid.positionCount, grid.velocityCount] }) ?? true else {
        throw CommandFailure(
          .usage,
          "\(path) is a grid of \(grid.positionCount) positions and \(grid.velocityCount) velocities "
            + "already; leave --grid out.")
      }
      return try evolution(of: grid, positions: density.positions)
    }
  }

  private func evolution(
    of grid: PhaseSpaceGrid, positions: [Double]?
  ) throws(CommandFailure) -> any Evolution {
    guard options.system.kind.isAdaptive else {
      return GridEvolution(try options.system.flow(of: grid), positions: positions)
    }
    return AdaptiveGridEvolution(
      try options.system.adaptiveFlow(of: grid), positions: positions)
  }

  // MARK: The text

  private func header(_ flow: some Evolution, _ path: String, _ notes: [ReadingNote]) -> String {
    var table = Table()
    table.add("start", "\(path), \(flow.size)")
    table.add("box", flow.boxNotation)
    table.add("field", flow.fieldName)
    if let bound = flow.curvatureBound { table.add("bound", "B = \(bound)") }
    if let note = options.system.kind.momentumNote { table.add("momentum", note) }
    table.add("method", flow.method)
    // What is read as a grid is followed as one.
    for note in notes where options.representation != .grid || note != SnapshotFile.cloudNote {
      table.add("note", note.sentence)
    }
    return table.text() + "\n"
  }

  private func row(
    _ flow: some Evolution, _ name: String, _ control: StepControl? = nil
  ) -> String {
    let found = flow.diagnostics
    let isAlignment = options.system.kind.isAlignment
    // Alignment dissipates: the kinetic energy is all there is.
    let energy = isAlignment ? "\(found.kineticEnergy)" : found.energy.map { "\($0)" } ?? "unknown"
    let potential =
      options.system.kind == .free || isAlignment
      ? "" : "  potential \(found.potentialEnergy.map { "\($0)" } ?? "unknown")"
    let momentum = found.momentum.map(\.description).joined(separator: ", ")
    let spreads = (isAlignment ? flow.particles : nil).map { particles in
      "spread "
        + particles.groups.map { "\(particles.velocitySpread(of: $0.members))" }.joined(
          separator: ", ")
        + "  "
    }
    let square = flow.squareNorm.map { "square \($0)  " } ?? ""
    let steps = control.map { "steps \($0.step)  error \($0.error)  " } ?? ""
    return "time \(found.time)  energy \(energy)\(potential)  momentum \(momentum)  "
      + "\(spreads ?? "")\(square)\(steps)\(name)\n"
  }
}

/// Where `kwass evolve` writes, and what a run has left there.
private struct EvolveOutput {
  private let file: String
  private let series: SnapshotSeries?
  private let first: Int
  /// Whether a run is gone on with.
  let isResumed: Bool
  /// Where the description of the run stands, hidden, as it is no snapshot.
  private let descriptionPath: String
  /// What is to be kept with the first snapshot of a run that begins here.
  private var description: RunDescription?

  init(_ options: EvolveOptions) throws(CommandFailure) {
    file = options.output
    guard SnapshotFormat(path: options.output) == nil else {
      let name = options.output.split(separator: "/").last.map(String.init) ?? ""
      descriptionPath = "\(options.output.dropLast(name.count)).\(name).run"
      series = nil
      first = 0
      isResumed = options.resumes && checkedExistence(options.output)
      return
    }
    let series = try attempt { () throws(SnapshotError) in
      try SnapshotSeries(folder: options.output, format: options.format)
    }
    descriptionPath = "\(options.output)/.run"
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
  func start(_ options: EvolveOptions) throws(CommandFailure) -> (path: String, SnapshotFile) {
    let path = isResumed ? self.path(0) : options.path
    return try attempt { () throws(SnapshotError) in
      (path, try SnapshotFile.read(path))
    }
  }

  /// The snapshot that the options say a run that is gone on with has started from.
  func origin(_ options: EvolveOptions) throws(CommandFailure) -> SnapshotFile {
    try attempt { () throws(SnapshotError) in try SnapshotFile.read(options.path) }
  }

  /// Refuses a run other than the one that is gone on with; one that begins here will be described.
  mutating func describe(_ run: RunDescription) throws(CommandFailure) {
    if isResumed {
      try run.check(against: descriptionPath, of: file)
    } else {
      description = run
    }
  }

  mutating func write(_ flow: some Evolution, index: Int) throws(CommandFailure) {
    // A single file keeps what it has until there is something newer.
    if series == nil, index == 0 { return }
    let path = path(index)
    guard let run = description else {
      return try attempt { () throws(SnapshotError) in try flow.write(to: path) }
    }
    // Whenever the work is cut off, no snapshot stands beside the description of another run.
    RunDescription.remove(descriptionPath)
    try attempt { () throws(SnapshotError) in
      try flow.write(to: path)
      try DataFile.write(Array(run.text.utf8), to: descriptionPath)
    }
    description = nil
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
