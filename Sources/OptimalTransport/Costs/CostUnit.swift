/// The unit in which solvers compute costs and potentials: 2^`exponent` in the unit of the ground cost.
///
/// In it the largest cost is between about ½ and 1. Going from one unit to another multiplies by a power
/// of two and changes no digit.
package struct CostUnit: Sendable, Hashable {
  /// The binary logarithm of the unit.
  package let exponent: Int

  /// A cost in this unit, from the unit of the ground cost.
  package func own(_ cost: Double) -> Double { cost.scaled(by: -exponent) }

  /// A cost in the unit of the ground cost, from this one.
  package func stated(_ cost: Double) -> Double { cost.scaled(by: exponent) }

  /// Costs in the unit of the ground cost, from this one.
  package func stated(_ costs: [Double]) -> [Double] { costs.map(stated) }

  /// A cost of this unit in another one, without the detour over the unit of the ground cost.
  package func converted(_ cost: Double, to other: CostUnit) -> Double {
    cost.scaled(by: exponent - other.exponent)
  }

  /// Costs of this unit in another one.
  package func converted(_ costs: [Double], to other: CostUnit) -> [Double] {
    costs.map { converted($0, to: other) }
  }
}

extension PairCosts {
  /// The unit of these costs.
  package var unit: CostUnit { CostUnit(exponent: unitExponent) }
}
