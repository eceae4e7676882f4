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
    the velocities of each group of equal masses is printed too. Particles of vfp, mckean-vlasov and
    swarm follow dX = V dt/E and dV = (force/E - friction V/E^2) dt + noise/E with E = --epsilon; on a
    periodic axis of the length L their order parameter |mean of exp(2 pi i X/L)| is printed. On a
    grid these systems and bgk are solved by modes of the velocities, without noise and for every E
    from 0 on, where E = 0 is the limit: their free energy and the rate at which it dissipates are
    printed too.
    """
  static let example =
    "a.npz --system vlasov-poisson --epsilon .1 --until 1 --every .25 -o run"

  static let commonOptions = [
    "--system", "--until", "--every", "-o", "--step", "--step-error", "--kernel", "--epsilon",
    "--mesh", "--box", "--figure", "--resume",
  ]

  static let isParallel = true

  let options: EvolveOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try run(on: console, in: World.group())
  }

  /// Runs in a group: the first process reads, writes and prints, and the others move particles for it.
  func run(
    on console: any Console, in group: any ProcessGroup
  ) throws(CommandFailure) -> ExitCode {
    let ranks = RankExchange(group: group)
    guard !ranks.isAlone else {
      if let remark = World.remark { console.remark("kwass: \(remark)\n") }
      return try run(on: console, ranks)
    }
    return try ranks.ending { () throws(CommandFailure) in
      try ranks.checkSame(
        PartPlan(command: "", arguments: [], files: []), String(describing: options),
        otherwise: "they have different options")
      guard ranks.isFirst else {
        do throws(CommandFailure) {
          try FlowWorker(system: options.system, ranks: ranks).run()
        } catch {
          console.report("kwass: \(ranks.named(error, group.rank).sentence)\n")
          group.abort(error.status.rawValue)
          throw error
        }
        return try ranks.alone { () throws(CommandFailure) in .success }
      }
      let result = Result { () throws(CommandFailure) in try run(on: console, ranks) }
      try ranks.endWorkers()
      return try ranks.alone { () throws(CommandFailure) in try result.get() }
    }
  }

  private func run(
    on console: any Console, _ ranks: RankExchange
  ) throws(CommandFailure) -> ExitCode {
    var output = try EvolveOutput(options)
    let last = try output.last()
    let origin = try attempt { () throws(SnapshotError) in try SnapshotFile.read(options.path) }
    return try follow(
      try shared(evolution(of: origin, options.path), ranks, origin, console), from: origin, last,
      &output, console)
  }

  private func follow<State: Evolution>(
    _ origin: State, from file: SnapshotFile, _ last: EvolveOutput.Last?,
    _ output: inout EvolveOutput, _ console: any Console
  ) throws(CommandFailure) -> ExitCode {
    var state = origin
    try output.describe(RunDescription(options, state, start: file))
    if let last {
      try state.resume(
        from: last.file, last.path, box: options.box, carried: try output.carried(state, last))
    }
    let (path, notes) = (last?.path ?? options.path, last?.file.notes ?? file.notes)
    let start = state
    guard options.until >= start.flow.time else {
      throw CommandFailure(
        .usage, "--until \(options.until) lies before the time \(start.flow.time) of \(path).")
    }
    let times = try SampledTimes.multiples(
      of: options.every, after: start.flow.time, until: options.until)
    do throws(FlowError) {
      _ = try state.flow.stepCount(to: options.until)
    } catch {
      throw CommandFailure(error)
    }
    try check(state)
    var figures = try AgentFigures(options)
    try figures.add(state)
    if let warning = state.flow.stepWarning { console.report("kwass: warning: \(warning)\n") }
    try console.print(header(state, path, notes))
    if !output.isResumed { try output.write(state, index: 0) }
    try console.print(row(state, output.name(0)))
    for (index, time) in times.enumerated() {
      // A line for each snapshot: it is gone when the snapshot's row is printed.
      let progress = ProgressLine("following the characteristics to \(time)", on: console)
      defer { progress.finish() }
      let control = try state.advance(to: time)
      try check(state)
      try output.write(state, index: index + 1)
      try figures.add(state)
      progress.finish()
      try console.print(row(state, output.name(index + 1), control))
    }
    try figures.draw(on: console)
    if options.reverses { try console.print(try reversal(of: state, to: start, times, console)) }
    return .success
  }

  /// Goes back by the same times, and says how far from the start that leads.
  private func reversal<State: Evolution>(
    of end: State, to start: State, _ times: [Double], _ console: any Console
  ) throws(CommandFailure) -> String {
    var state = end
    let progress = ProgressLine("going back to \(start.flow.time)", on: console)
    defer { progress.finish() }
    for time in ([start.flow.time] + times.dropLast()).reversed() {
      _ = try state.advance(to: time)
    }
    do throws(FlowError) {
      return "back at time \(state.flow.time), off \(try state.deviation(from: start))\n"
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Refuses a state whose energy or momentum is too large for a number.
  private func check(_ state: some Evolution) throws(CommandFailure) {
    let found = state.flow.diagnostics
    let all: [(String, Double?)] =
      found.momentum.map { ("momentum", $0) } + [
        ("kinetic energy", found.kineticEnergy), ("potential energy", found.potentialEnergy),
        ("energy", found.energy), ("integral of f^2", state.squareNorm),
      ]
    guard let name = all.first(where: { $0.1.map { !$0.isFinite } ?? false })?.0 else { return }
    throw CommandFailure(
      .badData,
      "At the time \(found.time) the \(name) is too large for a number; scale positions and velocities "
        + "down.")
  }

  /// The state as ranks share it, where they can.
  private func shared(
    _ state: any Evolution, _ ranks: RankExchange, _ origin: SnapshotFile, _ console: any Console
  ) -> any Evolution {
    guard !ranks.isAlone else { return state }
    if let state = state as? ParticleEvolution<CharacteristicFlow>, state.tolerance == nil,
      let flow = SharedFlow(state.flow, ranks)
    {
      return ParticleEvolution(flow, from: origin.snapshot, tolerance: nil)
    }
    console.remark("kwass: \(SharedFlow.isNotShared)\n")
    return state
  }

  /// The state of a file in the representation that the options name.
  private func evolution(
    of file: SnapshotFile, _ path: String
  ) throws(CommandFailure) -> any Evolution {
    func measure() throws(CommandFailure) -> PhaseSpaceMeasure {
      try file.measure(named: path, box: options.box)
    }
    switch options.representation {
    case .particles:
      if options.system.kind.isAdaptive {
        return ParticleEvolution(
          try options.system.adaptiveFlow(from: file.snapshot, measure: measure()),
          from: file.snapshot, tolerance: nil)
      }
      if options.system.kind.isNoisy {
        return ParticleEvolution(
          try options.system.relaxationFlow(from: file.snapshot, measure: measure()),
          from: file.snapshot, tolerance: nil)
      }
      return ParticleEvolution(
        try options.system.flow(from: file.snapshot, measure: measure()),
        from: file.snapshot, tolerance: options.system.stepError)
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

  /// The state of a grid, with the positions that its file gives; without them particles were spread over it.
  private func evolution(
    of grid: PhaseSpaceGrid, positions: [Double]?
  ) throws(CommandFailure) -> any Evolution {
    if options.system.kind.isRelaxing {
      let flow = try options.system.modeFlow(
        of: grid, isWellPrepared: options.isWellPrepared, isOfParticles: positions == nil)
      return try attempt { () throws(KineticModelError) in
        GridEvolution(try ModeGridFlow(flow, on: grid), positions: positions)
      }
    }
    guard options.system.kind.isAdaptive else {
      return GridEvolution(try options.system.flow(of: grid), positions: positions)
    }
    return GridEvolution(try options.system.adaptiveFlow(of: grid), positions: positions)
  }

  // MARK: The text

  private func header(_ state: some Evolution, _ path: String, _ notes: [ReadingNote]) -> String {
    let control =
      state.tolerance.map { ", halved until the estimated error in W_2 is at most \($0)" } ?? ""
    var table = Table()
    table.add("start", "\(path), \(state.size)")
    table.add("box", state.boxNotation)
    table.add("field", state.flow.fieldName)
    if let bound = state.flow.curvatureBound { table.add("bound", "B = \(bound)") }
    if let note = options.system.kind.momentumNote { table.add("momentum", note) }
    table.add("method", state.flow.method + control)
    // What is read as a grid is followed as one.
    for note in notes where options.representation != .grid || note != SnapshotFile.cloudNote {
      table.add("note", note.sentence)
    }
    return table.text() + "\n"
  }

  private func row(
    _ state: some Evolution, _ name: String, _ control: StepControl? = nil
  ) -> String {
    let found = state.flow.diagnostics
    let isAlignment = options.system.kind.isAlignment
    // Alignment dissipates: the kinetic energy is all there is.
    let energy = isAlignment ? "\(found.kineticEnergy)" : found.energy.map { "\($0)" } ?? "unknown"
    let potential =
      options.system.kind == .free || isAlignment
      ? "" : "  potential \(found.potentialEnergy.map { "\($0)" } ?? "unknown")"
    let momentum = found.momentum.map(\.description).joined(separator: ", ")
    let spreads = (isAlignment ? state.particles : nil).map { particles in
      "spread "
        + particles.groups.map { "\(particles.velocitySpread(of: $0.members))" }.joined(
          separator: ", ")
        + "  "
    }
    let order = orderParameters(of: state).map { "order \($0)  " } ?? ""
    let measures = state.flow.measures.map { "\($0.name) \($0.value)  " }.joined()
    let square = state.squareNorm.map { "square \($0)  " } ?? ""
    let steps = control.map { "steps \($0.step)  error \($0.error)  " } ?? ""
    return "time \(found.time)  energy \(energy)\(potential)  momentum \(momentum)  "
      + "\(spreads ?? "")\(order)\(measures)\(square)\(steps)\(name)\n"
  }

  /// How far particles that relax on circles have come together on each of these.
  private func orderParameters(of state: some Evolution) -> String? {
    guard options.system.kind.takesForce, let particles = state.particles else { return nil }
    let orders = particles.orderParameters.compactMap(\.self)
    return orders.isEmpty ? nil : orders.map(\.description).joined(separator: ", ")
  }
}
