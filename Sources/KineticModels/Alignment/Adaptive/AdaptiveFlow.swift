import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Agents on a torus that align with a strength which is carried along by what they hear: the s-model and
/// the w-model, v̇ᵢ = λs(xᵢ)(u_F(xᵢ) − vᵢ), u_F = (uρ)_φ/ρ_φ.
///
/// Agents are points, but their strength is a field. It is s₀(Y)·det ∇Y or w₀(Y)·ρ_φ with the backward
/// map Y of u_F, kept on a lattice; agents and map go by one Runge–Kutta step of order 4 together, the map
/// in space by differences of order 5. Source: R. Shvydkoy and T. Teolis (2024), (11) and (16), with
/// [u] = Σmⱼφvⱼ/Σmⱼφ (misprinted in §1.6.2).
public struct AdaptiveFlow: Sendable {
  /// The agents at `time`, positions as lifts.
  public private(set) var particles: ParticleState
  /// φ.
  public let kernel: CommunicationKernel
  /// How the strength starts, and what is carried.
  public let model: AdaptiveStrength
  /// λ.
  public let strength: Double
  /// No step is longer, in the unit of `time`.
  public let step: Double
  /// The physical time now.
  public private(set) var time: Double

  private var map: BackwardMap
  private let initial: InitialStrength

  /// Steps times the sum over the axes of velocity over lattice step may be as large as this; the
  /// method is stable up to 1.4.
  static let courantNumber = 1.2

  /// A flow that starts from agents on a torus.
  ///
  /// - Parameters:
  ///   - measure: the agents at the start.
  ///   - lifts: the positions without the box wrapped around, one array for each axis; `nil` for those
  ///     of the measure.
  ///   - model: the s-model or the w-model.
  ///   - kernel: φ, how communication falls with distance.
  ///   - strength: λ, positive.
  ///   - cells: the lattice of the strength, at least six points an axis.
  ///   - step: no step will be longer.
  /// - Throws: `KineticModelError`: in particular `.unstableStep`, and `.nobodyHeard` where ρ_φ vanishes
  ///   on the lattice.
  /// - Complexity: O(lattice · n).
  public init(
    measure: PhaseSpaceMeasure, lifts: [[Double]]? = nil, model: AdaptiveStrength,
    kernel: CommunicationKernel,
    strength: Double = 1, cells: [Int], step: Double
  ) throws(KineticModelError) {
    guard strength > 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "positive and finite")
    }
    let lattice: PeriodicLattice
    do throws(FlowError) {
      guard step > 0, step.isFinite else { throw .badStep(step) }
      particles = try ParticleState(measure)
      if let lifts { try particles.lift(to: lifts) }
      lattice = try PeriodicLattice(box: particles.box, cells: cells, for: model.name)
    } catch {
      throw .flow(error)
    }
    try kernel.validate(upTo: particles.extent)
    self.kernel = kernel
    self.model = model
    self.strength = strength
    self.step = step
    time = measure.time ?? 0
    map = BackwardMap(lattice)
    initial = InitialStrength(model: model) { [particles] places in
      AlignmentAverages(kernel, of: particles, at: places).densities
    }
    let stable = stableStep
    guard step <= stable else { throw .unstableStep(step: step, stable: stable) }
    _ = try slopes(particles, map)
  }

  /// The longest step for which the transport of the strength is stable. It never falls, since no velocity
  /// that is heard is larger than all that agents have.
  public var stableStep: Double {
    var rate = 0.0
    for (axis, step) in map.lattice.steps.enumerated() {
      rate += particles.velocity(axis).reduce(0) { max($0, $1.magnitude) } / step
    }
    return rate > 0 ? Self.courantNumber / rate : .infinity
  }

  /// The model with its kernel, its strength and its lattice.
  public var name: String {
    "\(model.name), \(kernel.name), strength \(strength), lattice of "
      + map.lattice.cells.map(\.description).joined(separator: " × ")
  }

  /// The measure now, positions wrapped into the box, with its time.
  ///
  /// - Throws: `FlowError.notFinite`.
  public var measure: PhaseSpaceMeasure {
    get throws(FlowError) { try particles.measure(at: time) }
  }

  /// Energy, momentum and mass now; there is no potential.
  ///
  /// - Complexity: O(n).
  public var diagnostics: FlowDiagnostics { particles.diagnostics(at: time, potentialEnergy: nil) }

  // MARK: Resuming

  /// Where the strength came from, which a run needs to go on: component k of Y − x at point i of the lattice
  /// at `displacements[k * count + i]`, the last axis running fastest.
  public var displacements: [Double] { map.displacements }

  /// Goes on from what another flow from the same start has come to, to the same bits as if it were that flow.
  ///
  /// - Parameters:
  ///   - measure: the agents, with their time.
  ///   - lifts: their positions without the box wrapped around.
  ///   - displacements: those of the other flow.
  /// - Throws: `KineticModelError.anotherRun`, or what makes lifts no positions of the measure.
  /// - Complexity: O(n + lattice).
  public mutating func resume(
    from measure: PhaseSpaceMeasure, lifts: [[Double]], displacements: [Double]
  ) throws(KineticModelError) {
    var found: ParticleState
    do throws(FlowError) {
      found = try ParticleState(measure)
      try found.lift(to: lifts)
    } catch {
      throw .flow(error)
    }
    guard found.box == particles.box, found.masses == particles.masses else {
      throw .anotherRun(requirement: "its box and the masses of its agents")
    }
    guard let now = measure.time, now >= time else {
      throw .anotherRun(requirement: "a time from \(time) on")
    }
    map = try map.with(displacements)
    (particles, time) = (found, now)
  }

  // MARK: Moving on

  /// The number of steps to a time.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps`.
  public func stepCount(to target: Double) throws(FlowError) -> Int {
    try StepCount.steps(from: time, to: target, step: step)
  }

  private func forwardSteps(to target: Double) throws(KineticModelError) -> Int {
    do throws(FlowError) {
      guard target >= time else { throw .badTime(target) }
      return try stepCount(to: target)
    } catch {
      throw .flow(error)
    }
  }

  /// Follows the agents to a later time, in equal steps of which none is longer than `step`.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: four times O((n + lattice)·n) for each step.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    let steps = try forwardSteps(to: target)
    guard steps > 0 else { return }
    let (start, length) = (time, (target - time) / Double(steps))
    for index in 0..<steps {
      try take(length)
      time = start + Double(index + 1) * length
    }
    time = target
    guard particles.positions.allSatisfy(\.isFinite), particles.velocities.allSatisfy(\.isFinite),
      map.displacements.allSatisfy(\.isFinite)
    else { throw .flow(.notFinite(time: target)) }
  }

  private struct Slopes {
    var positions: [Double]
    var velocities: [Double]
    var displacements: [Double]
  }

  private mutating func take(_ length: Double) throws(KineticModelError) {
    let (start, startMap) = (particles, map)
    var (stage, stageMap) = (particles, map)
    var slopes = try slopes(stage, stageMap)
    for part in Integrator.classicalStages {
      if part.node > 0 {
        (stage, stageMap) = (start, startMap)
        Self.add(part.node * length, slopes, to: &stage, &stageMap)
        slopes = try self.slopes(stage, stageMap)
      }
      Self.add(part.weight * length, slopes, to: &particles, &map)
    }
  }

  private static func add(
    _ factor: Double, _ slopes: Slopes, to particles: inout ParticleState, _ map: inout BackwardMap
  ) {
    for index in slopes.positions.indices {
      particles.positions[index] += factor * slopes.positions[index]
      particles.velocities[index] += factor * slopes.velocities[index]
    }
    for index in slopes.displacements.indices {
      map.displacements[index] += factor * slopes.displacements[index]
    }
  }

  private func slopes(
    _ particles: ParticleState, _ map: BackwardMap
  ) throws(KineticModelError) -> Slopes {
    let heard = AlignmentAverages(kernel, of: particles, at: particles.positions)
    let strengths = try strengths(of: particles, map, heard.densities)
    let rate = strength * strengths.reduce(0, max)
    guard rate * step <= Integrator.classicalDecayLimit else {
      throw .unstableStep(step: step, stable: Integrator.classicalDecayLimit / rate)
    }
    let n = particles.count
    var accelerations = particles.velocities
    for index in accelerations.indices {
      let i = index % n
      let target = heard.densities[i] > 0 ? heard.momenta[index] / heard.densities[i] : 0
      accelerations[index] = strength * strengths[i] * (target - particles.velocities[index])
    }
    return Slopes(
      positions: particles.velocities, velocities: accelerations,
      displacements: map.slopes(try velocitiesHeard(particles, map.lattice)))
  }

  /// u_F at the points of the lattice.
  private func velocitiesHeard(
    _ particles: ParticleState, _ lattice: PeriodicLattice
  ) throws(KineticModelError) -> [Double] {
    let places = lattice.places
    let heard = AlignmentAverages(kernel, of: particles, at: places)
    let count = lattice.count
    if let i = heard.densities.firstIndex(where: { !($0 > .leastNormalMagnitude) }) {
      throw .nobodyHeard(
        place: (0..<particles.dimension).map { places[$0 * count + i] }, field: "what is heard")
    }
    return heard.momenta.indices.map { heard.momenta[$0] / heard.densities[$0 % count] }
  }

  // MARK: The strength

  /// s at each agent.
  private func strengths(
    of particles: ParticleState, _ map: BackwardMap, _ densities: [Double]
  ) throws(KineticModelError) -> [Double] {
    let start = try initial.values(
      at: map.origins(of: particles.positions), in: particles.box)
    let factors =
      model.isStrength ? map.lattice.values(map.determinants, at: particles.positions) : densities
    return zip(start, factors).map { $0 * $1 }
  }

  /// The strength s at each agent.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(n²).
  public var strengths: [Double] {
    get throws(KineticModelError) {
      let heard = AlignmentAverages(kernel, of: particles, at: particles.positions)
      return try strengths(of: particles, map, heard.densities)
    }
  }

  /// What is carried, w at each agent; in the s-model s/det ∇Y, s₀ where the agent's air came from.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(n²).
  public var carriedValues: [Double] {
    get throws(KineticModelError) {
      try initial.values(
        at: map.origins(of: particles.positions), in: particles.box)
    }
  }

  /// s at places, coordinate k of place i at `places[k * n + i]`.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(places · n).
  public func strengths(at places: [Double]) throws(KineticModelError) -> [Double] {
    let start = try initial.values(at: map.origins(of: places), in: particles.box)
    let factors =
      model.isStrength
      ? map.lattice.values(map.determinants, at: places)
      : AlignmentAverages(kernel, of: particles, at: places).densities
    return zip(start, factors).map { $0 * $1 }
  }

  /// s at each point of the lattice, the last axis running fastest.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(lattice · n).
  public var strengthField: [Double] {
    get throws(KineticModelError) { try strengths(at: map.lattice.places) }
  }
}
