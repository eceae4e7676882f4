import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// Large trees are improved in blocks before they are improved as a whole.
@Suite struct TreeBlocksTests {
  /// Two clouds in the order of their first coordinate, with arcs around those of the
  /// north-west rule.
  private struct Case: ~Copyable {
    let masses: PerturbedMasses
    let arcs: CandidateArcs
    var tree: SpanningTree

    init(count: Int) throws {
      var generator = SeededGenerator(seed: 8)
      func cloud() throws -> DiscreteMeasure {
        let places = (0..<count).map { _ in generator.uniform() }.sorted()
        return try DiscreteMeasure(
          axes: [places, places.map { _ in 0.01 * generator.uniform() }],
          masses: places.map { _ in 0.1 + generator.uniform() })
      }
      let (source, target) = (try cloud(), try cloud())
      let costs = try TransportProblem(from: source, to: target, exponent: 2).pairCosts
      masses = PerturbedMasses(source: source, target: target)
      let start = BasisArcs.northWest(supplies: masses.supplies, demands: masses.demands)
      tree = SpanningTree(
        sources: start.sources, targets: start.targets,
        costs: zip(start.sources, start.targets).map { costs.cost(Int($0), Int($1)) },
        supplies: masses.supplies, demands: masses.demands)
      var near = NewArcs()
      for (source, target) in zip(start.sources, start.targets) {
        let (i, j) = (Int(source), Int(target))
        for other in max(0, j - 5)...min(count - 1, j + 5) {
          near.append(i, other, costs.cost(i, other))
        }
      }
      arcs = CandidateArcs(near, sourceCount: count)
    }

    func violation() -> String? {
      tree.violation(supplies: masses.supplies, demands: masses.demands)
    }

    /// For each node its parent and the flow to it.
    func basis() -> [Int128] {
      (0..<tree.nodeCount).flatMap { [Int128(tree.parent[$0]), tree.flow[$0]] }
    }
  }

  @Test(arguments: [1, 7, 100, 5000])
  func blocksAreConnectedPartsOfTheTree(size: Int) throws {
    let problem = try Case(count: 1000)
    let (n, nodeCount) = (problem.tree.sourceCount, problem.tree.nodeCount)
    let blocks = TreeBlocks(of: problem.tree, size: size)
    var seen = [Bool](repeating: false, count: nodeCount)
    for block in 0..<blocks.count {
      let members = blocks.members(of: block)
      let tops = members.filter { blocks.isTop[Int($0)] }
      // From every other member the way up leads to a member, so that all of them hang together.
      try #require(tops.count == 1, "block \(block)")
      let isRootBlock = tops[0] == 0
      #expect(isRootBlock || members.count >= size)
      try #require(members.elementsEqual(members.sorted()))
      for (place, node) in members.enumerated() {
        let node = Int(node)
        try #require(!seen[node] && Int(blocks.places[node]) == place)
        seen[node] = true
        let above = Int(problem.tree.parent[node])
        try #require(Int(blocks.blocks[node]) == block)
        try #require(blocks.isTop[node] || Int(blocks.blocks[above]) == block)
        try #require(!blocks.isTop[node] || above < 0 || Int(blocks.blocks[above]) != block)
      }
    }
    #expect(!seen.contains(false))
    #expect(n == 1000 && (size < 5000 || blocks.count == 1))
  }

  /// Blocks become optimal with what flows between them, and nothing else changes.
  @Test func improvingBlocksKeepsABasis() throws {
    var problem = try Case(count: 20_000)
    let before = problem.tree.cost
    let n = problem.tree.sourceCount
    let size = max(SpanningTree.smallestBlock, problem.tree.nodeCount / 8)
    let blocks = TreeBlocks(of: problem.tree, size: size)
    let between = (1..<problem.tree.nodeCount).filter { blocks.isTop[$0] }.map {
      let arc = problem.tree.arc(above: $0)
      return (arc.source, arc.target, problem.tree.flow[$0])
    }
    #expect(between.count >= 3)
    try problem.tree.improveBlocks(over: problem.arcs, limit: .max, phase: .round(1))
    let violation = problem.violation()
    #expect(violation == nil)
    let (after, pivots) = (problem.tree.cost, problem.tree.pivotCount)
    #expect(after < 0.9 * before && pivots > 10_000, "\(before) → \(after), \(pivots) pivots")
    for (source, target, flow) in between {
      let isBelow = Int(problem.tree.parent[source]) == n + target
      let node = isBelow ? source : n + target
      let arc = problem.tree.arc(above: node)
      let carried = problem.tree.flow[node]
      #expect(arc.source == source && arc.target == target && carried == flow)
    }
    for arc in 0..<problem.arcs.count {
      let (i, j) = (Int(problem.arcs.sources[arc]), n + Int(problem.arcs.targets[arc]))
      guard blocks.blocks[i] == blocks.blocks[j] else { continue }
      let reduced = problem.arcs.costs[arc] - problem.tree.potential(i) + problem.tree.potential(j)
      try #require(reduced > -1e-13, "arc \(arc)")
    }
  }

  /// Further cuts elsewhere leave less to the pivots of the whole tree, here that of a plan whose targets then move.
  @Test func severalCutsLeaveLess() throws {
    var generator = SeededGenerator(seed: 6)
    let axes = (0..<4).map { _ in (0..<50_000).map { _ in generator.uniform() } }
    let source = try DiscreteMeasure(axes: [axes[0], axes[1]])
    let before = try NetworkSimplex(tolerance: 0.05).solve(
      TransportProblem(from: source, to: DiscreteMeasure(axes: [axes[2], axes[3]]), exponent: 2))
    let moved = (2..<4).map { axis in axes[axis].map { $0 + 0.01 * generator.uniform() } }
    let problem = try TransportProblem(
      from: source, to: DiscreteMeasure(axes: moved), exponent: 2)
    let masses = PerturbedMasses(source: problem.source, target: problem.target)
    let run = try SimplexRun.multilevel(
      problem, #require(problem.pairCosts.geometry), masses, solver: NetworkSimplex())
    let search = run.makeSearch()
    let basis = try #require(before.basis)
    let arcs = try search.candidates(NodePotentials(run.tree(from: basis, search)), perPoint: 5)
    var left: [Int] = []
    for severalCuts in [Int.max, 0] {
      var tree = run.tree(from: basis, search)
      try tree.improveBlocks(
        over: arcs, limit: .max, phase: .round(1), severalCutsFrom: severalCuts)
      let violation = tree.violation(supplies: run.supplies, demands: run.demands)
      #expect(violation == nil)
      let done = tree.pivotCount
      try tree.optimize(over: arcs, progress: nil, phase: .round(1))
      left.append(tree.pivotCount - done)
    }
    #expect(left[1] < left[0] * 9 / 10, "pivots \(left)")
  }

  @Test func resultsDoNotDependOnTheNumberOfThreads() throws {
    let bases = try [1, 2, 5].map { threads in
      var problem = try Case(count: 20_000)
      _ = try ThreadLimit.with(threads) { () throws(SolverError) in
        try problem.tree.optimize(over: problem.arcs, progress: nil, phase: .round(1))
      }
      return problem.basis()
    }
    #expect(bases[0] == bases[1] && bases[0] == bases[2])
  }

  /// Where a bracket is looked at now and then, blocks stop in time.
  @Test func aLimitHoldsForAllBlocksTogether() throws {
    var problem = try Case(count: 20_000)
    let isDone = try problem.tree.optimize(
      over: problem.arcs, limit: 3_000, progress: nil, phase: .round(1))
    let pivots = problem.tree.pivotCount
    #expect(!isDone && (3_000..<6_000).contains(pivots), "\(pivots) pivots")
    let violation = problem.violation()
    #expect(violation == nil)
  }

  /// The watch of the calling thread stops pivots on all of them, and the tree stays as it was.
  @Test func aWatchStopsBlocks() throws {
    var problem = try Case(count: 20_000)
    let before = problem.basis()
    let questions = Mutex(0)
    #expect(throws: SolverError.self) {
      try SolverWatch.watching(
        { _ in
          questions.withLock {
            $0 += 1; return $0 < 3
          }
        }, fallback: { nil }
      ) { _ throws(SolverError) in
        try problem.tree.improveBlocks(over: problem.arcs, limit: .max, phase: .round(1))
      }
    }
    let after = problem.basis()
    #expect(before == after && questions.withLock { $0 } >= 3)
  }

  /// A cloud and its shifted copy: the shift is the distance.
  @Test(arguments: [1.0, 2.0])
  func largeProblemsHaveTheirExactCost(exponent: Double) throws {
    var generator = SeededGenerator(seed: 9)
    let count = 17_000
    let axes = (0..<2).map { _ in (0..<count).map { _ in generator.uniform() } }
    let masses = (0..<count).map { _ in 0.1 + generator.uniform() }
    let problem = try TransportProblem(
      from: DiscreteMeasure(axes: axes, masses: masses),
      to: DiscreteMeasure(axes: [axes[0].map { $0 + 0.25 }, axes[1]], masses: masses),
      exponent: exponent)
    let solution = try NetworkSimplex().solve(problem)
    let bounds = solution.distanceBounds
    #expect(bounds.lower <= 0.25 * (1 + 1e-13) && bounds.upper >= 0.25 * (1 - 1e-13))
    #expect(bounds.relativeWidth < 1e-12)
  }
}
