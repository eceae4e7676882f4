/// Predicts the potentials of fine clouds from an optimal tree between coarser ones.
///
/// A fine point takes the c-transform of the coarse potentials over the partners of its own cluster:
/// f(x) = min over these partners Y of c(x, Y) − g(Y). That has the coarse value at the centre of the
/// cluster and the right slope, the gradient of the cost at the partner.
struct PotentialPrediction {
  private let coarse: CloudPair
  private let fine: CloudPair

  init(from coarse: CloudPair, to fine: CloudPair) {
    self.coarse = coarse
    self.fine = fine
  }

  /// The predicted potentials, each with a fine point near the partner that gave it.
  func predicted(_ tree: borrowing SpanningTree) -> NodePotentials {
    let n = coarse.sources.count
    let count = tree.nodeCount
    var partners = [[Int32]](repeating: [], count: count)
    var potentials = [Double](repeating: 0, count: count)
    for node in 0..<count {
      potentials[node] = node < n ? tree.potential(node) : -tree.potential(node)
      guard tree.parent[node] >= 0 else { continue }
      let above = Int(tree.parent[node])
      partners[node].append(Int32(above >= n ? above - n : above))
      partners[above].append(Int32(node >= n ? node - n : node))
    }
    let source = predict(
      coarse.sources, fine.sources, partners[0..<n], coarse.targets, fine.targets,
      potentials[n...])
    let target = predict(
      coarse.targets, fine.targets, partners[n...], coarse.sources, fine.sources,
      potentials[0..<n])
    return NodePotentials(
      source: source.values, target: target.values, sourcePartners: source.partners,
      targetPartners: target.partners)
  }

  private func predict(
    _ clusters: PointCloud, _ points: PointCloud, _ partners: ArraySlice<[Int32]>,
    _ others: PointCloud, _ finerOthers: PointCloud, _ otherPotentials: ArraySlice<Double>
  ) -> (values: [Double], partners: [Int32]) {
    var values = [Double](repeating: 0, count: points.count)
    var nearest = [Int32](repeating: 0, count: points.count)
    for cluster in 0..<clusters.count {
      let candidates = partners[partners.startIndex + cluster]
      for point in Int(clusters.childStarts[cluster])..<Int(clusters.childStarts[cluster + 1]) {
        var best = (value: Double.infinity, partner: Int32(0))
        for partner in candidates {
          let cost = fine.geometry.cost(points, point, others, Int(partner))
          let value = cost - otherPotentials[otherPotentials.startIndex + Int(partner)]
          if value < best.value { best = (value, partner) }
        }
        values[point] = best.value
        let start = others.childStarts[Int(best.partner)]
        let end = others.childStarts[Int(best.partner) + 1]
        nearest[point] = others === finerOthers ? best.partner : (start + end) / 2
      }
    }
    return (values, nearest)
  }
}
