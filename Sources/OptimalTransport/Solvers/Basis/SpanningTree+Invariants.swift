extension SpanningTree {
  /// What is wrong with the tree; `nil` where it is a basis: a spanning tree with the right sizes and its
  /// tour, whose arcs are tight and carry a flow that serves all points.
  ///
  /// For tests: nothing else calls it.
  ///
  /// - Parameters:
  ///   - supplies: for each source the mass that leaves it.
  ///   - demands: for each target the mass that arrives.
  /// - Complexity: O(nodes).
  func violation(supplies: [Int128], demands: [Int128]) -> String? {
    guard parent[0] == -1 else { return "the root has a parent" }
    for node in 1..<nodeCount {
      let above = Int(parent[node])
      guard (0..<nodeCount).contains(above), (node < sourceCount) != (above < sourceCount) else {
        return "the parent of node \(node) is \(above)"
      }
    }
    return tour.violation(parent: parent) ?? sizeViolation ?? potentialViolation
      ?? flowViolation(supplies, demands)
  }

  /// Whether every node could send a little mass to the root, so that no cycle of pivots without effect
  /// is possible: arcs without flow lead upwards.
  var isStronglyFeasible: Bool {
    (1..<nodeCount).allSatisfy { flow[$0] > 0 || (flow[$0] == 0 && $0 < sourceCount) }
  }

  private var sizeViolation: String? {
    var counted = [Int32](repeating: 1, count: nodeCount)
    var order: [Int] = []
    tour.forEachNode { order.append($0) }
    for node in order.dropFirst().reversed() { counted[Int(parent[node])] += counted[node] }
    let wrong = (0..<nodeCount).first { counted[$0] != size[$0] }
    return wrong.map { "the subtree of node \($0) has \(counted[$0]) nodes, not \(size[$0])" }
  }

  /// Every pivot since the potentials were computed may have added a rounding of their size.
  private var potentialViolation: String? {
    for node in 1..<nodeCount {
      let arc = arc(above: node)
      let (f, g) = (potential(arc.source), potential(sourceCount + arc.target))
      let tolerance =
        (16 + Double(pivotsSinceRefresh)) * Double.ulpOfOne
        * (arcCost[node] + abs(f) + abs(g) + shiftsSinceRefresh)
      guard abs(f - g - arcCost[node]) <= tolerance else {
        return "the arc above node \(node) is not tight by \(f - g - arcCost[node])"
      }
    }
    return nil
  }

  private func flowViolation(_ supplies: [Int128], _ demands: [Int128]) -> String? {
    var balance = supplies + demands.map { -$0 }
    for node in 1..<nodeCount {
      guard flow[node] >= 0 else { return "the arc above node \(node) carries \(flow[node])" }
      let arc = arc(above: node)
      balance[arc.source] -= flow[node]
      balance[sourceCount + arc.target] += flow[node]
    }
    return balance.firstIndex { $0 != 0 }.map { "node \($0) keeps \(balance[$0])" }
  }
}
