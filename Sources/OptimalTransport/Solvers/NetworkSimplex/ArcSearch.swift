/// What a source of arcs found when it searched all pairs for arcs that would improve a basis.
struct GlobalPricing {
  /// The best violating arcs of every point.
  var violations: NewArcs
  /// For each source point a number that is, to rounding, at most min_j (c_ij − g_j) and at most its
  /// potential.
  var feasibleSourcePotentials: [Double]
}

/// Where the simplex method gets its arcs from: it sees all pairs of a problem, and hands out the
/// few that matter.
protocol ArcSearch: Sendable {
  /// The numbers of source and target points.
  var sourceCount: Int { get }
  var targetCount: Int { get }

  /// The cost of a pair.
  func cost(_ source: Int, _ target: Int) -> Double

  /// The pairs of smallest reduced cost at each point of either side, under given potentials.
  func candidates(
    _ potentials: NodePotentials, perPoint: Int
  ) throws(SolverError) -> CandidateArcs

  /// Searches all pairs for negative reduced costs.
  ///
  /// - Parameter skippingTies: whether source potentials may come out lower by a few roundings, for
  ///   the sake of speed where many pairs are tight.
  func price(
    _ potentials: NodePotentials, perPoint: Int, skippingTies: Bool
  ) throws(SolverError) -> GlobalPricing
}

extension NodePotentials {
  /// Whether the reduced cost of a pair is negative by more than rounding errors: by twice the tolerance
  /// of `SpanningTree.optimize`, so that the pair is worth a pivot.
  @inline(__always)
  func areViolated(_ i: Int, _ j: Int, _ cost: Double) -> Bool {
    let (f, g) = (source[i], target[j])
    return cost - f - g < -2 * SpanningTree.tolerance * (cost + abs(f) + abs(g))
  }
}

/// Potentials of all points, with a partner for each to which it is nearly tight.
struct NodePotentials {
  /// f.
  var source: [Double]
  /// g.
  var target: [Double]
  /// For each source point a target.
  var sourcePartners: [Int32]
  /// For each target point a source.
  var targetPartners: [Int32]

  /// The potentials of a spanning tree; the partner of a node is the one above it.
  init(_ tree: borrowing SpanningTree) {
    let (n, count) = (tree.sourceCount, tree.nodeCount)
    source = []
    target = []
    sourcePartners = []
    targetPartners = []
    source.reserveCapacity(n)
    sourcePartners.reserveCapacity(n)
    target.reserveCapacity(count - n)
    targetPartners.reserveCapacity(count - n)
    for node in 0..<n {
      source.append(tree.potential(node))
      sourcePartners.append(max(tree.parent[node] - Int32(n), 0))
    }
    for node in n..<count {
      target.append(-tree.potential(node))
      targetPartners.append(tree.parent[node])
      // The root has no node above it, but some node below it.
      if tree.parent[node] == 0 { sourcePartners[0] = Int32(node - n) }
    }
  }

  init(source: [Double], target: [Double], sourcePartners: [Int32], targetPartners: [Int32]) {
    self.source = source
    self.target = target
    self.sourcePartners = sourcePartners
    self.targetPartners = targetPartners
  }
}
