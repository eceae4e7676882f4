extension TransportProblem {
  /// The rounding of a cost that is computed pair by pair.
  package var pairRounding: CostRounding {
    CostRounding(costUnits: pairCosts.roundingUnits, potentialUnits: 0)
  }

  /// The rounding of `cTransform`, whichever way it goes: between tensor grids costs are added up axis
  /// by axis, and plans may be priced either way.
  package var transformRounding: CostRounding {
    guard let grid = separableCosts?.rounding else { return pairRounding }
    return CostRounding(
      costUnits: max(pairCosts.roundingUnits, grid.costUnits),
      potentialUnits: grid.potentialUnits)
  }
}
