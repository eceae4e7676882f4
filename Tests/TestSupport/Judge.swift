import OptimalTransport
import Testing

/// The one judge of all solvers: the plan is feasible, the potentials are feasible, the bracket is
/// right and, for an exact solver, closed; the stated cost is the plan's.
public func judge(
  _ solution: TransportSolution, closedTo relativeWidth: Double? = 1e-12,
  cost expected: Double? = nil, relativeTolerance: Double = 1e-12,
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  let problem = solution.problem
  guard let verification = try? solution.verify() else {
    Issue.record("The verification did not end.", sourceLocation: sourceLocation)
    return
  }
  #expect(verification.isConfirmed, comment, sourceLocation: sourceLocation)
  #expect(
    verification.marginalError <= Verification.marginalTolerance, comment,
    sourceLocation: sourceLocation)
  #expect(solution.costBounds.contains(solution.cost), comment, sourceLocation: sourceLocation)
  var sum = CompensatedSum()
  for entry in 0..<solution.plan.count {
    sum.add(
      solution.plan.masses[entry]
        * plainCost(
          problem, Int(solution.plan.sources[entry]), Int(solution.plan.targets[entry])))
  }
  #expect(
    abs(sum.value - solution.cost) <= 1e-12 * solution.cost + 1e-300, comment,
    sourceLocation: sourceLocation)
  for (i, f) in solution.potentials.source.enumerated() where problem.pairCount <= 4_000_000 {
    for (j, g) in solution.potentials.target.enumerated() {
      let cost = plainCost(problem, i, j)
      if f + g > cost + 1e-13 * (abs(f) + abs(g) + cost) {
        Issue.record(
          "pair (\(i), \(j)) violates: \(f) + \(g) > \(cost)", sourceLocation: sourceLocation)
        return
      }
    }
  }
  if let relativeWidth {
    let width = solution.costBounds.upper - solution.costBounds.lower
    // The potentials' own rounding limits the bracket when they are larger than the cost.
    let size = (solution.potentials.source + solution.potentials.target)
      .reduce(solution.costBounds.upper) { max($0, abs($1)) }
    #expect(width <= relativeWidth * size, comment, sourceLocation: sourceLocation)
  }
  if let expected {
    #expect(
      abs(solution.cost - expected) <= relativeTolerance * max(abs(expected), 1e-300),
      comment, sourceLocation: sourceLocation)
  }
}

/// The cost of a pair straight from its definition, without scaling or kernels.
public func plainCost(_ problem: TransportProblem, _ i: Int, _ j: Int) -> Double {
  switch problem.cost {
  case .blocks(let blocks):
    let (x, y) = (problem.source.point(i), problem.target.point(j))
    return blocks.reduce(0) { sum, block in
      let squares = block.axes.reduce(0.0) { squares, axis in
        let kind = problem.domain.axes[axis]
        let difference = kind.difference(kind.wrapped(x[axis]), kind.wrapped(y[axis]))
        return squares + difference * difference
      }
      return sum + block.weight * power(squares.squareRoot(), block.exponent)
    }
  case .matrix(let entries): return entries[i * problem.target.count + j]
  case .function(let function): return function(i, j)
  }
}
