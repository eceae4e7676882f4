/// What a coupling costs, pair by pair, and what it costs at most: the upper end of a bracket.
///
/// The sum has nonnegative terms. The error of a computed cost is relative to it, the product and the
/// mass add a rounding each and the compensated sum two; what costs below the threshold of underflow may
/// lack is bounded by the mass on them. Pairs of points at the same place cost nothing, and stay exact.
package struct CouplingCost: Sendable {
  private let problem: TransportProblem
  private let rounding: CostRounding
  private var sum = CompensatedSum()
  /// The mass on pairs whose computed cost may be nothing but underflow.
  private var lost = CompensatedSum()
  /// The products that may have lost digits themselves.
  private var faint = 0.0

  /// A coupling without entries yet.
  package init(of problem: TransportProblem) {
    self.problem = problem
    rounding = problem.pairCosts.rounding
  }

  /// The cost of a plan.
  ///
  /// - Complexity: O(plan entries).
  package init(_ plan: TransportPlan, of problem: TransportProblem) {
    self.init(of: problem)
    for entry in 0..<plan.count {
      add(plan.masses[entry], from: Int(plan.sources[entry]), to: Int(plan.targets[entry]))
    }
  }

  /// Moves a mass from a source point to a target point.
  package mutating func add(_ mass: Double, from source: Int, to target: Int) {
    let cost = problem.pairCosts.cost(source, target)
    let product = mass * cost
    sum.add(product)
    if !rounding.isNegligible(at: cost), !problem.isFree(source, target) { lost.add(mass) }
    if product < 0x1p-960, cost > 0 { faint += .leastNonzeroMagnitude }
  }

  /// Adds what another part of the coupling costs.
  mutating func add(_ other: CouplingCost) {
    sum.add(other.sum)
    lost.add(other.lost)
    faint += other.faint
  }

  /// The computed cost, in the problem's own unit.
  package var value: Double { sum.value }

  /// What the coupling costs at most, in the problem's own unit.
  package var upper: Double {
    value * (1 + rounding.relativeError(besides: 6)) + 2 * lost.value * rounding.underflow + faint
  }
}

extension TransportProblem {
  /// Whether moving from a source point to a target point costs nothing, exactly: both are the same
  /// place, or the cost was given as 0.
  fileprivate func isFree(_ source: Int, _ target: Int) -> Bool {
    switch cost {
    case .blocks:
      (0..<self.source.dimension).allSatisfy { axis in
        domain.axes[axis].difference(
          self.source.coordinates[axis * self.source.count + source],
          self.target.coordinates[axis * self.target.count + target]) == 0
      }
    case .matrix(let entries): entries[source * self.target.count + target] == 0
    case .function(let function): function(source, target) == 0
    }
  }
}
