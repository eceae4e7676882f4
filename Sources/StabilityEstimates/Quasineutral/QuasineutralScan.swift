import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Theorem 3.1 for several Debye lengths ε and initial distances θ: how long solutions stay together
/// in the quasi-neutral regime, and which constants the runs support.
public struct QuasineutralScan: Sendable {
  /// A Debye length with the state from which its first solution starts.
  public struct Start: Sendable {
    /// ε.
    public let epsilon: Double
    /// The state, on the unit circle.
    public let measure: PhaseSpaceMeasure

    /// A state from which solutions with the Debye length ε start.
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
    /// The time up to which (3.4) holds with that C_d, infinite where that is always; `nil` when it
    /// does not hold at all.
    public var hypothesisTime: Double? { report.escape?.hypothesis }
  }

  /// One start for each Debye length.
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
  /// The regularisation of the mesh.
  public let meshFilter: ParticleMeshField.Filter
  /// The largest number of waves in the force of the quasi-neutral limit and in the filter.
  public let limitModes: Int

  /// A scan over all pairs of a start and a θ.
  ///
  /// - Throws: `StabilityError.badParameter`.
  public init(
    starts: [Start], thetas: [Double], mode: Int = 1, duration: Double, samples: Int = 10,
    stepsPerPlasmaTime: Double = 20, meshCells: Int? = 64,
    meshFilter: ParticleMeshField.Filter = .gaussian, limitModes: Int = 8
  ) throws(StabilityError) {
    for theta in thetas { try StabilityError.checkPositive(theta, "θ") }
    for (name, value) in [
      ("mode", Double(mode)), ("duration", duration), ("number of samples", Double(samples)),
      ("number of steps", stepsPerPlasmaTime), ("number of modes", Double(limitModes)),
    ] {
      try StabilityError.checkPositive(value, name)
    }
    self.starts = starts
    self.thetas = thetas
    self.mode = mode
    self.duration = duration
    self.samples = samples
    self.stepsPerPlasmaTime = stepsPerPlasmaTime
    self.meshCells = meshCells
    self.meshFilter = meshFilter
    self.limitModes = limitModes
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
    let flow = try CoupledFlow.optimal(
      first: flow(from: start.measure, start), second: flow(from: second, start), exponent: 2,
      progress: progress)
    return Case(
      epsilon: start.epsilon, theta: theta,
      report: try StabilityStudy(
        flow: flow, theorem: .vlasovPoisson(hypothesis), times: times(from: flow.time)
      ).run(progress: progress))
  }

  /// Sets the first solution of a start beside its quasi-neutral limit, at the same times.
  ///
  /// The limit has no fast time of its own: its longest step is a hundredth of the way, or that in
  /// which the fastest particle passes a fifth of a wave's 1/k.
  ///
  /// - Returns: `nil` where the limit cannot be followed (`QuasineutralLimit.init`).
  /// - Throws: `StabilityError`, in particular `needsCircle` in higher dimensions.
  public func limit(
    of start: Start, progress: ProgressHandler? = nil
  ) throws(StabilityError) -> QuasineutralLimit? {
    let solution = try flow(from: start.measure, start)
    let speed = solution.particles.velocities.reduce(0) { max($0, $1.magnitude) }
    let crossing = 0.2 / (2 * .pi * Double(limitModes) * max(speed, .leastNormalMagnitude))
    return try QuasineutralLimit(
      solution: solution, epsilon: start.epsilon, modes: limitModes,
      step: min(duration / 100, crossing), times: times(from: solution.time), progress: progress)
  }
}

extension QuasineutralScan {
  private func times(from start: Double) -> [Double] {
    (0...samples).map { start + duration * Double($0) / Double(samples) }
  }

  private func flow(
    from measure: PhaseSpaceMeasure, _ start: Start
  ) throws(StabilityError) -> CharacteristicFlow {
    do throws(FlowError) {
      let flow = try CharacteristicFlow(
        measure: measure, field: field(for: start), step: start.epsilon / stepsPerPlasmaTime)
      _ = try flow.stepCount(to: flow.time + duration)
      return flow
    } catch {
      throw .flow(error)
    }
  }

  /// The field of one start.
  ///
  /// - Throws: `FlowError` for an impossible ε, box or mesh.
  public func field(for start: Start) throws(FlowError) -> any ForceField {
    guard let meshCells else { return try SheetField(epsilon: start.epsilon) }
    return try ParticleMeshField(
      epsilon: start.epsilon, box: start.measure.box,
      cells: start.measure.box.axes.map { _ in meshCells }, shape: .cubic,
      filter: meshFilter)
  }
}
