import CharacteristicFlows
import OptimalTransport
import PhaseSpace

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Theorem 3.1 for several Debye lengths ε and initial distances θ: how long solutions stay together
/// in the quasi-neutral regime, and which constants the runs support.
public struct QuasineutralScan: Sendable {
  /// A Debye length with the state from which its first solution starts.
  public struct Start: Sendable {
    /// ε.
    public let epsilon: Double
    /// The state, on the unit circle.
    public let measure: PhaseSpaceMeasure

    /// A start.
    public init(epsilon: Double, measure: PhaseSpaceMeasure) {
      self.epsilon = epsilon
      self.measure = measure
    }
  }

  /// One pair of an ε and a θ.
  public struct Case: Sendable {
    /// ε.
    public let epsilon: Double
    /// The root mean square of the displacement, the θ that was asked for.
    public let theta: Double
    /// The study; its initial distance is the true W₂(0).
    public let report: StabilityReport
    /// The first sampled time at which W₂ ≥ 1/10; `nil` when it stays below.
    public var escapeTime: Double? {
      report.rows.first { $0.sample.distance >= 0.1 }?.sample.moment.elapsed
    }
    /// The largest C_eff at any moment.
    public var effectiveGrowth: Double? {
      report.constants.first { $0.name == "sup C_eff" }?.value
    }
    /// The time up to which (3.4) holds with that C_d; `nil` when it does not hold at all.
    public var hypothesisTime: Double? { report.escape?.hypothesis }
  }

  /// The starts.
  public let starts: [Start]
  /// The initial distances θ.
  public let thetas: [Double]
  /// The waves of the displacement in the box.
  public let mode: Int
  /// How long each pair is followed.
  public let duration: Double
  /// The number of sampled times behind the start.
  public let samples: Int
  /// The steps for each 1/ω = ε.
  public let stepsPerPlasmaTime: Double
  /// The cells of the particle mesh, of cubic shape, in which the field is computed; `nil` for exact
  /// sheets. The force between sheets does not depend on their distance, so sheets respond to a
  /// displacement only where it changes their order within a step: one far below their spacing needs a
  /// mesh, whose force is smooth.
  public let meshCells: Int?

  /// A scan.
  ///
  /// - Throws: `StabilityError.badParameter`.
  public init(
    starts: [Start], thetas: [Double], mode: Int = 1, duration: Double, samples: Int = 10,
    stepsPerPlasmaTime: Double = 20, meshCells: Int? = 64
  ) throws(StabilityError) {
    for theta in thetas where !(theta > 0 && theta.isFinite) {
      throw .badParameter(name: "θ", value: theta, requirement: "positive and finite")
    }
    for (name, value) in [
      ("mode", Double(mode)), ("duration", duration), ("number of samples", Double(samples)),
      ("number of steps", stepsPerPlasmaTime),
    ] where !(value > 0 && value.isFinite) {
      throw .badParameter(name: name, value: value, requirement: "positive and finite")
    }
    self.starts = starts
    self.thetas = thetas
    self.mode = mode
    self.duration = duration
    self.samples = samples
    self.stepsPerPlasmaTime = stepsPerPlasmaTime
    self.meshCells = meshCells
  }

  /// Runs the study of one pair: the second solution starts from the first one's state, displaced by
  /// `displaced(by:mode:)`.
  ///
  /// - Throws: `StabilityError`.
  public func run(
    _ start: Start, theta: Double, progress: ProgressHandler? = nil
  ) throws(StabilityError) -> Case {
    let second = try start.measure.displaced(by: theta, mode: mode)
    let hypothesis = try VlasovPoissonHypothesis(epsilon: start.epsilon)
    let flows: (first: CharacteristicFlow, second: CharacteristicFlow)
    do throws(FlowError) {
      let field = try field(for: start)
      let step = start.epsilon / stepsPerPlasmaTime
      flows = (
        try CharacteristicFlow(measure: start.measure, field: field, step: step),
        try CharacteristicFlow(measure: second, field: field, step: step)
      )
    } catch {
      throw .flow(error)
    }
    let flow = try CoupledFlow.optimal(
      first: flows.first, second: flows.second, exponent: 2, progress: progress)
    let times = (0...samples).map {
      flow.time + duration * Double($0) / Double(samples)
    }
    return Case(
      epsilon: start.epsilon, theta: theta,
      report: try StabilityStudy(
        flow: flow, theorem: .vlasovPoisson(hypothesis), times: times
      ).run(progress: progress))
  }
}

extension QuasineutralScan {
  /// The field of one start.
  private func field(for start: Start) throws(FlowError) -> any ForceField {
    guard let meshCells else { return try SheetField(epsilon: start.epsilon) }
    return try ParticleMeshField(
      epsilon: start.epsilon, box: start.measure.box,
      cells: start.measure.box.axes.map { _ in meshCells }, shape: .cubic)
  }
}

extension PhaseSpaceMeasure {
  /// The same particles moved by x₁ ↦ x₁ + a·sin(2πn·x₁/L), with a such that the root mean square of
  /// the displacement is θ. For small θ the identity is the optimal plan, and θ is W₂.
  ///
  /// - Throws: `StabilityError` when the first axis is free or no particle would move.
  /// - Complexity: O(n).
  public func displaced(by theta: Double, mode: Int = 1) throws(StabilityError) -> PhaseSpaceMeasure
  {
    guard box.axes[0].isPeriodic else { throw .needsUnitTorus }
    let wave = position(0).map { sin(2 * .pi * Double(mode) * $0 / box.axes[0].length) }
    let square = CompensatedSum(zip(wave, masses).lazy.map { $0 * $0 * $1 }).value
    guard square > 1e-20 else {
      throw .badParameter(
        name: "mode", value: Double(mode), requirement: "such that the wave moves a particle")
    }
    let amplitude = theta / square.squareRoot()
    var positions = (0..<positionDimension).map { Array(position($0)) }
    positions[0] = zip(positions[0], wave).map { $0 + amplitude * $1 }
    do throws(PhaseSpaceError) {
      return try PhaseSpaceMeasure(
        positions: positions, velocities: (0..<velocityDimension).map { Array(velocity($0)) },
        masses: masses.map { $0 * rawMass }, box: box, time: time)
    } catch {
      throw .measure(error)
    }
  }

  /// Two cold beams ±speed on the unit circle, each on a lattice of its own half of the particles, at
  /// the same places.
  ///
  /// - Throws: `StabilityError` unless there are at least two particles and the speed is finite.
  public static func counterStreamingBeams(
    count: Int, speed: Double
  ) throws(StabilityError) -> PhaseSpaceMeasure {
    guard count >= 2, count.isMultiple(of: 2) else {
      throw .badParameter(
        name: "count", value: Double(count), requirement: "an even number of at least 2")
    }
    do {
      return try PhaseSpaceMeasure(
        positions: [(0..<count).map { (Double($0 / 2) + 0.5) / Double(count / 2) }],
        velocities: [(0..<count).map { $0.isMultiple(of: 2) ? speed : -speed }],
        box: try Domain([.circle(length: 1)]), time: 0)
    } catch {
      throw .badParameter(name: "speed", value: speed, requirement: "finite")
    }
  }
}
