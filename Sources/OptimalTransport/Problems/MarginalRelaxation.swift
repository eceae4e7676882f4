/// What it costs when a marginal of the plan differs from the measure, or how much of the mass is
/// to be moved. Strengths are costs for a unit of mass, in the unit of the ground cost.
public enum MarginalRelaxation: Sendable, Hashable {
  /// τ KL(marginal | measure), with KL(p | q) = Σ p log(p/q) − p + q: unbalanced transport.
  case kullbackLeibler(strength: Double)
  /// τ Σ |marginal − measure|: partial transport. No mass is moved where that costs more than 2τ.
  case totalVariation(strength: Double)
  /// Exactly this mass is moved, from where and to where it costs least: marginals are at most the
  /// measures. Partial transport with its multiplier found on the way; J.-D. Benamou et al.,
  /// "Iterative Bregman projections for regularized transportation problems" (2015), section 3.2,
  /// doi:10.1137/141000439.
  case movedMass(Double)
}

extension MarginalRelaxation {
  /// A mass that some plan of least cost without regularisation does not exceed.
  ///
  /// Where differences cost their total variation, taking away what exceeds a marginal never costs more,
  /// so that the smaller mass is enough. For the divergence the cost of t π is least at t = 1, and its
  /// derivative there gives m log(m/a) + m log(m/b) ≤ 0 for the mass m of π, by Jensen's inequality.
  package func largestMass(from source: Double, to target: Double) -> Double {
    switch self {
    case .kullbackLeibler: source.squareRoot() * target.squareRoot() * (1 + 4 * Double.ulpOfOne)
    case .totalVariation: min(source, target)
    case .movedMass(let mass): mass
    }
  }
}
