/// The bracket of the bounded-Lipschitz distance from a witness and from transport that discards mass.
///
/// For any 1-Lipschitz ψ with |ψ| ≤ B and any π ≥ 0, ∫ψ d(μ − ν) ≤ Σ π_ij d_ij
/// + B Σ |a_i − Σ_j π_ij| + B Σ |b_j − Σ_i π_ij|: see the bounded-Lipschitz distance.
package struct FlatBracket {
  /// ψ at the source points and at the target points, in the unit of the program.
  package let witness: (source: [Double], target: [Double])
  /// ∫ψ d(μ − ν), kept within the bracket.
  package let value: Double
  /// The proved ends.
  package let lower: Double
  package let upper: Double

  /// A bracket.
  ///
  /// - Parameters:
  ///   - problem: the measures and the ground distance.
  ///   - unit: a distance d is d·2^−unit here.
  ///   - bound: B, the bound of |ψ| and the cost of discarding.
  ///   - potentials: any numbers at the targets, from which ψ is made.
  ///   - flows: the pairs that carry mass.
  /// - Complexity: O(nm).
  package init(
    _ problem: TransportProblem, unit: Int, bound: Double, potentials: [Double],
    flows: some Sequence<(source: Int, target: Int, mass: Double)>
  ) {
    let costs = problem.pairCosts
    let shift = costs.unitExponent - unit
    func distance(_ i: Int, _ j: Int) -> Double { costs.cost(i, j).scaled(by: shift) }
    let (a, b) = (problem.source.masses, problem.target.masses)
    let g = potentials.map { min(max($0, -bound), bound) }
    // ψ at the sources by g, then at the targets by ψ at the sources. Two values at sources differ
    // by at most their distance, so do two at targets; and ψ(y) is −bound or some
    // ψ(x') − d(x', y), which is within d(x, y) of ψ(x) by the triangle inequality.
    let atSource = a.indices.map { i in
      b.indices.reduce(bound) { min($0, g[$1] + distance(i, $1)) }
    }
    let atTarget = b.indices.map { j in
      a.indices.reduce(-bound) { max($0, atSource[$1] - distance($1, j)) }
    }
    let (sum, least) = Self.lower(
      a + b.map { -$0 }, atSource + atTarget, bound: bound, costs.rounding, shift)

    var coupling = CouplingCost(of: problem)
    var left = (a + b).map { CompensatedSum([$0]) }
    for (source, target, mass) in flows {
      coupling.add(mass, from: source, to: target)
      left[source].add(-mass)
      left[a.count + target].add(-mass)
    }
    var discarded = CompensatedSum()
    for rest in left { discarded.add(abs(rest.value)) }
    // Discarding everything is a plan too.
    upper =
      min(coupling.upper.scaled(by: shift) + bound * discarded.value, 2 * bound)
      * (1 + 4 * CostRounding.unit)
    lower = min(least, upper)
    value = min(max(sum, lower), upper)
    witness = (atSource, atTarget)
  }

  /// ψ at a source misses the exact function by the error of a distance of at most 2·bound and of
  /// an addition, ψ at a target by twice that, on measures of mass 1; products and the sum add a
  /// few roundings.
  private static func lower(
    _ masses: [Double], _ values: [Double], bound: Double, _ rounding: CostRounding, _ shift: Int
  ) -> (sum: Double, lower: Double) {
    var (sum, magnitude) = (CompensatedSum(), CompensatedSum())
    for (mass, value) in zip(masses, values) {
      sum.add(mass * value)
      magnitude.add(abs(mass * value))
    }
    let slack =
      CostRounding.unit * 4 * magnitude.value + 8 * rounding.relativeError(besides: 2) * bound
      + 4 * rounding.underflow.scaled(by: shift)
    return (sum.value, max(0, sum.value - slack))
  }
}
