import KineticTransport

/// What `kwass evolve` follows by a flow: particles, or a density on a grid.
protocol Evolution {
  associatedtype Flow: EvolvingFlow

  /// The flow, as far as it has come.
  var flow: Flow { get set }
  /// ∫f², where it is known.
  var squareNorm: Double? { get }
  /// What is followed, how many of them.
  var size: String { get }
  /// The box.
  var boxNotation: String { get }
  /// The particles, where it is particles that are followed.
  var particles: ParticleState? { get }
  /// The step control's error, where there is one.
  var tolerance: Double? { get }

  /// Goes on from the last snapshot of an earlier run from the same start.
  mutating func resume(
    from file: SnapshotFile, _ path: String, box: BoxOption?, carried: [Double]?
  ) throws(CommandFailure)
  /// Follows the equation to a time; what the step control did, where there is one.
  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl?
  /// How far the state is from another one of the same run, in words.
  func deviation(from other: Self) throws(FlowError) -> String
  /// Writes the state.
  func write(to path: String) throws(SnapshotError)
}

/// Particles that are followed.
struct ParticleEvolution<Flow: ParticleFlow>: Evolution {
  var flow: Flow
  let tolerance: Double?
  /// Where the masses and identities stand as they were given.
  private let start: Snapshot

  init(_ flow: Flow, from start: Snapshot, tolerance: Double?) {
    self.flow = flow
    self.start = start
    self.tolerance = tolerance
  }

  var squareNorm: Double? { nil }
  var particles: ParticleState? { flow.particles }
  var size: String { count(flow.particles.count, "particle", "particles") }
  var boxNotation: String { flow.particles.box.notation }

  mutating func resume(
    from file: SnapshotFile, _ path: String, box: BoxOption?, carried: [Double]?
  ) throws(CommandFailure) {
    let measure = try file.measure(named: path, box: box)
    do throws(Flow.Failure) {
      try flow.resume(from: measure, lifts: file.snapshot.positions.map(\.array), carried: carried)
    } catch {
      throw error.failure
    }
  }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    do throws(Flow.Failure) {
      if let tolerance { return try flow.follow(to: time, tolerance: tolerance) }
      try flow.advance(to: time)
      return nil
    } catch {
      throw error.failure
    }
  }

  func deviation(from other: Self) throws(FlowError) -> String {
    "by at most \(try flow.particles.pairedDistance(to: other.flow.particles)) in W_2"
  }

  /// Writes a snapshot: lifts, velocities, and the masses exactly as they were given.
  func write(to path: String) throws(SnapshotError) {
    let state = flow.particles
    try SnapshotFile.write(
      Snapshot(
        positions: (0..<state.dimension).map { state.position($0) },
        velocities: (0..<state.dimension).map { state.velocity($0) },
        weights: start.weights, box: state.box, time: flow.time, ids: start.ids), to: path)
  }
}

/// A density on a grid, by a semi-Lagrangian method.
struct GridEvolution<Flow: DensityFlow>: Evolution {
  var flow: Flow
  /// The nodes as the file has them.
  private let positions: [Double]?

  init(_ flow: Flow, positions: [Double]?) {
    self.flow = flow
    self.positions = positions
  }

  var squareNorm: Double? { flow.grid.squareNorm }
  var particles: ParticleState? { nil }
  var tolerance: Double? { nil }
  var boxNotation: String { "\(flow.grid.length)" }
  var size: String {
    "a grid of \(flow.grid.positionCount) positions and \(flow.grid.velocityCount) velocities from "
      + "\(flow.grid.velocityRange.lowerBound) to \(flow.grid.velocityRange.upperBound)"
  }

  mutating func resume(
    from file: SnapshotFile, _ path: String, box: BoxOption?, carried: [Double]?
  ) throws(CommandFailure) {
    guard let density = file.density else {
      throw CommandFailure(.badData, "\(path) holds particles, and the run follows a grid.")
    }
    let grid = try PhaseSpaceGrid(density, path: path, box: box)
    do throws(Flow.Failure) {
      try flow.resume(from: grid, values: Array(density.values.joined()), carried: carried)
    } catch {
      throw error.failure
    }
  }

  mutating func advance(to time: Double) throws(CommandFailure) -> StepControl? {
    do throws(Flow.Failure) {
      try flow.advance(to: time)
      return nil
    } catch {
      throw error.failure
    }
  }

  func deviation(from other: Self) -> String {
    let (own, others) = (flow.grid.values, other.flow.grid.values)
    let largest = others.reduce(0) { max($0, $1.magnitude) }
    let difference = zip(own, others).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
    return "by at most \(difference / largest) of the largest value of f"
  }

  func write(to path: String) throws(SnapshotError) {
    try flow.grid.file(positions: positions).write(to: path)
  }
}

extension SnapshotFile {
  /// The measure, in the box that an option names.
  ///
  /// - Throws: `CommandFailure`.
  func measure(
    named path: String, box option: BoxOption?
  ) throws(CommandFailure) -> PhaseSpaceMeasure {
    let box = try option?.domain(of: snapshot, named: path)
    return try attempt { () throws(SnapshotError) in try measure(box: box) }
  }
}
