import OptimalTransport

/// The entropic problem of two phase-space measures in a kinetic metric, with the bracket that it
/// proves for the distance without regularisation.
///
/// Made without storing a plan: memory is linear in the number of particles.
public struct EntropicKineticDistance: Sendable {
  /// The metric.
  public let metric: KineticMetric
  /// The entropic solution with its costs, all powers W^p.
  public let solution: EntropicSolution
  /// The proved bracket of the unregularised least cost W^p.
  public let costBounds: ProvedBounds
  /// The parts of the transport cost of the entropic plan; `nil` where positions or velocities alone
  /// were compared.
  public let costParts: CostParts?
  /// The Sinkhorn divergence; `nil` where it was not asked for.
  public let divergence: SinkhornDivergence?

  /// The proved bracket of W.
  public var distanceBounds: ProvedBounds { costBounds.root(metric.exponent) }
}

extension KineticMetric {
  /// The entropic distance of two measures.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, in the same box.
  ///   - space: which coordinates are compared.
  ///   - solver: one with a given regularisation, or one that finds a large one that still proves the
  ///     distance to a given accuracy.
  ///   - measuresDivergence: whether the Sinkhorn divergence is computed as well, which needs the
  ///     problem of each measure with itself.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticMetricError`.
  public func entropicDistance(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure, space: ComparedSpace = .phase,
    solver: any EntropicTransportSolver, measuresDivergence: Bool = false,
    progress: ProgressHandler? = nil
  ) throws(KineticMetricError) -> EntropicKineticDistance {
    guard nonlinearity == nil else { throw .nonlinearityNeedsPlan }
    let problem = try problem(from: source, to: target, space: space)
    do throws(SolverError) {
      let solution = try solver.solveEntropic(problem, progress: progress)
      let bounds: ProvedBounds
      if let proved = solution.provedCostBounds {
        bounds = proved
      } else {
        bounds = try solution.unregularizedCostBounds(progress: progress)
      }
      let divergence =
        measuresDivergence ? try solver.divergence(solution, progress: progress) : nil
      let parts = try costParts(of: source, space) { axes throws(SolverError) in
        try solution.transportCost(ofAxes: axes)
      }
      return EntropicKineticDistance(
        metric: self, solution: solution,
        costBounds: try finite(widened(bounds, from: source, to: target, space: space)),
        costParts: parts,
        divergence: divergence)
    } catch {
      throw .solver(widened(error, from: source, to: target, space: space))
    }
  }

  /// The parts of the transport cost of an unbalanced or partial problem; `nil` where positions or
  /// velocities alone were compared.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: two sweeps over all pairs that matter.
  public func costParts(
    of solution: UnbalancedSolution, from source: PhaseSpaceMeasure, space: ComparedSpace = .phase
  ) throws(SolverError) -> CostParts? {
    try costParts(of: source, space) { axes throws(SolverError) in
      try solution.transportCost(ofAxes: axes)
    }
  }

  private func costParts(
    of source: PhaseSpaceMeasure, _ space: ComparedSpace,
    _ cost: (Range<Int>) throws(SolverError) -> Double?
  ) throws(SolverError) -> CostParts? {
    let d = source.positionDimension
    guard space == .phase, let position = try cost(0..<d),
      let velocity = try cost(d..<d + source.velocityDimension)
    else { return nil }
    return CostParts(position: position, velocity: velocity)
  }
}
