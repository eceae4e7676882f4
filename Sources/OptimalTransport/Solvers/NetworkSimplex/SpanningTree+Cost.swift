extension SpanningTree {
  /// The cost of the flow.
  var cost: Double {
    var sum = CompensatedSum()
    for node in 1..<nodeCount { sum.add(PerturbedMasses.mass(ofFlow: flow[node]) * arcCost[node]) }
    return sum.value
  }
}
