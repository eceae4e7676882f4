import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// How well few agents stand for many: the solution from an approximation beside that from a fine start,
/// in W₁ of positions and velocities (split form).
///
/// The mean-field limit says that W₁(μ^N_t, μ_t) ≤ C·W₁(μ^N_0, μ_0) with a constant that does not depend on
/// N, and that the strengths s^N come as near. The optimal plan at the start is carried along: its cost is
/// an upper bound of W₁ at every time. Source: R. Shvydkoy and T. Teolis (2024), Theorem 3.2.
public struct MeanFieldStudy: Sendable {
  /// One sampled time.
  public struct Row: Sendable {
    /// The physical time of both solutions.
    public let time: Double
    /// W₁, exact.
    public let distance: Double
    /// Its proved bracket.
    public let distanceBounds: ProvedBounds
    /// The cost of the carried plan.
    public let carriedDistance: Double
    /// The largest difference of the strengths on a lattice of the box, or where the box is free at the fine
    /// agents; `nil` where the model has no strength that varies.
    public let strengthDifference: Double?

    /// Whether W₁ is not above the cost of the carried plan, but for rounding.
    public var isBelowCarriedPlan: Bool {
      distanceBounds.lower <= carriedDistance * (1 + 1e-9) + 1e-14
    }
  }

  /// What became of one approximation.
  public struct Report: Sendable {
    /// The number of agents of the approximation.
    public let count: Int
    /// The sampled times, the start first.
    public let rows: [Row]

    /// sup W₁(t).
    public var largestDistance: Double { rows.reduce(0) { max($0, $1.distance) } }
    /// sup W₁(t)/W₁(0), the least C that the run supports; `nil` where both start alike.
    public var growth: Double? {
      rows[0].distance > 0 ? largestDistance / rows[0].distance : nil
    }
    /// The same for the carried plan.
    public var carriedGrowth: Double? {
      rows[0].distance > 0
        ? rows.reduce(0) { max($0, $1.carriedDistance) } / rows[0].distance : nil
    }
    /// sup ‖s^N − s‖_∞.
    public var strengthDifference: Double? {
      rows.compactMap(\.strengthDifference).reduce(nil) { max($0 ?? 0, $1) }
    }
  }

  private let fine: [AgentFlow]
  private let places: [[Double]]

  /// A study beside a fine solution, which is followed here once.
  ///
  /// - Parameters:
  ///   - fine: the flow from the fine start.
  ///   - times: the sampled times after the start, increasing.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticModelError`.
  public init(
    fine: AgentFlow, times: [Double], progress: ProgressHandler? = nil
  ) throws(KineticModelError) {
    var flow = fine
    var states = [fine]
    for (index, time) in times.enumerated() {
      try progress.follows(
        "the fine solution", time: time, fraction: Double(index) / Double(times.count))
      try flow.advance(to: time)
      states.append(flow)
    }
    self.fine = states
    let box = fine.particles.box
    if box.dimension <= 2, box.axes.allSatisfy(\.isPeriodic) {
      let lattice = PeriodicLattice(
        box: box, cells: Array(repeating: 64, count: box.dimension)
      ).places
      places = states.map { _ in lattice }
    } else {
      places = states.map(\.particles.positions)
    }
  }

  /// Follows an approximation and measures its distances.
  ///
  /// - Throws: `KineticModelError`: in particular `.flow(.boxesDiffer)` and `.flow(.timesDiffer)`.
  /// - Complexity: a transport problem for each sampled time.
  public func run(
    _ approximation: AgentFlow, progress: ProgressHandler? = nil
  ) throws(KineticModelError) -> Report {
    guard approximation.particles.box == fine[0].particles.box else { throw .flow(.boxesDiffer) }
    guard approximation.time == fine[0].time else {
      throw .flow(.timesDiffer(first: approximation.time, second: fine[0].time))
    }
    var flow = approximation
    var previous: TransportSolution?
    var plan: TransportPlan?
    var rows: [Row] = []
    for (index, state) in fine.enumerated() {
      try progress.follows(
        "\(flow.particles.count) agents", time: state.time,
        fraction: Double(index) / Double(fine.count))
      try flow.advance(to: state.time)
      let solution = try distance(flow, state, from: previous, progress)
      previous = solution
      let carried = plan ?? solution.plan
      plan = carried
      rows.append(
        Row(
          time: state.time, distance: solution.distance, distanceBounds: solution.distanceBounds,
          carriedDistance: cost(of: carried, flow.particles, state.particles),
          strengthDifference: try strengthDifference(flow, state, places[index])))
    }
    return Report(count: flow.particles.count, rows: rows)
  }

  private func distance(
    _ flow: AgentFlow, _ other: AgentFlow, from previous: TransportSolution?,
    _ progress: ProgressHandler?
  ) throws(KineticModelError) -> TransportSolution {
    let (first, second) = (try flow.measure, try other.measure)
    return try KineticMetric.solution(
      exponent: 1, from: first, to: second, after: previous, progress: progress)
  }

  /// Σ π(|Δx| + |Δv|), positions by their nearest images.
  private func cost(
    of plan: TransportPlan, _ first: ParticleState, _ second: ParticleState
  ) -> Double {
    var sum = CompensatedSum()
    for entry in 0..<plan.count {
      let (i, j) = (Int(plan.sources[entry]), Int(plan.targets[entry]))
      var (x, v) = (0.0, 0.0)
      for axis in 0..<first.dimension {
        let (a, b) = (axis * first.count + i, axis * second.count + j)
        let position = first.box.axes[axis].difference(first.positions[a], second.positions[b])
        let velocity = first.velocities[a] - second.velocities[b]
        x += position * position
        v += velocity * velocity
      }
      sum.add(plan.masses[entry] * (x.squareRoot() + v.squareRoot()))
    }
    return sum.value
  }

  private func strengthDifference(
    _ flow: AgentFlow, _ other: AgentFlow, _ places: [Double]
  ) throws(KineticModelError) -> Double? {
    guard let mine = try flow.strengths(at: places), let theirs = try other.strengths(at: places)
    else { return nil }
    return zip(mine, theirs).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }
}
