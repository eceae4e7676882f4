import OptimalTransport

extension KineticMetric {
  /// A bracket of the least cost W^p that needs no solver: above by the cost of a coupling in spatial
  /// order, below by the axes one by one. It often decides whether a distance exceeds a threshold.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, in the same box.
  ///   - space: which coordinates are compared.
  /// - Returns: `nil` for a nonlinear distance, and where an end is no number.
  /// - Throws: `KineticMetricError` when the measures do not fit each other or the metric.
  /// - Complexity: O((n + m) log(n + m)) for some hundred thousand particles, O(n + m) for more.
  public func quickBracket(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure, space: ComparedSpace = .phase
  ) throws(KineticMetricError) -> PartialBracket? {
    guard nonlinearity == nil else { return nil }
    let problem = try problem(from: source, to: target, space: space)
    let quick = problem.bracketWithoutSolver()
    let bounds = widened(quick.costBounds, from: source, to: target, space: space)
    guard bounds.lower.isFinite, bounds.upper.isFinite else { return nil }
    return PartialBracket(costBounds: bounds, origin: quick.origin)
  }
}
