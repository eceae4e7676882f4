/// A basis of the transport problem: a spanning tree of the bipartite graph of source and target
/// points, with the flow on each of its arcs and the potentials that make all of them tight.
///
/// Nodes 0..<n are the sources, n..<n+m the targets; node 0 is the root. The potential of a node is
/// f_i at a source and −g_j at a target, so that c_ij = potential(i) − potential(j) on tree arcs and
/// a pivot adds the same number to every node of a subtree. An arc always leads from a source to a
/// target, so the kind of the lower node tells its direction.
///
/// Pivots keep the tree strongly feasible (W. H. Cunningham, "A network simplex method",
/// doi:10.1007/BF01580379): a degenerate cycle of pivots is impossible from such a tree.
struct SpanningTree: ~Copyable {
  /// The number of source points.
  let sourceCount: Int
  /// The number of nodes.
  let nodeCount: Int

  /// The parent of each node; −1 at the root.
  let parent: UnsafeMutablePointer<Int32>
  /// The flow on the arc between a node and its parent.
  let flow: UnsafeMutablePointer<Int128>
  /// The cost of the arc between a node and its parent.
  let arcCost: UnsafeMutablePointer<Double>
  /// The number of nodes of the subtree below and including a node.
  let size: UnsafeMutablePointer<Int32>
  /// The potentials.
  var tour: PotentialTour
  /// The number of pivots so far.
  var pivotCount = 0
  /// How many arcs have been priced in search of negative ones.
  private(set) var pricedArcCount = 0
  /// The sum of the absolute shifts of potentials since they were last recomputed.
  var shiftsSinceRefresh = 0.0
  /// The number of pivots since the potentials were last recomputed.
  var pivotsSinceRefresh = 0

  /// A tree from its arcs.
  ///
  /// - Parameters:
  ///   - sources: the source of each of the n + m − 1 arcs.
  ///   - targets: the target of each arc, counted from 0.
  ///   - costs: the cost of each arc.
  ///   - supplies: for each source point the integer mass that leaves it, positive.
  ///   - demands: for each target point the integer mass that arrives.
  /// - Precondition: the arcs form a spanning tree.
  init(
    sources: [Int32], targets: [Int32], costs: [Double], supplies: [Int128], demands: [Int128]
  ) {
    let n = supplies.count
    let count = n + demands.count
    sourceCount = n
    nodeCount = count
    parent = .allocate(capacity: count)
    flow = .allocate(capacity: count)
    arcCost = .allocate(capacity: count)
    size = .allocate(capacity: count)
    tour = PotentialTour(nodeCount: count)
    build(sources: sources, targets: targets, costs: costs, supplies: supplies, demands: demands)
  }

  private mutating func build(
    sources: [Int32], targets: [Int32], costs: [Double], supplies: [Int128], demands: [Int128]
  ) {
    let order = layOut(sources: sources, targets: targets, costs: costs)
    precondition(order.count == nodeCount, "the arcs must form a spanning tree")
    sendFlows(in: order, supplies: supplies, demands: demands)
    refreshPotentials()
  }

  /// Makes it the tree of other arcs, with the flow on them that takes the same masses from the sources to the
  /// targets.
  ///
  /// - Precondition: the arcs form a spanning tree.
  mutating func replaceArcs(by arcs: TreeArcs) {
    var supplies = [Int128](repeating: 0, count: sourceCount)
    var demands = [Int128](repeating: 0, count: nodeCount - sourceCount)
    for node in 1..<nodeCount {
      let arc = arc(above: node)
      supplies[arc.source] += flow[node]
      demands[arc.target] += flow[node]
    }
    build(
      sources: arcs.sources, targets: arcs.targets, costs: arcs.costs, supplies: supplies,
      demands: demands)
  }

  /// Hangs all nodes below the root, depth first, and writes the Euler tour on the way down and on the way
  /// up.
  ///
  /// - Returns: the nodes in the order in which the tour first enters them.
  private mutating func layOut(sources: [Int32], targets: [Int32], costs: [Double]) -> [Int32] {
    let n = sourceCount
    let adjacency = Adjacency(
      sources: sources, targets: targets, sourceCount: n, nodeCount: nodeCount)
    var order: [Int32] = []
    order.reserveCapacity(nodeCount)
    var tourEntries: [Int32] = []
    tourEntries.reserveCapacity(2 * nodeCount)
    var cursor = adjacency.starts
    var nextSlot: Int32 = 0
    parent[0] = -1
    arcCost[0] = 0
    tour.entrance[0] = tour.rootEntrance
    tour.head[Int(tour.rootEntrance)] = 0
    tourEntries.append(tour.rootEntrance)
    order.append(0)
    var node = 0
    while true {
      if cursor[node] < adjacency.starts[node + 1] {
        let arc = Int(adjacency.arcs[Int(cursor[node])])
        cursor[node] += 1
        let child = node < n ? n + Int(targets[arc]) : Int(sources[arc])
        if child == parent[node] { continue }
        parent[child] = Int32(node)
        arcCost[child] = costs[arc]
        let entry = 2 * nextSlot
        nextSlot += 1
        tour.entrance[child] = entry
        tour.head[Int(entry)] = Int32(child)
        tour.head[Int(entry) + 1] = Int32(node)
        tourEntries.append(entry)
        order.append(Int32(child))
        node = child
      } else {
        guard parent[node] >= 0 else { break }
        tourEntries.append(tour.entrance[node] + 1)
        node = Int(parent[node])
      }
    }
    tour.assign(tour: tourEntries)
    return order
  }

  /// Sends what the points have and need along the arcs, from the leaves to the root, and counts the nodes
  /// below each.
  private mutating func sendFlows(in order: [Int32], supplies: [Int128], demands: [Int128]) {
    let n = sourceCount
    for node in 0..<nodeCount {
      flow[node] = node < n ? supplies[node] : -demands[node - n]
      size[node] = 1
    }
    for node in order.dropFirst().reversed() {
      let above = Int(parent[Int(node)])
      flow[above] += flow[Int(node)]
      size[above] += size[Int(node)]
    }
    for node in n..<nodeCount { flow[node] = -flow[node] }
    flow[0] = 0
  }

  deinit {
    parent.deallocate()
    flow.deallocate()
    arcCost.deallocate()
    size.deallocate()
  }

  /// Whether no arc carries a negative flow.
  var isPrimalFeasible: Bool {
    (1..<nodeCount).allSatisfy { flow[$0] >= 0 }
  }

  /// The potential of a node.
  @inline(__always)
  func potential(_ node: Int) -> Double { tour.potential(node) }

  /// The potentials of all nodes.
  func potentials() -> [Double] { (0..<nodeCount).map { potential($0) } }

  /// Calls `body` with every node, parents before children.
  func forEachNodeInOrder(_ body: (Int) -> Void) { tour.forEachNode(body) }

  /// Recomputes all potentials from the costs of the tree's arcs, each to one rounding.
  mutating func refreshPotentials() {
    let (parent, arcCost, n) = (parent, arcCost, sourceCount)
    let values = UnsafeMutablePointer<Double>.allocate(capacity: nodeCount)
    let low = UnsafeMutablePointer<Double>.allocate(capacity: nodeCount)
    defer {
      values.deallocate()
      low.deallocate()
    }
    tour.forEachNode { node in
      guard parent[node] >= 0 else {
        values[node] = 0
        low[node] = 0
        return
      }
      let above = Int(parent[node])
      let term = node < n ? arcCost[node] : -arcCost[node]
      // Knuth's exact addition; what is lost is carried along the path.
      let sum = values[above] + term
      let virtual = sum - values[above]
      let error = (values[above] - (sum - virtual)) + (term - virtual)
      let rest = low[above] + error
      values[node] = sum + rest
      low[node] = rest - (values[node] - sum)
    }
    tour.setPotentials { values[$0] }
    shiftsSinceRefresh = 0
    pivotsSinceRefresh = 0
  }

  /// Gives the tree's arcs other costs and recomputes the potentials.
  mutating func setCosts(_ cost: (_ source: Int, _ target: Int) -> Double) {
    for node in 1..<nodeCount {
      let arc = self.arc(above: node)
      arcCost[node] = cost(arc.source, arc.target)
    }
    refreshPotentials()
  }

  /// Counts arcs that were priced.
  mutating func notePricing(of arcs: Int) { pricedArcCount += arcs }

  /// The arc between a node and its parent, its target counted from 0.
  func arc(above node: Int) -> (source: Int, target: Int) {
    let above = Int(parent[node])
    return node < sourceCount ? (node, above - sourceCount) : (above, node - sourceCount)
  }
}
