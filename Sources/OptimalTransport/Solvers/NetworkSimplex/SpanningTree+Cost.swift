extension SpanningTree {
  /// The tree of a basis between two clouds.
  init(_ basis: BasisArcs, of pair: CloudPair) {
    self.init(
      sources: basis.sources, targets: basis.targets,
      costs: zip(basis.sources, basis.targets).map { pair.cost(Int($0), Int($1)) },
      supplies: pair.sources.supplies, demands: pair.targets.supplies)
  }

  /// The cost of the flow.
  var cost: Double { cost { arcCost[$0] } }

  /// What the flow would cost with the costs between two clouds.
  func cost(between pair: CloudPair) -> Double {
    cost { node in
      let arc = arc(above: node)
      return pair.cost(arc.source, arc.target)
    }
  }

  private func cost(_ costAbove: (Int) -> Double) -> Double {
    var sum = CompensatedSum()
    for node in 1..<nodeCount {
      sum.add(PerturbedMasses.mass(ofFlow: flow[node]) * costAbove(node))
    }
    return sum.value
  }
}
