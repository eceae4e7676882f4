import KineticTransport

/// A flow whose particles the ranks share: each moves its own, and the mesh by which they act on each other is added up
/// in an order that does not depend on how many ranks there are. The first rank has it; a `FlowWorker` is what the
/// others do.
struct SharedFlow: ParticleFlow {
  /// All particles, as far as they have come.
  private var whole: CharacteristicFlow
  private let ranks: RankExchange
  /// The particles of this rank, which flows of one origin move in turn.
  private let own = Own()

  private final class Own {
    var flow: CharacteristicFlow?
  }

  /// A flow that ranks share; `nil` for one that they cannot.
  init?(_ flow: CharacteristicFlow, _ ranks: RankExchange) {
    guard !ranks.isAlone, flow.field is ParticleMeshField || flow.field is FreeField else {
      return nil
    }
    (whole, self.ranks) = (flow, ranks)
  }

  static let isNotShared =
    "Ranks share flows of particles with a fixed step, on a mesh (--mesh) or free; here rank 0 does all of the work, and "
    + "the others wait."

  var time: Double { whole.time }
  var step: Double { whole.step }
  var diagnostics: FlowDiagnostics { whole.diagnostics }
  var fieldName: String { whole.fieldName }
  var method: String { whole.method }
  var curvatureBound: Double? { whole.curvatureBound }
  var stepWarning: String? { whole.stepWarning }
  var particles: ParticleState { whole.particles }

  func stepCount(to target: Double) throws(FlowError) -> Int { try whole.stepCount(to: target) }

  mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], carried: [Double]?
  ) throws(CommandFailure) {
    try attempt { () throws(FlowError) in
      try whole.resume(from: measure, lifts: lifts, carried: carried)
    }
    own.flow = nil
  }

  mutating func follow(to target: Double, tolerance: Double) throws(CommandFailure) -> StepControl {
    try attempt { () throws(FlowError) in
      try whole.follow(to: target, tolerance: tolerance)
    }
  }

  mutating func advance(to target: Double) throws(CommandFailure) {
    guard try attempt({ () throws(FlowError) in try whole.stepCount(to: target) }) > 0 else {
      return
    }
    var part = if let flow = own.flow { flow } else { try begun() }
    own.flow = nil
    try ranks.tell(FlowMessage(target: target))
    part.move(to: target)
    own.flow = part
    var state = whole.particles
    let coordinates = try ranks.exchanged(manyNumbers: part.coordinates)
    state.replace(coordinates)
    whole = try attempt { () throws(FlowError) in
      try state.check(at: target)
      return try CharacteristicFlow(
        particles: state, field: whole.field, integrator: whole.integrator, step: whole.step,
        time: target)
    }
  }

  /// The particles of this rank, where the flow begins.
  private func begun() throws(CommandFailure) -> CharacteristicFlow {
    let state = whole.particles
    let start = FlowStart(
      count: state.count, rawMass: state.rawMass,
      box: state.box.axes.map { $0.isPeriodic ? $0.length : 0 }, step: whole.step,
      time: whole.time)
    try ranks.tell(FlowMessage(start: start))
    let numbers = state.positions + state.velocities + state.masses
    _ = try ranks.exchanged(manyNumbers: numbers)
    return try start.part(of: numbers, whole.field, whole.integrator, state.box, ranks)
  }
}

/// What the ranks do that are not the first, of which they hear what to do.
struct FlowWorker {
  let system: FlowSystem
  let ranks: RankExchange

  /// Moves particles until the first rank has no more to say.
  func run() throws(CommandFailure) {
    var flow: CharacteristicFlow?
    while let message = try ranks.exchanged(nil as FlowMessage?)[0] {
      if let start = message.start {
        let numbers = try ranks.exchanged(manyNumbers: [])[0]
        let box = try attempt { () throws(ProductDomainError) in
          try ProductDomain(start.box.map { $0 > 0 ? .circle(length: $0) : .line })
        }
        let field = try attempt { () throws(FlowError) in try system.field(in: box) }
        flow = try start.part(of: numbers, field, system.integrator, box, ranks)
      }
      if let target = message.target {
        flow?.move(to: target)
        _ = try ranks.exchanged(manyNumbers: flow?.coordinates ?? [])
      }
    }
  }
}

extension RankExchange {
  /// Says that there is no more to be done.
  func endWorkers() throws(CommandFailure) { try tell(nil) }

  /// Tells the others what to do, who have nothing to say.
  fileprivate func tell(_ message: FlowMessage?) throws(CommandFailure) {
    _ = try exchanged(message)
  }
}

/// What the first rank tells the others.
private struct FlowMessage: Codable {
  /// A flow begins, of which the numbers follow.
  var start: FlowStart?
  /// The time to go to; then the coordinates are sent.
  var target: Double?
}

/// What makes a flow, beside the system and the numbers of its particles.
private struct FlowStart: Codable {
  let count: Int
  let rawMass: Double
  /// The lengths of its axes; 0 for a line.
  let box: [Double]
  let step: Double
  let time: Double

  /// The flow of the particles of a rank.
  ///
  /// - Parameter numbers: positions, velocities and masses of all particles.
  func part(
    of numbers: [Double], _ field: any ForceField, _ integrator: Integrator, _ box: ProductDomain,
    _ ranks: RankExchange
  ) throws(CommandFailure) -> CharacteristicFlow {
    let (rank, size) = (ranks.group.rank, ranks.group.size)
    guard numbers.count == (2 * box.dimension + 1) * count else {
      throw CommandFailure(.internal, "The particles that rank 0 has sent are not complete.")
    }
    var (ownField, range) = (field, count * rank / size..<count * (rank + 1) / size)
    if let mesh = field as? ParticleMeshField {
      // What cannot be exchanged ends the next exchange as well, which says so.
      (ownField, range) = mesh.shared(of: count, rank: rank, of: size) {
        (try? ranks.exchanged(numbers: $0)) ?? []
      }
    }
    func rows(_ rows: Range<Int>) -> [Double] {
      rows.flatMap { numbers[$0 * count + range.lowerBound..<$0 * count + range.upperBound] }
    }
    let dimension = box.dimension
    let state = ParticleState(
      positions: rows(0..<dimension), velocities: rows(dimension..<2 * dimension),
      masses: rows(2 * dimension..<2 * dimension + 1), rawMass: rawMass, box: box)
    return try attempt { () throws(FlowError) in
      try CharacteristicFlow(
        particles: state, field: ownField, integrator: integrator, step: step, time: time)
    }
  }
}

extension CharacteristicFlow {
  /// Goes to a time; whether the numbers are still good is found out where all are together.
  fileprivate mutating func move(to target: Double) { try? advance(to: target) }

  /// Positions and velocities.
  fileprivate var coordinates: [Double] { particles.positions + particles.velocities }
}

extension ParticleState {
  /// Puts the coordinates of consecutive particles in the place of these.
  fileprivate mutating func replace(_ parts: [[Double]]) {
    var first = 0
    for numbers in parts {
      let size = numbers.count / (2 * dimension)
      for axis in 0..<dimension {
        let range = axis * count + first..<axis * count + first + size
        positions.replaceSubrange(range, with: numbers[axis * size..<(axis + 1) * size])
        let start = (dimension + axis) * size
        velocities.replaceSubrange(range, with: numbers[start..<start + size])
      }
      first += size
    }
  }
}

extension CommandFailure: CommandEnding {
  var failure: CommandFailure { self }
}
