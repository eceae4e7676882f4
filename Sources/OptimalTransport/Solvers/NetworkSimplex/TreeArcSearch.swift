/// Arcs between two clouds with a block cost, found by search trees on both sides.
///
/// - Complexity: about O((n + m) log(n + m)) a search for clouds of low dimension.
struct TreeArcSearch: ArcSearch {
  private let pair: CloudPair
  private let sourceTree: PotentialTree
  private let targetTree: PotentialTree

  init(_ pair: CloudPair) {
    self.pair = pair
    sourceTree = PotentialTree(cloud: pair.sources, geometry: pair.geometry)
    targetTree = PotentialTree(cloud: pair.targets, geometry: pair.geometry)
  }

  var sourceCount: Int { pair.sources.count }
  var targetCount: Int { pair.targets.count }

  func cost(_ source: Int, _ target: Int) -> Double { pair.cost(source, target) }

  func candidates(
    _ potentials: NodePotentials, perPoint: Int
  ) throws(SolverError) -> CandidateArcs {
    setPotentials(potentials)
    return CandidateArcs(
      forward: try nearest(sourceTree, in: targetTree, limits: nil, slack: .infinity, perPoint),
      backward: try nearest(targetTree, in: sourceTree, limits: nil, slack: .infinity, perPoint),
      cost: pair.cost)
  }

  func price(
    _ potentials: NodePotentials, perPoint: Int, skippingTies: Bool
  ) throws(SolverError) -> GlobalPricing {
    setPotentials(potentials)
    let slack = skippingTies ? tieSlack(potentials) : 0
    let limits = potentials.source.map { $0 - slack }
    let forward = try nearest(sourceTree, in: targetTree, limits: limits, slack: -slack, perPoint)
    // Every violating pair shows in the search from its source. Where there are many of them, the
    // best ones of each target help too.
    let violatingSources = forward.counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let backward =
      try violatingSources > sourceCount / 8
      ? nearest(
        targetTree, in: sourceTree, limits: potentials.target.map { $0 - slack }, slack: -slack,
        perPoint)
      : Neighbours(count: 0, perPoint: perPoint)
    var feasible = limits
    for source in 0..<sourceCount where forward.counts[source] > 0 {
      feasible[source] = min(feasible[source], forward.least[source])
    }
    var violations = NewArcs()
    func add(_ source: Int, _ target: Int) {
      let cost = cost(source, target)
      if potentials.areViolated(source, target, cost) { violations.append(source, target, cost) }
    }
    forward.forEachPair { add($0, $1) }
    backward.forEachPair { add($1, $0) }
    return GlobalPricing(violations: violations, feasibleSourcePotentials: feasible)
  }

  /// For each source the least of c − g over all targets.
  func transform(_ potentials: NodePotentials) throws(SolverError) -> [Double] {
    setPotentials(potentials)
    return try nearest(sourceTree, in: targetTree, limits: nil, slack: .infinity, 1).least
  }

  /// What source potentials are lowered by, so that pairs which are tight but for rounding need not
  /// be looked at.
  ///
  /// A cost that is linear along rays has plateaus, on which c − f − g vanishes for many pairs. Their
  /// bounds are 0 less what rounding may have added, a few roundings of the potentials.
  private func tieSlack(_ potentials: NodePotentials) -> Double {
    guard pair.geometry.isLinearAlongRays else { return 0 }
    var largest = 0.0
    for value in potentials.source { largest = max(largest, abs(value)) }
    for value in potentials.target { largest = max(largest, abs(value)) }
    return Double(3 * pair.geometry.axisCount + 12) * Double.ulpOfOne * largest
  }

  private func setPotentials(_ potentials: NodePotentials) {
    sourceTree.setPotentials(
      potentials.source, partners: potentials.sourcePartners, in: pair.targets)
    targetTree.setPotentials(
      potentials.target, partners: potentials.targetPartners, in: pair.sources)
  }

  /// For each point of a tree the best points of the other one: all below a limit, or simply the
  /// best ones.
  private func nearest(
    _ queries: PotentialTree, in tree: PotentialTree, limits: [Double]?, slack: Double,
    _ perPoint: Int
  ) throws(SolverError) -> Neighbours {
    var result = Neighbours(count: queries.cloud.count, perPoint: perPoint)
    try result.counts.withUnsafeMutableBufferPointer { counts throws(SolverError) in
      try result.least.withUnsafeMutableBufferPointer { least throws(SolverError) in
        try result.points.withUnsafeMutableBufferPointer { points throws(SolverError) in
          guard let counts = counts.baseAddress, let least = least.baseAddress,
            let points = points.baseAddress
          else { return }
          nonisolated(unsafe) let (allCounts, allLeast, allPoints) = (counts, least, points)
          try Parallel.forEachStoppableChunk(
            of: queries.leaves.count, costPerItem: 5000
          ) { range in
            let size = PotentialTree.leafSize
            withUnsafeTemporaryAllocation(of: Double.self, capacity: size * (1 + perPoint)) {
              scratch in
              withUnsafeTemporaryAllocation(of: PotentialTree.Found.self, capacity: size) { found in
                guard let leafLimits = scratch.baseAddress, let found = found.baseAddress
                else { return }
                let values = leafLimits + size
                for leaf in range {
                  let child = Int(queries.leaves[leaf])
                  let low = Int(queries.children[child].low)
                  let high = Int(queries.children[child].high)
                  for point in low..<high {
                    leafLimits[point - low] = limits?[point] ?? .infinity
                    found[point - low] = PotentialTree.Found(
                      values: values + (point - low) * perPoint,
                      points: allPoints + point * perPoint, capacity: perPoint)
                  }
                  tree.search(
                    leaf: child, of: queries, below: leafLimits, slack: slack, into: found)
                  for point in low..<high {
                    allCounts[point] = Int32(found[point - low].count)
                    allLeast[point] = found[point - low].values[0]
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
