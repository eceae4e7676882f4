import OptimalTransport

/// The monotone iteration for W_{Φ,p}.
///
/// For a coupling π let A(π), B(π) be the position and velocity parts of its cost and D(π) the root
/// of s = Φ(s)A + B. With F(s) = W_{Φ(s),p}^p, which does not increase, s* = inf D is the unique
/// fixed point of F. If s ≥ s* and π is optimal for λ = Φ(s), then s* ≤ D(π) ≤ s, with equality on
/// the right only at the fixed point. So the iteration falls, and since a basis is never used twice
/// it ends. The bracket: D(π) ≥ s* for every coupling, and for every s ≥ s* the lower bound of
/// W_{Φ(s),p}^p is one of s*. Proofs: Documentation/Mathematics.md.
struct FixedPointIteration {
  let metric: KineticMetric
  let nonlinearity: Nonlinearity
  let source: PhaseSpaceMeasure
  let target: PhaseSpaceMeasure
  let solver: any TransportSolver
  let progress: ProgressHandler?

  /// The fraction by which s must fall for another step to be worth taking: a few roundings.
  private static let leastProgress = 4 * Double.ulpOfOne

  private struct State {
    var solution: TransportSolution
    var parts: CostParts
    var solves = 1
    var warmSolves = 0
    var iterations: Int
  }

  /// What is proved of the fixed point on the way.
  private final class Proof {
    var costBounds = ProvedBounds(lower: 0, upper: .infinity)

    func add(lower: Double = 0, upper: Double = .infinity) {
      costBounds = costBounds.intersection(ProvedBounds(lower: lower, upper: upper))
    }
  }

  func run() throws(KineticMetricError) -> KineticDistance {
    let proof = Proof()
    do throws(KineticMetricError) {
      return try run(proof)
    } catch {
      // The brackets of the linear problems on the way are none of the fixed point.
      guard case .solver(let failure) = error else { throw error }
      if case .cancelled = failure {
        if !proof.costBounds.upper.isFinite || proof.costBounds.lower == 0 {
          let quick = try quickBounds()
          proof.add(lower: quick.lower, upper: quick.upper)
        }
        throw .solver(
          .cancelled(
            proof.costBounds.upper.isFinite
              ? PartialBracket(
                costBounds: proof.costBounds, origin: "the plans of the iteration so far")
              : nil))
      }
      throw error
    }
  }

  private func run(_ proof: Proof) throws(KineticMetricError) -> KineticDistance {
    var (state, s) = try start()
    while true {
      guard s > 0 else { return try result(state, s, factor: 0, residual: 0, lower: 0) }
      proof.add(upper: try upperEnd(s, state.parts, roundings(state)))
      let factor = try nonlinearity(s)
      state = try step(state, factor)
      guard
        let next = try nonlinearity.root(
          positionPart: state.parts.position, velocityPart: state.parts.velocity)
      else { throw outside(state) }
      let half = nonlinearity.convention == .full ? 1 : 0.5
      let value = half * (factor * state.parts.position + state.parts.velocity)
      // The lower bound needs an s that is not below s*: one that is larger by the roundings of
      // A, B and the root. There the cost is at least Φ(larger)/Φ(s) times what it is at s.
      let larger = min(s * (1 + roundings(state)), nonlinearity.bound.nextDown)
      let ratio = factor > 0 ? try nonlinearity(larger) / factor : 1
      let linear = metric.widened(
        state.solution.costBounds, from: source, to: target, positionFactor: factor)
      let lower = half * linear.lower * min(ratio, 1) * (1 - 8 * Double.ulpOfOne)
      proof.add(lower: lower)
      if next >= s * (1 - Self.leastProgress) {
        return try result(
          state, min(s, next), factor: factor, residual: abs(s - value), lower: lower)
      }
      s = next
    }
  }

  /// A first coupling whose D exists: the optimal one for a moderate weight, or else the one with the
  /// smallest velocity part there is.
  private func start() throws(KineticMetricError) -> (State, Double) {
    let guess = try nonlinearity(min(0.1, nonlinearity.bound / 2))
    let first = try solve(factor: guess > 0 ? guess : 1, from: nil)
    var state = State(
      solution: first, parts: parts(of: first), iterations: first.effort.iterations)
    if let s = try nonlinearity.root(
      positionPart: state.parts.position, velocityPart: state.parts.velocity)
    {
      return (state, s)
    }
    state = try step(state, 0)
    guard
      let s = try nonlinearity.root(
        positionPart: state.parts.position, velocityPart: state.parts.velocity)
    else { throw outside(state) }
    return (state, s)
  }

  private func step(_ state: State, _ factor: Double) throws(KineticMetricError) -> State {
    let solution = try solve(factor: factor, from: state.solution)
    return State(
      solution: solution, parts: parts(of: solution), solves: state.solves + 1,
      warmSolves: state.warmSolves + (solver is any WarmStartingSolver ? 1 : 0),
      iterations: state.iterations + solution.effort.iterations)
  }

  private func solve(
    factor: Double, from previous: TransportSolution?
  ) throws(KineticMetricError) -> TransportSolution {
    let problem = try metric.problem(from: source, to: target, positionFactor: factor)
    do {
      if let previous, let warm = solver as? any WarmStartingSolver {
        return try warm.solve(problem, from: previous, progress: progress)
      }
      return try solver.solve(problem, progress: progress)
    } catch {
      throw .solver(error)
    }
  }

  /// A and B of a solution's plan.
  private func parts(of solution: TransportSolution) -> CostParts {
    metric.partCosts(solution.plan, from: source, to: target)
  }

  /// What the roundings of A, B, Φ and the root make of s at most, as a part of it: those of a cost
  /// and a few more.
  private func roundings(_ state: State) -> Double {
    state.solution.problem.partRounding
  }

  private func outside(_ state: State) -> KineticMetricError {
    .outsideNonlinearity(
      name: nonlinearity.summary, bound: nonlinearity.bound, velocityPart: state.parts.velocity)
  }

  /// The upper end that a plan with the parts A and B proves, for which s was computed as the root.
  ///
  /// s grows at most proportionally with A and B, whose part of position may be larger before the
  /// coordinates were rounded.
  private func upperEnd(
    _ s: Double, _ parts: CostParts, _ roundings: Double
  ) throws(KineticMetricError) -> Double {
    let position = metric.widened(
      ProvedBounds(lower: 0, upper: parts.position), from: source, to: target, space: .position)
    guard position.upper > parts.position else { return s * (1 + roundings) }
    let reached =
      try nonlinearity.root(positionPart: position.upper, velocityPart: parts.velocity) ?? .infinity
    return max(s, reached) * (1 + roundings)
  }

  /// What the coupling in the order of the particles proves of the fixed point, and from there the axes
  /// one by one; without an upper end where Φ ends before the coupling's root.
  private func quickBounds() throws(KineticMetricError) -> ProvedBounds {
    let plan = MarginalRepair.northWest(source.masses, target.masses)
    let parts = metric.partCosts(plan, from: source, to: target)
    guard let s = try nonlinearity.root(positionPart: parts.position, velocityPart: parts.velocity)
    else { return ProvedBounds(lower: 0, upper: .infinity) }
    let problem = try metric.problem(from: source, to: target)
    let upper = try upperEnd(s, parts, problem.partRounding)
    // A number that is not below the fixed point: what the linear cost is at least there, the fixed
    // point is too.
    guard upper > 0, upper < nonlinearity.bound else { return ProvedBounds(lower: 0, upper: upper) }
    let factor = try nonlinearity(upper)
    guard factor > 0, factor.isFinite,
      let quick = try metric.problem(from: source, to: target, positionFactor: factor)
        .quickBracket()
    else { return ProvedBounds(lower: 0, upper: upper) }
    let linear = metric.widened(quick.costBounds, from: source, to: target, positionFactor: factor)
    let half = nonlinearity.convention == .full ? 1 : 0.5
    return ProvedBounds(
      lower: min(half * linear.lower * (1 - 8 * Double.ulpOfOne), upper), upper: upper)
  }

  private func result(
    _ state: State, _ s: Double, factor: Double, residual: Double, lower: Double
  ) throws(KineticMetricError) -> KineticDistance {
    let upper = try upperEnd(s, state.parts, roundings(state))
    guard upper.isFinite else { throw .solver(.outOfRange(lower: min(lower, s))) }
    return KineticDistance(
      metric: metric, space: .phase, solution: state.solution, cost: s,
      costBounds: ProvedBounds(lower: min(lower, s), upper: upper),
      fixedPoint: KineticDistance.FixedPoint(
        positionFactor: factor, residual: residual, positionPart: state.parts.position,
        velocityPart: state.parts.velocity, solves: state.solves, warmSolves: state.warmSolves,
        iterations: state.iterations))
  }
}
