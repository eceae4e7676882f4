import OptimalTransport

extension KineticMetric {
  /// What moving each particle to a given one costs: an upper bound of the distance, without solving.
  ///
  /// The plan is a coupling, so that its cost is one that the least cost does not exceed; for a
  /// nonlinear distance the root D(π) of s = Φ(s)A(π) + B(π) is (Documentation/Mathematics.md).
  ///
  /// - Parameters:
  ///   - places: for each particle of the source the index of its target, each once. Masses that differ
  ///     between the two are moved in the order of the particles.
  ///   - source: μ.
  ///   - target: ν, in the same box.
  ///   - space: which coordinates count.
  /// - Returns: a distance whose value is that of the plan, with a bracket from 0.
  /// - Throws: `KineticMetricError`, in particular `badPlaces` unless both measures have as many
  ///   particles as there are places, and each particle of the target is named once.
  /// - Complexity: O(n).
  public func distance(
    movingTo places: [Int], from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure,
    space: ComparedSpace = .phase
  ) throws(KineticMetricError) -> KineticDistance {
    guard places.count == source.count, places.count == target.count,
      Self.isPermutation(places)
    else {
      throw .badPlaces(places: places.count, sources: source.count, targets: target.count)
    }
    if nonlinearity != nil, space != .phase { throw .nonlinearityNeedsPhaseSpace }
    let plan = MarginalRepair.repaired(
      TransportPlan(
        sources: source.masses.indices.map { Int32($0) }, targets: places.map { Int32($0) },
        masses: zip(source.masses, places).map { min($0, target.masses[$1]) }),
      source: source.particles, target: target.particles)
    guard let nonlinearity else {
      let problem = try problem(from: source, to: target, space: space)
      let solution = TransportSolution(moving: plan, of: problem)
      do throws(SolverError) {
        return KineticDistance(
          metric: self, space: space, solution: solution, cost: solution.cost,
          costBounds: try finite(
            widened(solution.costBounds, from: source, to: target, space: space)), fixedPoint: nil)
      } catch {
        throw .solver(error)
      }
    }
    return try nonlinearDistance(nonlinearity, along: plan, from: source, to: target)
  }

  private static func isPermutation(_ places: [Int]) -> Bool {
    var isTaken = [Bool](repeating: false, count: places.count)
    return places.allSatisfy { place in
      guard isTaken.indices.contains(place), !isTaken[place] else { return false }
      isTaken[place] = true
      return true
    }
  }

  private func nonlinearDistance(
    _ nonlinearity: Nonlinearity, along plan: TransportPlan, from source: PhaseSpaceMeasure,
    to target: PhaseSpaceMeasure
  ) throws(KineticMetricError) -> KineticDistance {
    let parts = partCosts(plan, from: source, to: target)
    // s grows at most proportionally with A and B: the roundings of the coordinates enlarge A, those
    // of a cost and of the root all of it.
    let positions = widened(
      ProvedBounds(lower: 0, upper: parts.position), from: source, to: target, space: .position)
    guard
      let s = try nonlinearity.root(positionPart: parts.position, velocityPart: parts.velocity),
      let larger = try nonlinearity.root(
        positionPart: positions.upper, velocityPart: parts.velocity)
    else {
      throw .outsideNonlinearity(
        name: nonlinearity.summary, bound: nonlinearity.bound, velocityPart: parts.velocity)
    }
    let factor = s > 0 ? try nonlinearity(s) : 0
    let problem = try problem(
      from: source, to: target, positionFactor: factor > 0 ? factor : 1)
    let solution = TransportSolution(moving: plan, of: problem)
    let roundings = problem.partRounding
    let half = nonlinearity.convention == .full ? 1 : 0.5
    return KineticDistance(
      metric: self, space: .phase, solution: solution, cost: s,
      costBounds: ProvedBounds(lower: 0, upper: max(s, larger) * (1 + roundings)),
      fixedPoint: KineticDistance.FixedPoint(
        positionFactor: factor,
        residual: abs(s - half * (factor * parts.position + parts.velocity)),
        positionPart: parts.position, velocityPart: parts.velocity, solves: 0, warmSolves: 0,
        iterations: 0))
  }
}

extension TransportSolution {
  /// A plan with the potentials 0, which are feasible as no cost is negative.
  fileprivate init(moving plan: TransportPlan, of problem: TransportProblem) {
    let certificate = Certificate(
      problem: problem, transformed: Array(repeating: 0, count: problem.source.count),
      targetPotentials: Array(repeating: 0, count: problem.target.count))
    self.init(
      problem: problem, method: "given plan", ending: .given, plan: plan,
      certificate: certificate, effort: SolverEffort(arcs: plan.count))
  }
}
