import OptimalTransport

/// A proved bracket of the distance between two measures of any number of particles, from the entropic distance of the
/// measures into which they were coarsened, of which no plan is stored (`CoarsenedDistance`).
public struct CoarsenedEntropicDistance: Sendable {
  /// The metric in which the particles are compared.
  public let metric: KineticMetric
  /// The entropic distance of the coarse measures, in the coordinates of the metric.
  public let cells: EntropicKineticDistance
  /// e₁ and e₂.
  public let losses: (source: Double, target: Double)
  /// The proved bracket of W between the measures of all particles.
  public let distanceBounds: ProvedBounds
}

extension CoarseCloud {
  /// The entropic distance of two coarse measures, and what it proves of the particles for which they stand. Where both
  /// were moved to one grid that they keep (`GriddedMeasure.cloud(keepsGrid:)`), it is found axis by axis.
  ///
  /// - Parameters:
  ///   - target: a measure that was coarsened for the same metric.
  ///   - solver: measures the distance of the coarse measures.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `CoarseningError`.
  public func entropicDistance(
    to target: CoarseCloud, solver: any EntropicTransportSolver, progress: ProgressHandler? = nil
  ) throws(CoarseningError) -> CoarsenedEntropicDistance {
    let found = try compared(with: target, costBounds: \.costBounds) {
      (metric: KineticMetric, first, second) throws(KineticMetricError) in
      try metric.entropicDistance(
        from: first, to: second, space: coordinates.space, solver: solver, progress: progress)
    }
    return CoarsenedEntropicDistance(
      metric: coordinates.metric, cells: found.cells, losses: found.losses,
      distanceBounds: found.bounds)
  }
}
