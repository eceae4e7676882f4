import OptimalTransport

/// Unbalanced or partial transport of two phase-space measures in a kinetic metric, with the bracket that
/// it proves for the cost without regularisation.
///
/// The measures have the masses that they were given. Made without storing a plan: memory is linear in
/// the number of particles.
public struct UnbalancedKineticCost: Sendable {
  /// The metric.
  public let metric: KineticMetric
  /// The entropic solution with its costs, in the unit of W^p times mass.
  public let solution: UnbalancedSolution
  /// The proved bracket of the unregularised least cost.
  public let costBounds: ProvedBounds
  /// The parts of the transport cost of the plan; `nil` where positions or velocities alone were
  /// compared.
  public let costParts: CostParts?
}

extension KineticMetric {
  /// The least cost of moving one measure to another where marginals may differ at a cost, or where a
  /// given mass is moved.
  ///
  /// - Parameters:
  ///   - source: μ, with its mass as it was given.
  ///   - target: ν, in the same box, with its mass as it was given.
  ///   - space: which coordinates are compared.
  ///   - solver: what relaxes the marginals, and how far.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticMetricError`.
  public func unbalancedCost(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure, space: ComparedSpace = .phase,
    solver: UnbalancedSinkhornSolver, progress: ProgressHandler? = nil
  ) throws(KineticMetricError) -> UnbalancedKineticCost {
    guard nonlinearity == nil else { throw .nonlinearityNeedsPlan }
    let problem = try problem(from: source, to: target, space: space)
    let mass = solver.relaxation.largestMass(
      from: problem.source.rawMass, to: problem.target.rawMass)
    do throws(SolverError) {
      let solution = try solver.solve(problem, progress: progress)
      let bounds = widened(
        try solution.unregularizedCostBounds(progress: progress), from: source, to: target,
        space: space, mass: mass)
      return UnbalancedKineticCost(
        metric: self, solution: solution, costBounds: try finite(bounds),
        costParts: try costParts(of: solution, from: source, space: space))
    } catch {
      throw .solver(widened(error, from: source, to: target, space: space, mass: mass))
    }
  }
}
