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

  func candidates(_ potentials: NodePotentials, perPoint: Int) throws(SolverError) -> NewArcs {
    setPotentials(potentials)
    let forward = try nearest(pair.sources, in: targetTree, limits: nil, perPoint: perPoint)
    let backward = try nearest(pair.targets, in: sourceTree, limits: nil, perPoint: perPoint)
    return arcs(forward: forward, backward: backward, perPoint: perPoint)
  }

  func price(_ potentials: NodePotentials, perPoint: Int) throws(SolverError) -> GlobalPricing {
    setPotentials(potentials)
    let forward = try nearest(
      pair.sources, in: targetTree, limits: potentials.source, perPoint: perPoint)
    // Every violating pair shows in the search from its source. Where there are many of them, the
    // best ones of each target help too.
    let violatingSources = forward.counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let backward =
      try violatingSources > sourceCount / 8
      ? nearest(pair.targets, in: sourceTree, limits: potentials.target, perPoint: perPoint)
      : Neighbours(counts: Array(repeating: 0, count: targetCount), values: [], points: [])
    var feasible = potentials.source
    for source in 0..<sourceCount where forward.counts[source] > 0 {
      feasible[source] = min(feasible[source], forward.values[source * perPoint])
    }
    return GlobalPricing(
      violations: arcs(forward: forward, backward: backward, perPoint: perPoint)
        .violating(potentials),
      feasibleSourcePotentials: feasible)
  }

  private func setPotentials(_ potentials: NodePotentials) {
    sourceTree.setPotentials(
      potentials.source, partners: potentials.sourcePartners, in: pair.targets)
    targetTree.setPotentials(
      potentials.target, partners: potentials.targetPartners, in: pair.sources)
  }

  private struct Neighbours {
    var counts: [Int32]
    var values: [Double]
    var points: [Int32]
  }

  /// For each point of a cloud the best points of the other side: all below a limit, or simply the
  /// best ones.
  private func nearest(
    _ queries: PointCloud, in tree: PotentialTree, limits: [Double]?, perPoint: Int
  ) throws(SolverError) -> Neighbours {
    let count = queries.count
    var result = Neighbours(
      counts: Array(repeating: 0, count: count),
      values: Array(repeating: 0, count: count * perPoint),
      points: Array(repeating: 0, count: count * perPoint))
    try result.counts.withUnsafeMutableBufferPointer { counts throws(SolverError) in
      try result.values.withUnsafeMutableBufferPointer { values throws(SolverError) in
        try result.points.withUnsafeMutableBufferPointer { points throws(SolverError) in
          guard let counts = counts.baseAddress, let values = values.baseAddress,
            let points = points.baseAddress
          else { return }
          nonisolated(unsafe) let (allCounts, allValues, allPoints) = (counts, values, points)
          try Parallel.forEachStoppableChunk(of: count, costPerItem: 1000) { range in
            withUnsafeTemporaryAllocation(
              of: Double.self, capacity: pair.geometry.axisCount
            ) { scratch in
              guard let query = scratch.baseAddress else { return }
              for index in range {
                queries.copyPoint(index, to: query)
                var found = PotentialTree.Found(
                  values: allValues + index * perPoint, points: allPoints + index * perPoint,
                  capacity: perPoint)
                var limit = limits?[index] ?? .infinity
                if limits == nil, index > range.lowerBound {
                  // The neighbour's finds are good finds: the search need not be worse than they.
                  let hints = allPoints + (index - 1) * perPoint
                  limit = -Double.infinity
                  for k in 0..<Int(allCounts[index - 1]) {
                    limit = max(limit, tree.value(query, Int(hints[k])))
                  }
                  limit =
                    Int(allCounts[index - 1]) < perPoint ? .infinity : limit.nextUp
                }
                tree.search(query, below: limit, into: &found)
                allCounts[index] = Int32(found.count)
              }
            }
          }
        }
      }
    }
    return result
  }

  private func arcs(forward: Neighbours, backward: Neighbours, perPoint: Int) -> NewArcs {
    var arcs = NewArcs()
    for source in 0..<sourceCount {
      for k in 0..<Int(forward.counts[source]) {
        let target = Int(forward.points[source * perPoint + k])
        arcs.append(source, target, cost(source, target))
      }
    }
    for target in 0..<targetCount {
      for k in 0..<Int(backward.counts[target]) {
        let source = Int(backward.points[target * perPoint + k])
        arcs.append(source, target, cost(source, target))
      }
    }
    return arcs
  }
}
