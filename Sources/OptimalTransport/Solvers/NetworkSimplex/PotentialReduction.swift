/// Small optimal potentials for an optimal tree.
///
/// Arcs of a tree that carry no mass tie potentials together that need not be: between two clouds
/// that nearly coincide the potentials of a tree grow with the distances between the points, and
/// their rounding errors exceed the tiny cost. Here only the arcs that carry mass stay tight. Each
/// component of the forest that they form has a free constant, and of all feasible constants ≤ 0 the
/// greatest are taken: with all of them 0 at the start, A(C) ≤ A(D) + c_ij − φ_i + φ_j is enforced
/// for every candidate arc from C to D, φ the potentials within a component, until nothing changes.
struct PotentialReduction {
  private let sourceCount: Int
  /// The component of each node.
  private let component: [Int32]
  /// The potentials relative to the constant of the component.
  private let relative: [Double]
  private let componentCount: Int
  /// For each point a partner to which it is tight.
  private var partners: NodePotentials

  /// Whether a tree's potentials are so large that their rounding errors would keep the bracket from
  /// closing to 1e-13 of the cost.
  static func isWorthwhile(_ tree: borrowing SpanningTree) -> Bool {
    var cost = CompensatedSum()
    var (low, high) = (0.0, 0.0)
    for node in 0..<tree.nodeCount {
      let potential = tree.potential(node)
      low = min(low, potential)
      high = max(high, potential)
      if tree.parent[node] >= 0 {
        cost.add(PerturbedMasses.mass(ofFlow: tree.flow[node]) * tree.arcCost[node])
      }
    }
    return 16 * CostRounding.unit * (high - low) > 1e-13 * cost.value
  }

  /// The forest of the arcs that carry mass.
  init(_ tree: borrowing SpanningTree) {
    let (n, count) = (tree.sourceCount, tree.nodeCount)
    var component = [Int32](repeating: 0, count: count)
    var relative = [Double](repeating: 0, count: count)
    var (lows, highs) = ([Double](), [Double]())
    var partners = NodePotentials(tree)
    tree.forEachNodeInOrder { node in
      let above = Int(tree.parent[node])
      guard above >= 0, PerturbedMasses.mass(ofFlow: tree.flow[node]) > 0 else {
        component[node] = Int32(lows.count)
        lows.append(0)
        highs.append(0)
        return
      }
      let part = Int(component[above])
      component[node] = Int32(part)
      relative[node] = relative[above] + (node < n ? tree.arcCost[node] : -tree.arcCost[node])
      lows[part] = min(lows[part], relative[node])
      highs[part] = max(highs[part], relative[node])
      if above < n {
        partners.sourcePartners[above] = Int32(node - n)
      } else {
        partners.targetPartners[above - n] = Int32(node)
      }
    }
    for node in 0..<count {
      let part = Int(component[node])
      relative[node] -= lows[part] / 2 + highs[part] / 2
    }
    sourceCount = n
    componentCount = lows.count
    self.component = component
    self.relative = relative
    self.partners = partners
  }

  /// The potentials, feasible for all arcs of a list; `nil` when they are not found in a number of
  /// steps proportional to the list.
  func potentials(over arcs: CandidateArcs) -> NodePotentials? {
    guard let constants = constants(over: arcs) else { return nil }
    var result = partners
    for node in component.indices {
      let value = constants[Int(component[node])] + relative[node]
      if node < sourceCount {
        result.source[node] = value
      } else {
        result.target[node - sourceCount] = -value
      }
    }
    return result
  }

  /// Label correcting with a queue.
  private func constants(over arcs: CandidateArcs) -> [Double]? {
    let n = sourceCount
    // The arcs by the component of their target, which limits the component of their source.
    var starts = [Int32](repeating: 0, count: componentCount + 1)
    for target in arcs.targets { starts[Int(component[n + Int(target)]) + 1] += 1 }
    for part in 0..<componentCount { starts[part + 1] += starts[part] }
    var cursor = starts
    var order = [Int32](repeating: 0, count: arcs.count)
    for arc in 0..<arcs.count {
      let part = Int(component[n + Int(arcs.targets[arc])])
      order[Int(cursor[part])] = Int32(arc)
      cursor[part] += 1
    }

    var constants = [Double](repeating: 0, count: componentCount)
    var queue = (0..<componentCount).map { $0 }
    var isQueued = [Bool](repeating: true, count: componentCount)
    var looks = 0
    var next = 0
    while next < queue.count {
      let from = queue[next]
      next += 1
      isQueued[from] = false
      if next > 4 * componentCount {
        queue.removeFirst(next)
        next = 0
      }
      looks += Int(starts[from + 1] - starts[from])
      if looks > 64 * arcs.count { return nil }
      for slot in Int(starts[from])..<Int(starts[from + 1]) {
        let arc = Int(order[slot])
        let (i, j) = (Int(arcs.sources[arc]), n + Int(arcs.targets[arc]))
        let to = Int(component[i])
        let limit = constants[from] + (arcs.costs[arc] - relative[i] + relative[j])
        // What rounding alone makes of a tight arc is no violation.
        let size = arcs.costs[arc] + abs(limit) + abs(relative[i]) + abs(relative[j])
        guard to != from, limit < constants[to] - SpanningTree.tolerance * size else { continue }
        constants[to] = limit
        if !isQueued[to] {
          isQueued[to] = true
          queue.append(to)
        }
      }
    }
    return constants
  }
}
