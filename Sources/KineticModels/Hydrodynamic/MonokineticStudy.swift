import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// How near agents with strong local alignment are to the limit in which each place has one velocity: W₂ of
/// positions and velocities, and of positions alone, for mean free paths ε and widths δ of the local average.
///
/// The velocities of the limit at the start are those of its agents; those of the kinetic start differ from them by
/// normal numbers times cε, so that W₂(f₀^ε, f₀) is of the order of ε. The claim is W₂ ≤ C√(ε + δ/ε) as long as u
/// is smooth. Agent i of one solution with agent i of the other is a coupling, whose cost bounds W₂ from above.
/// Source: R. Shvydkoy and T. Teolis (2024), Theorems 3.5 and 3.6.
public struct MonokineticStudy: Sendable {
  /// One sampled time.
  public struct Row: Sendable, Codable {
    /// The physical time of both solutions.
    public let time: Double
    /// W₂ of positions and velocities.
    public let distance: Double
    /// Its proved bracket.
    public let distanceBounds: ProvedBounds
    /// W₂ of positions.
    public let positionDistance: Double
    /// The cost of the coupling by the numbers of the agents.
    public let coupledDistance: Double

    /// Whether W₂ is not above the cost of the coupling, but for rounding.
    public var isBelowCoupling: Bool {
      distanceBounds.lower <= coupledDistance * (1 + 1e-9) + 1e-14
    }
  }

  /// What was found for an ε and a δ.
  public struct Report: Sendable, Codable {
    /// ε.
    public let epsilon: Double
    /// δ.
    public let width: Double
    /// The sampled times, the start first.
    public let rows: [Row]

    /// √(ε + δ/ε), up to the constant of the claim.
    public var claim: Double { (epsilon + width / epsilon).squareRoot() }
    /// sup W₂(t).
    public var largestDistance: Double { rows.reduce(0) { max($0, $1.distance) } }
    /// sup W₂(t) of positions.
    public var largestPositionDistance: Double { rows.reduce(0) { max($0, $1.positionDistance) } }
    /// W₂ at the end.
    public var lastDistance: Double { rows.last?.distance ?? 0 }
    /// The least constant of the claim that the run supports.
    public var constant: Double { largestDistance / claim }
  }

  /// How agents align with all others.
  public let alignment: AlignmentField
  /// c: the velocities of the kinetic start differ by cε times normal numbers.
  public let spread: Double
  /// No step of the limit is longer.
  public let step: Double

  private let limit: [ParticleState]
  private let times: [Double]

  /// A study beside the limit, which is followed here once.
  ///
  /// - Parameters:
  ///   - measure: the agents of the limit at the start, each with the velocity of its place.
  ///   - alignment: how agents align with all others.
  ///   - spread: c, 0 or more.
  ///   - step: no step of the limit will be longer.
  ///   - times: the sampled times after the start, increasing.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticModelError`, in particular `.shock`.
  public init(
    measure: PhaseSpaceMeasure, alignment: AlignmentField, spread: Double = 0.5, step: Double,
    times: [Double], progress: ProgressHandler? = nil
  ) throws(KineticModelError) {
    guard spread >= 0, spread.isFinite else {
      throw .badParameter(name: "spread", value: spread, requirement: "finite, and 0 or more")
    }
    var agents = try MonokineticAgents(measure: measure, alignment: alignment, step: step)
    var states = [agents.particles]
    self.times = [agents.time] + times
    for time in times {
      try progress.follows("the limit", time: time)
      try agents.advance(to: time)
      states.append(agents.particles)
    }
    limit = states
    self.alignment = alignment
    self.spread = spread
    self.step = step
  }

  /// Follows the kinetic solution for an ε and a δ, and measures its distances from the limit.
  ///
  /// - Parameters:
  ///   - epsilon: ε, positive.
  ///   - width: δ, positive.
  ///   - step: no step will be longer; `nil` for the shorter one of those of the limit and ε/20. Longer ones are
  ///     stable, but take u_δ for the same during a step: they show less of the δ²/ε by which it differs from u.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticModelError`.
  /// - Complexity: a transport problem for each sampled time.
  public func run(
    epsilon: Double, width: Double, step: Double? = nil, progress: ProgressHandler? = nil
  ) throws(KineticModelError) -> Report {
    let start = limit[0]
    let length = start.box.axes[0].length
    guard width > 0, (2 * length / width).rounded(.up) <= 32768 else {
      throw .badParameter(
        name: "delta", value: width,
        requirement: "positive, and at least \(2 * length / 32768): two of at most 32768 cells")
    }
    let field = try LocalAlignmentField(
      alignment, equilibrium: .monokinetic, epsilon: epsilon, width: width, box: start.box,
      cells: [max(6, Int((2 * length / width).rounded(.up)))])
    var flow = try RelaxationFlow(
      measure: try kineticStart(epsilon), field: field, epsilon: 1, seed: 0,
      step: step ?? min(self.step, epsilon / 20))
    var previous: TransportSolution?
    var rows: [Row] = []
    for (state, time) in zip(limit, times) {
      try progress.follows("epsilon \(epsilon)", time: time)
      try flow.advance(to: time)
      let (first, second) = try Self.measures(flow.particles, state, at: time)
      let solution = try KineticMetric.solution(
        exponent: 2, from: first, to: second, after: previous, progress: progress)
      previous = solution
      let positions = try KineticMetric.solution(
        exponent: 2, from: first, to: second, space: .position, progress: progress)
      do throws(FlowError) {
        rows.append(
          Row(
            time: time, distance: solution.distance, distanceBounds: solution.distanceBounds,
            positionDistance: positions.distance,
            coupledDistance: try flow.particles.pairedDistance(to: state)))
      } catch {
        throw .flow(error)
      }
    }
    return Report(epsilon: epsilon, width: width, rows: rows)
  }

  /// The limit's start with velocities that differ by cε times normal numbers: even ones, so that the average of
  /// some agents that follow each other is nearly 0.
  private func kineticStart(_ epsilon: Double) throws(KineticModelError) -> PhaseSpaceMeasure {
    let start = limit[0]
    let order = start.positions.indices.sorted { start.positions[$0] < start.positions[$1] }
    // Multiples of the golden ratio are even on the circle, any stretch of them.
    let ratio = (5.0.squareRoot() - 1) / 2
    var velocities = start.velocities
    for (rank, agent) in order.enumerated() {
      let part = (Double(rank) + 0.5) * ratio
      velocities[agent] +=
        spread * epsilon * NormalQuantile.value(part - part.rounded(.down))
    }
    do {
      return try PhaseSpaceMeasure(
        positions: [start.positions], velocities: [velocities], masses: start.masses,
        box: start.box, time: times[0])
    } catch {
      throw .flow(.notFinite(time: times[0]))
    }
  }

  private static func measures(
    _ first: ParticleState, _ second: ParticleState, at time: Double
  ) throws(KineticModelError) -> (PhaseSpaceMeasure, PhaseSpaceMeasure) {
    do throws(FlowError) {
      return (try first.measure(at: time), try second.measure(at: time))
    } catch {
      throw .flow(error)
    }
  }
}
