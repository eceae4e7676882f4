/// Turns an optimal basis between two coarse clouds into a feasible, nearly optimal basis between
/// the next finer ones.
///
/// The points of a coarse cluster are shared out among the cluster's arcs in the order of their
/// projection on the direction in which the arcs fan out. Each coarse arc then becomes a staircase
/// (the north-west rule) between its shares on either side. Consecutive arcs of a cluster meet in
/// the point that was split between them, so the staircases hang together like the coarse tree.
struct BasisRefinement {
  private let coarse: CloudPair
  private let fine: CloudPair
  private let axisCount: Int
  private let axisScales: [Double]

  /// A part of a fine point that goes along one coarse arc.
  private struct Share {
    var point: Int32
    var amount: Int128
  }

  /// A coarse arc as one of its ends sees it.
  private struct Arc {
    /// The node below the arc in the coarse tree: the name of the arc.
    var node: Int32
    /// The cluster at the other end.
    var partner: Int32
    var flow: Int128
  }

  init(from coarse: CloudPair, to fine: CloudPair, axisScales: [Double]) {
    self.coarse = coarse
    self.fine = fine
    self.axisScales = axisScales
    axisCount = axisScales.count
  }

  /// The arcs of the fine basis.
  func refined(_ tree: borrowing SpanningTree) -> BasisArcs {
    let n = coarse.sources.count
    var arcsAt = [[Arc]](repeating: [], count: tree.nodeCount)
    for node in 1..<tree.nodeCount where tree.flow[node] > 0 {
      let above = Int(tree.parent[node])
      let flow = tree.flow[node]
      arcsAt[node].append(
        Arc(node: Int32(node), partner: Int32(above >= n ? above - n : above), flow: flow))
      arcsAt[above].append(
        Arc(node: Int32(node), partner: Int32(node >= n ? node - n : node), flow: flow))
    }
    var sourceShares = [[Share]](repeating: [], count: tree.nodeCount)
    var targetShares = sourceShares
    for cluster in 0..<n {
      share(
        coarse.sources, cluster, fine.sources, arcsAt[cluster], partners: coarse.targets,
        into: &sourceShares)
    }
    for cluster in 0..<coarse.targets.count {
      share(
        coarse.targets, cluster, fine.targets, arcsAt[n + cluster], partners: coarse.sources,
        into: &targetShares)
    }
    var basis = BasisArcs(
      sourceCount: fine.sources.count, targetCount: fine.targets.count)
    for node in 1..<tree.nodeCount {
      staircase(&sourceShares[node], &targetShares[node], into: &basis)
    }
    basis.complete()
    return basis
  }

  /// Shares a cluster's points out among its arcs.
  private func share(
    _ cloud: PointCloud, _ cluster: Int, _ finer: PointCloud, _ arcs: [Arc], partners: PointCloud,
    into shares: inout [[Share]]
  ) {
    guard !arcs.isEmpty else { return }
    let members = Int(cloud.childStarts[cluster])..<Int(cloud.childStarts[cluster + 1])
    var points = members.map { Share(point: Int32($0), amount: finer.supplies[$0]) }
    var arcs = arcs
    if arcs.count > 1, points.count > 1 {
      let places = arcs.map { displacement(partners, Int($0.partner), cloud, cluster) }
      let direction = fan(of: places)
      let keys = places.map { dot($0, direction) }
      let order = arcs.indices.sorted { (keys[$0], arcs[$0].node) < (keys[$1], arcs[$1].node) }
      arcs = order.map { arcs[$0] }
      sort(&points, finer, cloud, cluster, along: direction)
    }
    NorthWestRule.forEachPair(
      arcs.count, points.count, supply: { arcs[$0].flow }, demand: { points[$0].amount }
    ) { arc, point, amount in
      guard amount > 0 else { return }
      shares[Int(arcs[arc].node)].append(Share(point: points[point].point, amount: amount))
    }
  }

  /// The north-west rule between the shares of the two ends of an arc, both ordered along the
  /// direction in which they spread most.
  private func staircase(
    _ left: inout [Share], _ right: inout [Share], into basis: inout BasisArcs
  ) {
    guard let first = left.first, !right.isEmpty else { return }
    if left.count > 1, right.count > 1 {
      let reference = Int(first.point)
      let spread = left.map { displacement(fine.sources, Int($0.point), fine.sources, reference) }
      let direction = fan(of: spread)
      sort(&left, fine.sources, fine.sources, reference, along: direction)
      sort(&right, fine.targets, fine.targets, Int(right[0].point), along: direction)
    }
    NorthWestRule.forEachPair(
      left.count, right.count, supply: { left[$0].amount }, demand: { right[$0].amount }
    ) { i, j, _ in basis.insert(Int(left[i].point), Int(right[j].point)) }
  }

  // MARK: Directions

  /// The scaled difference of a point of one cloud and a point of another.
  private func displacement(
    _ cloud: PointCloud, _ point: Int, _ origin: PointCloud, _ from: Int
  ) -> [Double] {
    (0..<axisCount).map { axis in
      fine.geometry.difference(
        cloud.coordinates[axis * cloud.count + point],
        origin.coordinates[axis * origin.count + from], axis) * axisScales[axis]
    }
  }

  /// The direction between two far-apart vectors of a set.
  private func fan(of vectors: [[Double]]) -> [Double] {
    func farthest(from vector: [Double]) -> [Double] {
      var best = (vectors[0], -1.0)
      for other in vectors {
        let distance = zip(other, vector).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        if distance > best.1 { best = (other, distance) }
      }
      return best.0
    }
    let end = farthest(from: vectors[0])
    return zip(farthest(from: end), end).map { $0 - $1 }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func sort(
    _ shares: inout [Share], _ cloud: PointCloud, _ origin: PointCloud, _ from: Int,
    along direction: [Double]
  ) {
    let keys = shares.map { dot(displacement(cloud, Int($0.point), origin, from), direction) }
    let order = shares.indices.sorted {
      (keys[$0], shares[$0].point) < (keys[$1], shares[$1].point)
    }
    shares = order.map { shares[$0] }
  }
}
