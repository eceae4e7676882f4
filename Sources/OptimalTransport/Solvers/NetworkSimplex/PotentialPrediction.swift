/// Predicts the potentials of fine clouds from an optimal tree between coarser ones.
///
/// A fine point takes the c-transform of the coarse potentials: f(x) = min over all coarse points Y of
/// the other side of c(x, Y) − g(Y). That has about the coarse value at the centre of its cluster, the
/// right slope, which is the gradient of the cost at the partner, and a kink where partners change.
struct PotentialPrediction {
  private let coarse: CloudPair
  private let fine: CloudPair

  init(from coarse: CloudPair, to fine: CloudPair) {
    self.coarse = coarse
    self.fine = fine
  }

  /// The predicted potentials, each with a fine point near the partner that gave it.
  func predicted(_ known: NodePotentials) -> NodePotentials {
    let source = predict(
      coarse.sources, fine.sources, hints: known.sourcePartners, coarse.targets, fine.targets,
      known.target, known.targetPartners)
    let target = predict(
      coarse.targets, fine.targets, hints: known.targetPartners, coarse.sources, fine.sources,
      known.source, known.sourcePartners)
    return NodePotentials(
      source: source.values, target: target.values, sourcePartners: source.partners,
      targetPartners: target.partners)
  }

  private func predict(
    _ clusters: PointCloud, _ points: PointCloud, hints: [Int32], _ others: PointCloud,
    _ finerOthers: PointCloud, _ otherPotentials: [Double], _ otherPartners: [Int32]
  ) -> (values: [Double], partners: [Int32]) {
    let tree = PotentialTree(cloud: others, geometry: fine.geometry)
    tree.setPotentials(otherPotentials, partners: otherPartners, in: clusters)
    let axisCount = fine.geometry.axisCount
    let found = Parallel.map(count: clusters.count, costPerItem: 2000) { cluster in
      let members = Int(clusters.childStarts[cluster])..<Int(clusters.childStarts[cluster + 1])
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: axisCount + 1) {
        scratch -> [(value: Double, partner: Int32)] in
        guard let query = scratch.baseAddress else { return [] }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { place in
          guard let place = place.baseAddress else { return [] }
          return members.map { point in
            points.copyPoint(point, to: query)
            let hint = tree.value(query, Int(hints[cluster]))
            var found = PotentialTree.Found(
              values: query + axisCount, points: place, capacity: 1)
            tree.search(query, below: hint, into: &found)
            return found.count > 0 ? (found.values[0], found.points[0]) : (hint, hints[cluster])
          }
        }
      }
    }
    var values: [Double] = []
    var nearest: [Int32] = []
    for best in found.joined() {
      values.append(best.value)
      let start = others.childStarts[Int(best.partner)]
      let end = others.childStarts[Int(best.partner) + 1]
      nearest.append(others === finerOthers ? best.partner : (start + end) / 2)
    }
    return (values, nearest)
  }
}
