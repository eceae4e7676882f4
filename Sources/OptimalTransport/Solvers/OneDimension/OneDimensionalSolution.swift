/// Puts the solution of a one-dimensional problem together: the plan and the potentials in the order
/// of the problem, and the proof over all pairs.
struct OneDimensionalSolution {
  private let problem: TransportProblem
  private let geometry: CostGeometry
  private let cost: ConvexCost
  private let sources: SortedPoints
  private let targets: SortedPoints

  /// - Throws: `SolverError.unsuitable` unless the cost depends on one axis, periodic or not as
  ///   demanded.
  init(
    _ problem: TransportProblem, periodic: Bool, solver: String
  ) throws(SolverError) {
    guard let geometry = problem.pairCosts.geometry, geometry.axisCount == 1,
      geometry.lengths[0].isFinite == periodic
    else {
      throw .unsuitable(
        solver: solver,
        reason: "it takes costs that depend on exactly one coordinate, on a "
          + (periodic ? "circle." : "line."))
    }
    self.problem = problem
    self.geometry = geometry
    cost = ConvexCost(weight: geometry.blocks[0].weight, exponent: geometry.blocks[0].exponent)
    let masses = PerturbedMasses(source: problem.source, target: problem.target)
    sources = SortedPoints(geometry.sources, masses: masses.supplies)
    targets = SortedPoints(geometry.targets, masses: masses.demands)
  }

  /// The solution from the order in which the points are merged.
  ///
  /// - Parameter order: from the sorted points to sequences on a line.
  func solve(
    method: String, seconds: () -> Double,
    order: (SortedPoints, SortedPoints, ConvexCost, _ length: Double) -> (
      sources: SortedPoints, targets: SortedPoints
    )
  ) -> TransportSolution {
    let (left, right) = order(sources, targets, cost, geometry.lengths[0])
    let staircase = Staircase(left, right, cost: cost)
    var targetPotentials = [Double](repeating: 0, count: problem.target.count)
    for (position, index) in right.indices.enumerated() {
      targetPotentials[Int(index)] = staircase.targetPotentials[position]
    }
    let plan = TransportPlan(
      basis: SpanningBasis(
        sources: staircase.steps.map { left.indices[$0.source] },
        targets: staircase.steps.map { right.indices[$0.target] }),
      flows: staircase.steps.map { PerturbedMasses.mass(ofFlow: $0.mass) }, problem: problem)
    let certificate = Certificate(
      problem: problem, transformed: transform(of: targetPotentials),
      targetPotentials: targetPotentials)
    return TransportSolution(
      problem: problem, method: method, plan: plan, certificate: certificate,
      effort: SolverEffort(
        seconds: seconds(), iterations: staircase.steps.count, arcs: staircase.steps.count))
  }

  /// At each source point a number that is at most min_j (c_ij − g_j), over all pairs.
  private func transform(of targetPotentials: [Double]) -> [Double] {
    let length = geometry.lengths[0]
    var (y, potentials) = ([Double](), [Double]())
    // On a circle the cost is the least over the images of a point; one turn each way is enough.
    for turn in length.isFinite ? [-length, 0, length] : [0] {
      y += targets.coordinates.map { $0 + turn }
      potentials += targets.indices.map { targetPotentials[Int($0)] }
    }
    let least = MonotoneTransform(at: sources.coordinates, of: potentials, at: y, cost: cost)
    // What the recursion may have missed, in roundings of one evaluation.
    let largest = targetPotentials.reduce(0) { max($0, abs($1)) }
    let rounding = Double(least.errorLevels) * (geometry.roundingUnits + 4) * Double.ulpOfOne / 2
    var result = [Double](repeating: 0, count: sources.count)
    for (value, index) in zip(least.values, sources.indices) {
      result[Int(index)] = value - rounding * (abs(value) + largest)
    }
    return result
  }
}
