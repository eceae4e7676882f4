import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct SpanningTreeTests {
  /// After every pivot all arcs of the tree must be tight and all flows conserved and nonnegative.
  @Test(arguments: [(3, 4), (40, 60), (400, 300), (2, 900)])
  func staysABasisUnderRandomPivots(sizes: (Int, Int)) throws {
    let (n, m) = sizes
    var generator = SeededGenerator(seed: 3)
    let source = try generator.measure(count: n, dimension: 2, masses: .random)
    let target = try generator.measure(count: m, dimension: 2, masses: .random)
    let costs = try TransportProblem(from: source, to: target, exponent: 1).pairCosts
    let masses = PerturbedMasses(source: source, target: target)
    let start = BasisArcs.northWest(supplies: masses.supplies, demands: masses.demands)
    var tree = SpanningTree(
      sources: start.sources, targets: start.targets,
      costs: zip(start.sources, start.targets).map { costs.cost(Int($0), Int($1)) },
      supplies: masses.supplies, demands: masses.demands)
    let pivots = 3000
    var done = 0
    for _ in 0..<20 * pivots where done < pivots {
      let (i, j) = (Int(generator.next() % UInt64(n)), Int(generator.next() % UInt64(m)))
      let cost = costs.cost(i, j)
      let reduced = cost - tree.potential(i) + tree.potential(n + j)
      let isInTree = tree.parent[i] == n + j || tree.parent[n + j] == i
      guard !isInTree else { continue }
      tree.pivot(source: i, target: n + j, cost: cost, reducedCost: reduced)
      done += 1
      guard done % 10 == 0 else { continue }
      try checkBasis(tree, costs, masses, "\(sizes), pivot \(done)")
    }
    #expect(done > 0 || n * m < 20)
  }

  private func checkBasis(
    _ tree: borrowing SpanningTree, _ costs: PairCosts, _ masses: PerturbedMasses, _ what: String
  ) throws {
    var balance = masses.supplies + masses.demands.map { -$0 }
    var worst = 0.0
    var isFeasible = true
    for node in 1..<tree.nodeCount {
      let arc = tree.arc(above: node)
      let gap =
        tree.potential(arc.source) - tree.potential(tree.sourceCount + arc.target)
        - costs.cost(arc.source, arc.target)
      worst = max(worst, abs(gap))
      isFeasible = isFeasible && tree.flow[node] >= 0
      balance[arc.source] -= tree.flow[node]
      balance[tree.sourceCount + arc.target] += tree.flow[node]
    }
    try #require(worst < 1e-9, "\(what): an arc is not tight by \(worst)")
    try #require(isFeasible, "\(what): a flow is negative")
    try #require(balance.allSatisfy { $0 == 0 }, "\(what): flow is lost")
    var visited = 0
    tree.forEachNodeInOrder { _ in visited += 1 }
    try #require(visited == tree.nodeCount, "\(what): the tour has \(visited) nodes")
  }
}
