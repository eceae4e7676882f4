import OptimalTransport

extension KineticDistance {
  /// The parts of the cost of the plan: of `cost`, but for what the plan of an inexact solver costs
  /// more or less than that; for a nonlinear distance Φ(s)A and B.
  ///
  /// - Parameters:
  ///   - source: the measure that was compared.
  ///   - target: the one that it was compared with.
  /// - Returns: `nil` where positions or velocities alone were compared.
  /// - Complexity: O(entries of the plan).
  public func costParts(from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure) -> CostParts?
  {
    guard space == .phase else { return nil }
    guard let fixedPoint else { return metric.partCosts(solution.plan, from: source, to: target) }
    let share = metric.nonlinearity?.convention == .halved ? 0.5 : 1
    return CostParts(
      position: share * fixedPoint.positionFactor * fixedPoint.positionPart,
      velocity: share * fixedPoint.velocityPart)
  }
}
