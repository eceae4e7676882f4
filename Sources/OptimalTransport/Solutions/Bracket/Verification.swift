/// The outcome of checking a solution against its problem alone.
public struct Verification: Sendable, Hashable {
  /// Σ over all points of both sides of |marginal of the plan − mass|.
  public let marginalError: Double
  /// The largest f_i + g_j − c_ij over all pairs, in the unit of the cost; at most about one
  /// rounding of the potentials when they are feasible.
  public let largestViolation: Double
  /// The bracket of the cost, computed anew.
  public let costBounds: ProvedBounds
  /// Whether every entry of the plan is a pair of existing points with positive mass, the marginals
  /// agree to `marginalTolerance`, and the bracket that the solution states is not tighter than
  /// the one computed anew.
  public let isConfirmed: Bool

  /// The marginal error up to which a plan counts as exact: a few roundings of the total mass 1.
  public static let marginalTolerance = 1e-13
}

extension TransportSolution {
  /// Recomputes everything that the solution claims from the problem alone: the plan's marginals
  /// and cost, the potentials' feasibility by a plain sweep over all n·m pairs, and both ends of the
  /// bracket.
  ///
  /// - Parameter progress: may stop the work.
  /// - Throws: `SolverError.cancelled`, with the bracket of the solution.
  /// - Complexity: O(nm) time, O(n + m) memory, on all processors.
  public func verify(progress: ProgressHandler? = nil) throws(SolverError) -> Verification {
    let own = PartialBracket(costBounds: costBounds, origin: "the solution, unverified")
    return try SolverWatch.watching(progress, fallback: { own }) {
      progress throws(SolverError) in
      try progress.report(.verifying)
      return try verified()
    }
  }

  private func verified() throws(SolverError) -> Verification {
    let costs = problem.pairCosts
    let exponent = costs.unitExponent
    let entriesExist = (0..<plan.count).allSatisfy { entry in
      problem.source.masses.indices.contains(Int(plan.sources[entry]))
        && problem.target.masses.indices.contains(Int(plan.targets[entry]))
        && plan.masses[entry] > 0
    }
    guard entriesExist, potentials.source.count == problem.source.count,
      potentials.target.count == problem.target.count
    else {
      return Verification(
        marginalError: .infinity, largestViolation: .infinity,
        costBounds: ProvedBounds(lower: 0, upper: .infinity), isConfirmed: false)
    }
    var marginalError = CompensatedSum()
    let leaving = plan.sourceMarginal(count: problem.source.count)
    let arriving = plan.targetMarginal(count: problem.target.count)
    for (sum, mass) in zip(leaving, problem.source.masses) { marginalError.add(abs(sum - mass)) }
    for (sum, mass) in zip(arriving, problem.target.masses) { marginalError.add(abs(sum - mass)) }

    let f = potentials.source.map { $0.scaled(by: -exponent) }
    let g = potentials.target.map { $0.scaled(by: -exponent) }
    let rowViolations = try Parallel.stoppableMap(
      count: f.count, costPerItem: Double(g.count)
    ) { source in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: g.count) { row in
        guard let start = row.baseAddress else { return 0.0 }
        costs.row(source, 0..<g.count, into: start)
        var worst = -Double.infinity
        for target in 0..<g.count { worst = max(worst, f[source] + g[target] - start[target]) }
        return worst
      }
    }
    let feasible = zip(f, rowViolations).map { value, violation in value - max(violation, 0) }
    let certificate = Certificate(problem: problem, transformed: feasible, targetPotentials: g)
    let again = TransportSolution(
      problem: problem, method: method, ending: ending, plan: plan, certificate: certificate,
      effort: effort)
    // The potentials were rounded once more when they were shifted and stored.
    let allowance = 1e-14 * (abs(again.costBounds.upper) + (f + g).reduce(0) { max($0, abs($1)) })
    return Verification(
      marginalError: marginalError.value,
      largestViolation: (rowViolations.max() ?? 0).scaled(by: exponent),
      costBounds: again.costBounds,
      isConfirmed: marginalError.value <= Verification.marginalTolerance
        && costBounds.lower <= again.costBounds.lower + allowance.scaled(by: exponent)
        && costBounds.upper >= again.costBounds.upper)
  }
}
