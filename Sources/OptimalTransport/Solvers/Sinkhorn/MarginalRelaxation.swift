import Libc

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
  /// The multiplier η of the constraint on the moved mass, after which potentials are min(0, s − η):
  /// the solution of Σ_i a_i min(1, e^{(η − s_i)/ε}) = mass.
  ///
  /// The left side is increasing in η, so that halving the interval ends at the nearest double.
  ///
  /// - Parameters:
  ///   - soft: the soft transforms s.
  ///   - masses: the masses a; the mass is at most their sum.
  static func multiplier(
    soft: [Double], masses: [Double], epsilon: Double, mass: Double
  ) -> Double {
    let reached = soft.indices.filter { masses[$0] > 0 }
    guard let least = reached.map({ soft[$0] }).min(), let most = reached.map({ soft[$0] }).max()
    else { return 0 }
    func moved(_ multiplier: Double) -> Double {
      var sum = CompensatedSum()
      for index in reached {
        sum.add(masses[index] * min(1, exp((multiplier - soft[index]) / epsilon)))
      }
      return sum.value
    }
    // At the upper end everything is moved; at the lower end at most the mass is.
    var upper = most
    if moved(upper) <= mass { return upper }
    let total = CompensatedSum(masses).value
    var lower = least + epsilon * min(0, log(mass / total))
    for _ in 0..<200 {
      let middle = lower / 2 + upper / 2
      guard middle > lower, middle < upper else { break }
      if moved(middle) > mass { upper = middle } else { lower = middle }
    }
    return lower
  }
}
