/// A plan that is not stored, by sums over its entries: what a solver hands over where the plan has as
/// many entries as there are pairs.
///
/// No marginal of the plan exceeds its mass but for rounding; what is missing is moved pair by pair.
package struct SummedPlan: Sendable {
  /// ⟨π, c⟩ in the problem's own unit, as computed.
  package let cost: Double
  /// A bound for the relative error of each sum over entries of the plan; see
  /// `CostRounding.relativeError(ofSumsOf:largestExponent:omission:)`.
  package let relativeError: Double
  /// The coupling of what the plan's marginals lack.
  package let rest: CouplingCost

  /// A plan from its sums.
  package init(cost: Double, relativeError: Double, rest: CouplingCost) {
    (self.cost, self.relativeError, self.rest) = (cost, relativeError, rest)
  }

  /// What the plan and the rest cost at most together, in the problem's own unit.
  ///
  /// With a relative error η of every sum, (1 − 2η) times the plan exceeds no marginal, and the mass
  /// that it then lacks beyond the rest is at most 6η, at a cost of at most 1. The plan has at most the
  /// mass 1 and a little, which may cost ω more than is computed.
  package func upper(_ rounding: CostRounding) -> Double {
    cost * (1 + relativeError + rounding.relativeError(besides: 8))
      + rest.upper * (1 + relativeError) + 6 * relativeError + 2 * rounding.underflow
  }
}
