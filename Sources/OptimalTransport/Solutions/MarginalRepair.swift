/// Makes the marginals of an approximate plan exact to rounding.
///
/// Rows and then columns that carry too much are scaled down to their masses; what is then missing
/// on both sides is moved by the north-west rule, in the order of the points. The mass that this
/// moves is at most the marginal error of the approximate plan. Source: J. Altschuler, J. Weed,
/// P. Rigollet, "Near-linear time approximation algorithms for optimal transport via Sinkhorn
/// iteration" (2017), Algorithm 2, arXiv:1705.09634, with the rank-one correction replaced by a
/// sparse one.
package enum MarginalRepair {
  /// A plan with the marginals of the problem's measures, close to the given one.
  ///
  /// - Complexity: O(entries + n + m).
  package static func repaired(
    _ plan: TransportPlan, source: DiscreteMeasure, target: DiscreteMeasure
  ) -> TransportPlan {
    var masses = plan.masses
    scaleDown(&masses, plan.sources, to: source.masses)
    scaleDown(&masses, plan.targets, to: target.masses)
    let missingSource = missing(masses, plan.sources, of: source.masses)
    let missingTarget = missing(masses, plan.targets, of: target.masses)
    let rest = northWest(missingSource, missingTarget)
    let sources = plan.sources + rest.sources
    let targets = plan.targets + rest.targets
    masses += rest.masses
    let kept = masses.indices.filter { masses[$0] > 0 }
    return TransportPlan(
      sources: kept.map { sources[$0] }, targets: kept.map { targets[$0] },
      masses: kept.map { masses[$0] })
  }

  /// The plan that moves one set of masses to another in the order of the points, as far as both
  /// reach.
  ///
  /// - Complexity: O(n + m).
  package static func northWest(_ source: [Double], _ target: [Double]) -> TransportPlan {
    var (sources, targets, masses) = ([Int32](), [Int32](), [Double]())
    NorthWestRule.forEachPair(
      source.count, target.count, supply: { source[$0] }, demand: { target[$0] }
    ) { i, j, moved in
      guard moved > 0 else { return }
      sources.append(Int32(i))
      targets.append(Int32(j))
      masses.append(moved)
    }
    return TransportPlan(sources: sources, targets: targets, masses: masses)
  }

  private static func sums(_ masses: [Double], _ indices: [Int32], _ count: Int) -> [Double] {
    TransportPlan(sources: indices, targets: indices, masses: masses).sourceMarginal(count: count)
  }

  private static func scaleDown(
    _ masses: inout [Double], _ indices: [Int32], to limits: [Double]
  ) {
    let factors = zip(sums(masses, indices, limits.count), limits).map { sum, limit in
      sum > limit ? limit / sum : 1
    }
    for entry in masses.indices { masses[entry] *= factors[Int(indices[entry])] }
  }

  private static func missing(
    _ masses: [Double], _ indices: [Int32], of wanted: [Double]
  ) -> [Double] {
    zip(wanted, sums(masses, indices, wanted.count)).map { max(0, $0 - $1) }
  }
}
