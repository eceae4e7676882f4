extension TransportProblem {
  /// The rounding of `cTransform`, whichever way it goes: between tensor grids costs are added up axis
  /// by axis, and plans may be priced either way.
  package var transformRounding: CostRounding {
    let pairs = pairCosts.rounding
    guard let grid = separableCosts?.rounding else { return pairs }
    return CostRounding(
      costUnits: max(pairs.costUnits, grid.costUnits), potentialUnits: grid.potentialUnits,
      underflow: max(pairs.underflow, grid.underflow))
  }
}
