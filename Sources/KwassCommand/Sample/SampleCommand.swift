import KineticTransport

/// Runs `kwass sample`.
struct SampleCommand: Command {
  static let name = "sample"
  static let summary = "Write a sample of a known distribution."
  static let synopsis = "NAME --count N --seed S|--grid N,M [parameters] -o FILE"
  static var explanation: String {
    let families = SampleFamily.all.map { family in
      let parameters = family.parameters.map { parameter in
        ("--\(parameter.name)", "\(parameter.meaning). Default: \(plain(parameter.standard)).")
      }
      return "\(family.name): \(family.summary)\n\(HelpText.table(parameters))"
    }
    return """
      Writes a sample of equal masses of a known distribution. NAME is one of the following, each
      with its own parameters:

      \(families.joined(separator: "\n\n"))

      \(TwoFlocks.name): \(TwoFlocks.summary)
        (no --count and no --seed)
      """
  }
  static let example =
    "two-stream --count 1000 --seed 1 --beam-speed 3 --quiet-start -o a.npz"

  static let explainedOptions = SampleOptions.parameterOptions

  let options: SampleOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    if let size = options.grid.size { return try writeDensity(size, on: console) }
    let progress = ProgressLine("sampling", on: console)
    let sample: PhaseSpaceMeasure
    do throws(CommandFailure) {
      sample = try draw()
      progress.begin("writing")
      try attempt { () throws(SnapshotError) in
        try SnapshotFile.write(snapshot(of: sample), to: options.path)
      }
      progress.finish()
    } catch {
      progress.finish()
      throw error
    }
    try console.print(
      "\(options.path): \(count(sample.count, "particle", "particles")) of \(options.family) in "
        + "\(sample.positionDimension) position and \(sample.velocityDimension) velocity "
        + "coordinates, box \(sample.box.notation)\n")
    let omissions = SnapshotFormat(path: options.path)?.omissions(of: snapshot(of: sample)) ?? []
    if !omissions.isEmpty {
      console.report(
        "kwass: \(options.path) has no place for \(omissions.joined(separator: " and ")).\n")
    }
    return .success
  }

  /// Writes the density on a grid.
  private func writeDensity(
    _ size: [Int], on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    guard let family = SampleFamily.named(options.family) else {
      throw CommandFailure(.usage, "There is no sample \(options.family).")
    }
    let density = try attempt { () throws(SampleError) in
      try family.density(parameters: options.parameters)
    }
    let grid = try attempt { () throws(FlowError) in
      try PhaseSpaceGrid(
        length: density.length, velocityRange: options.grid.velocities ?? density.velocityRange,
        positionCount: size[0], velocityCount: size[1], density: density.callAsFunction)
    }
    try attempt { () throws(SnapshotError) in try grid.file().write(to: options.path) }
    try console.print(
      "\(options.path): the density of \(options.family) at \(size[0]) positions and \(size[1]) velocities from "
        + "\(grid.velocityRange.lowerBound) to \(grid.velocityRange.upperBound), box \(grid.length)\n"
    )
    return .success
  }

  private func snapshot(of sample: PhaseSpaceMeasure) -> Snapshot {
    var snapshot = Snapshot(sample)
    // As they are, without the rounding of a sum that was divided out.
    if options.family == TwoFlocks.name { snapshot.weights = TwoFlocks.masses }
    if options.hasIDs { snapshot.ids = (0..<UInt64(sample.count)).map(\.self) }
    return snapshot
  }

  private func draw() throws(CommandFailure) -> PhaseSpaceMeasure {
    if options.family == TwoFlocks.name {
      do throws(PhaseSpaceError) {
        return try TwoFlocks.measure
      } catch {
        throw CommandFailure(.internal, error.description)
      }
    }
    guard let family = SampleFamily.named(options.family) else {
      throw CommandFailure(.usage, "There is no sample \(options.family).")
    }
    do throws(SampleError) {
      return try family.sample(
        count: options.count, dimension: options.dimension, seed: options.seed,
        isQuiet: options.isQuiet, parameters: options.parameters)
    } catch {
      throw CommandFailure(error)
    }
  }
}
