/// Arcs on the way to a spanning tree: a forest that grows, and is completed at the end.
package struct BasisArcs {
  /// The source of each arc.
  package private(set) var sources: [Int32] = []
  /// The target of each arc, counted from 0.
  package private(set) var targets: [Int32] = []

  private let sourceCount: Int
  private var components: DisjointSets

  /// No arcs yet.
  package init(sourceCount: Int, targetCount: Int) {
    self.sourceCount = sourceCount
    components = DisjointSets(count: sourceCount + targetCount)
    sources.reserveCapacity(sourceCount + targetCount)
    targets.reserveCapacity(sourceCount + targetCount)
  }

  /// Adds an arc unless it would close a cycle; returns whether it was added.
  @discardableResult
  package mutating func insert(_ source: Int, _ target: Int) -> Bool {
    guard components.join(source, sourceCount + target) else { return false }
    sources.append(Int32(source))
    targets.append(Int32(target))
    return true
  }

  /// Whether the arcs form a spanning tree.
  var isSpanning: Bool { components.count == 1 }

  /// Joins what is not connected yet by arcs that will carry no flow, each from a node to the node
  /// of the other side at about the same place in the order.
  package mutating func complete() {
    let targetCount = components.elementCount - sourceCount
    for source in 0..<sourceCount where components.count > 1 {
      insert(source, min(source * targetCount / sourceCount, targetCount - 1))
    }
    for target in 0..<targetCount where components.count > 1 {
      insert(min(target * sourceCount / targetCount, sourceCount - 1), target)
    }
    // Any two components that are left are joined by an arc at the first source or target.
    for target in 0..<targetCount where components.count > 1 { insert(0, target) }
    for source in 0..<sourceCount where components.count > 1 { insert(source, 0) }
  }

  /// The flows that arcs which form a spanning tree carry.
  ///
  /// - Parameters:
  ///   - supplies: the integer mass of each source, as `IntegerMasses` has it.
  ///   - demands: that of each target, with the same sum.
  /// - Returns: the arcs and the mass on each of them, negative where the basis is not feasible.
  /// - Complexity: O(n + m).
  package func flows(
    supplies: [Int128], demands: [Int128]
  ) -> (basis: SpanningBasis, flows: [Double]) {
    let tree = SpanningTree(
      sources: sources, targets: targets, costs: Array(repeating: 0, count: sources.count),
      supplies: supplies, demands: demands)
    var (sources, targets, flows) = ([Int32](), [Int32](), [Double]())
    for node in 1..<tree.nodeCount {
      let arc = tree.arc(above: node)
      sources.append(Int32(arc.source))
      targets.append(Int32(arc.target))
      flows.append(IntegerMasses.mass(tree.flow[node]))
    }
    return (SpanningBasis(sources: sources, targets: targets), flows)
  }

  /// The north-west rule: the points of both sides in order, each arc carrying as much as it can.
  static func northWest(supplies: [Int128], demands: [Int128]) -> BasisArcs {
    var arcs = BasisArcs(sourceCount: supplies.count, targetCount: demands.count)
    NorthWestRule.forEachPair(
      supplies.count, demands.count, supply: { supplies[$0] }, demand: { demands[$0] }
    ) { i, j, _ in arcs.insert(i, j) }
    arcs.complete()
    return arcs
  }
}

/// A partition that is coarsened by joining parts.
struct DisjointSets {
  private var parent: [Int32]
  /// The number of parts.
  private(set) var count: Int

  /// The number of elements.
  var elementCount: Int { parent.count }

  /// Every element a part of its own.
  init(count: Int) {
    parent = (0..<Int32(count)).map { $0 }
    self.count = count
  }

  private mutating func root(_ element: Int) -> Int {
    var node = element
    while Int(parent[node]) != node {
      parent[node] = parent[Int(parent[node])]
      node = Int(parent[node])
    }
    return node
  }

  /// Joins the parts of two elements; returns whether they were different.
  mutating func join(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (root(a), root(b))
    guard x != y else { return false }
    parent[max(x, y)] = Int32(min(x, y))
    count -= 1
    return true
  }
}
