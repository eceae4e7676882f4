import KineticTransport

/// Runs `kwass scan`.
struct ScanCommand: DividedCommand, DividedWork {
  static let name = "scan"
  static let summary = "Do so for several Debye lengths and initial distances."
  static let synopsis = "FILE [options]"
  static let explanation = """
    Studies Theorem 3.1 for each of several Debye lengths epsilon and initial distances theta: the
    second solution starts from the state of the first, displaced by a sine wave whose root mean
    square is theta. FILE has on each line a key and its values; # begins a comment:

      start    beams kappa=0.6124   # cold beams with kappa = 2 pi mode speed epsilon (the default);
                                    # or: sample NAME parameter=value ..., or: file SNAPSHOT
      count    1024                 # particles of beams and samples
      seed     1                    # of samples, which have a quiet start
      epsilon  0.1 0.2
      theta    1e-2 1e-3 1e-4
      mode     1                    # waves of the displacement in the box
      until    1                    # how long each pair is followed
      samples  10                   # true distances on the way
      steps    20                   # for each epsilon of time
      mesh     64                   # cells of the particle mesh; 0 for exact sheets, which do not
                                    # respond to displacements far below their spacing
      mesh-filter gaussian          # or: sharp, shape, as --mesh-filter of evolve
      current  0.2                  # adds 0.2 sin(2 pi mode x) to the velocities of the start
      limit    8                    # waves of the quasi-neutral limit; 0 leaves it out

    Only epsilon and theta must be there. Printed are the true W_2 at the start and at the end, the
    time at which it reaches 1/10, the supremum of C_eff, the time up to which (3.4) holds with it as
    C_d, and the times at which the bounds reach 1. In dimension one the first solution is also set
    beside its quasi-neutral limit, the kinetic incompressible Euler system (Kinetic
    Isothermal Euler in the paper): printed are the suprema of
    W_1(f, limit) and of W_1(filtered f, limit), where filtering takes the plasma oscillation of
    frequency 1/epsilon away (Corollary 3.3). Beams and other states with growing waves have no such
    limit but for a short time.
    """
  static let example =
    "beams.scan --figure constants.svg"

  static let isParallel = true

  static let outputOptions = ["--json", "--csv", "--figure"]

  let options: ScanOptions

  var work: any DividedWork { self }

  /// What is printed beside the findings follows from the text of the scan file.
  struct Frame: Codable, Sendable {
    let text: String
  }

  func checkOutputs() throws(CommandFailure) {
    if let path = options.table {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
    try FigureOutput.check([options.figure])
  }

  func inputs() throws(CommandFailure) -> [String] {
    let file = try ScanFile(readText(), path: options.path)
    guard case .file(let path) = file.start else { return [options.path] }
    return [options.path, path]
  }

  private func readText() throws(CommandFailure) -> String {
    try attempt { () throws(SnapshotError) in try DataFile.readText(options.path) }
  }

  /// For each start its limit, then all θ.
  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, ScanFinding> {
    progress.begin("scanning")
    let text = try readText()
    let file = try ScanFile(text, path: options.path)
    let scan = try scan(file)
    let thetas = scan.thetas
    let names = scan.starts.flatMap { start in
      ["the limit of epsilon \(start.epsilon)"]
        + thetas.map { "epsilon \(start.epsilon), theta \($0)" }
    }
    return Workload(
      frame: Frame(text: text), title: "scanning", units: names, isParallel: false
    ) { unit throws(CommandFailure) in
      let start = scan.starts[unit / (thetas.count + 1)]
      let place = unit % (thetas.count + 1)
      if place == 0 { return .limit(try limit(of: start, in: scan, file, progress)) }
      progress.begin(names[unit])
      do throws(StabilityError) {
        return .run(
          .init(try scan.run(start, theta: thetas[place - 1], progress: progress.handler)))
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  func give(
    _ frame: Frame, _ findings: [ScanFinding], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    let file = try ScanFile(frame.text, path: options.path)
    var runs: [ScanFinding.Run] = []
    var limits: [ScanFinding.Limit?] = []
    var last: ScanFinding.Limit?
    for finding in findings {
      switch finding {
      case .limit(let limit): last = limit
      case .run(let run):
        runs.append(run)
        limits.append(last)
      }
    }
    let rows = zip(runs, limits).map(ScanRow.init)
    if let path = options.table {
      let lines = [ScanRow.names.joined(separator: ",")] + rows.map(\.csv)
      try attempt { () throws(SnapshotError) in
        try DataFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
      }
    }
    try FigureOutput.draw(chart(file, runs), to: options.figure, on: console)
    progress.finish()
    if options.isJSON {
      try console.print(
        JSON.document("scan", [.init("rows", .array(rows.map(\.json)))]).text + "\n")
    } else {
      var grid = Grid(ScanRow.headings)
      for row in rows { grid.add(row.cells, isAlarming: row.violations > 0) }
      try console.print(grid.text(inColour: console.isOutputTerminal))
      try console.print(remarks(file))
    }
    return rows.allSatisfy { $0.violations == 0 } ? .success : .exceeded
  }

  /// What the numbers of the table rest on.
  private func remarks(_ file: ScanFile) -> String {
    let field =
      file.mesh == 0
      ? "exact sheets"
      : "a particle mesh of \(file.mesh) cells an axis, cubic shape, \(file.filter.rawValue) filter"
    return
      "\nThe field is that of \(field). C_d and C are measured from each run, so that the bounds "
      + "with them hold by construction; what \"violated\" counts are the other inequalities.\n"
  }

  private func scan(_ file: ScanFile) throws(CommandFailure) -> QuasineutralScan {
    let starts = try file.epsilons.map { epsilon throws(CommandFailure) in
      QuasineutralScan.Start(epsilon: epsilon, measure: try measure(file, epsilon))
    }
    do throws(StabilityError) {
      return try QuasineutralScan(
        starts: starts, thetas: file.thetas, mode: file.mode, duration: file.until,
        samples: file.samples, stepsPerPlasmaTime: file.stepsPerPlasmaTime,
        meshCells: file.mesh == 0 ? nil : file.mesh, meshFilter: file.filter,
        limitModes: max(1, file.limit))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The quasi-neutral limit of one start; `nil` where it was not asked for or there is none.
  private func limit(
    of start: QuasineutralScan.Start, in scan: QuasineutralScan, _ file: ScanFile,
    _ progress: ProgressLine
  ) throws(CommandFailure) -> ScanFinding.Limit? {
    guard file.limit > 0, start.measure.positionDimension == 1 else { return nil }
    progress.begin("epsilon \(start.epsilon), the quasi-neutral limit")
    do throws(StabilityError) {
      return try scan.limit(of: start, progress: progress.handler).map {
        ScanFinding.Limit(distance: $0.distance, filteredDistance: $0.filteredDistance)
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func measure(
    _ file: ScanFile, _ epsilon: Double
  ) throws(CommandFailure) -> PhaseSpaceMeasure {
    let still = try stillMeasure(file, epsilon)
    guard file.current != 0 else { return still }
    do throws(StabilityError) {
      return try still.addingCurrent(file.current, mode: file.mode)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func stillMeasure(
    _ file: ScanFile, _ epsilon: Double
  ) throws(CommandFailure) -> PhaseSpaceMeasure {
    switch file.start {
    case .file(let path):
      return try attempt { () throws(SnapshotError) in try SnapshotFile.read(path).measure() }
    case .beams(let kappa):
      do throws(StabilityError) {
        return try .counterStreamingBeams(
          count: file.count, speed: kappa / (2 * .pi * Double(file.mode) * epsilon))
      } catch {
        throw CommandFailure(error)
      }
    case .sample(let name, let parameters):
      guard let family = SampleFamily.named(name) else {
        throw CommandFailure(
          .badData,
          "\(options.path): there is no sample \(name); the samples are "
            + "\(UsageError.list(SampleFamily.all.map(\.name))).")
      }
      do throws(SampleError) {
        return try family.sample(
          count: file.count, seed: file.seed, isQuiet: true, parameters: parameters)
      } catch {
        throw CommandFailure(.badData, "\(options.path): \(error)")
      }
    }
  }

  private func chart(_ file: ScanFile, _ runs: [ScanFinding.Run]) -> SeriesChart {
    SeriesChart(
      title: "The constant of Theorem 3.1 that the runs support",
      horizontal: "|log W₂(0)|", vertical: "sup C_eff",
      series: file.epsilons.map { epsilon in
        .init(
          "ε = \(epsilon)", style: .markedLine,
          points: runs.filter { $0.epsilon == epsilon }.map {
            SIMD2($0.logarithm, $0.effectiveGrowth ?? .nan)
          })
      })
  }
}
