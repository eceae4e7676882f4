import TestSupport
import Testing

@testable import OptimalTransport

/// The invariants of tree and tour, after each pivot, and what breaks them.
@Suite struct SpanningTreeInvariantTests {
  /// A random problem with its first tree. Equal masses make most pivots degenerate.
  private struct Case: ~Copyable {
    let costs: PairCosts
    let supplies: [Int128]
    let demands: [Int128]
    var tree: SpanningTree

    init(_ n: Int, _ m: Int, seed: UInt64, equalMasses: Bool = false) throws {
      var generator = SeededGenerator(seed: seed)
      let source = try generator.measure(count: n, dimension: 2, masses: .random)
      let target = try generator.measure(count: m, dimension: 2, masses: .random)
      costs = try TransportProblem(from: source, to: target, exponent: 1).pairCosts
      let masses = PerturbedMasses(source: source, target: target)
      supplies = equalMasses ? Array(repeating: Int128(m), count: n) : masses.supplies
      demands = equalMasses ? Array(repeating: Int128(n), count: m) : masses.demands
      let start = BasisArcs.northWest(supplies: supplies, demands: demands)
      let (costs, pairs) = (self.costs, zip(start.sources, start.targets))
      tree = SpanningTree(
        sources: start.sources, targets: start.targets,
        costs: pairs.map { costs.cost(Int($0), Int($1)) }, supplies: supplies, demands: demands)
    }

    /// Brings a random arc into the basis; returns whether it was outside.
    mutating func pivot(_ generator: inout SeededGenerator) -> Bool {
      let n = tree.sourceCount
      let i = Int(generator.next() % UInt64(n))
      let j = n + Int(generator.next() % UInt64(tree.nodeCount - n))
      guard tree.parent[i] != j, tree.parent[j] != i else { return false }
      let cost = costs.cost(i, j - n)
      tree.pivot(
        source: i, target: j, cost: cost,
        reducedCost: cost - tree.potential(i) + tree.potential(j))
      return true
    }

    func violation() -> String? { tree.violation(supplies: supplies, demands: demands) }

    /// What is found after a change, which is then taken back.
    func violation(
      _ change: (borrowing SpanningTree) -> Void, undo: (borrowing SpanningTree) -> Void
    ) -> String? {
      change(tree)
      defer { undo(tree) }
      return violation()
    }
  }

  /// Small trees move in one chunk of the tour, large ones are cut and joined over many.
  @Test(arguments: [(2, 2), (3, 4), (40, 60), (700, 500), (2, 900)])
  func holdAfterEachPivot(sizes: (Int, Int)) throws {
    var generator = SeededGenerator(seed: 4)
    var problem = try Case(sizes.0, sizes.1, seed: 3)
    for pivot in 0..<2000 where problem.pivot(&generator) {
      let violation = problem.violation()
      try #require(violation == nil, "\(sizes), pivot \(pivot)")
    }
    let isStronglyFeasible = problem.tree.isStronglyFeasible
    #expect(isStronglyFeasible)
  }

  /// Ties are broken so that arcs without flow always lead upwards.
  @Test(arguments: [(8, 8), (30, 30), (12, 18)])
  func holdAfterDegeneratePivots(sizes: (Int, Int)) throws {
    var generator = SeededGenerator(seed: 7)
    var problem = try Case(sizes.0, sizes.1, seed: 5, equalMasses: true)
    let startsWell = problem.tree.isStronglyFeasible
    try #require(startsWell)
    for pivot in 0..<2000 where problem.pivot(&generator) {
      let violation = problem.violation()
      let isStronglyFeasible = problem.tree.isStronglyFeasible
      try #require(violation == nil && isStronglyFeasible, "\(sizes), pivot \(pivot)")
    }
  }

  @Test func seeABrokenTree() throws {
    var generator = SeededGenerator(seed: 4)
    var problem = try Case(40, 60, seed: 3)
    for _ in 0..<200 { _ = problem.pivot(&generator) }
    var found: [String?] = [problem.violation()]
    found.append(
      problem.violation {
        $0.flow[7] += 1
      } undo: {
        $0.flow[7] -= 1
      })
    let cost = problem.tree.arcCost[9]
    found.append(
      problem.violation {
        $0.arcCost[9] += 0.01
      } undo: {
        $0.arcCost[9] = cost
      })
    let parent = problem.tree.parent[11]
    let other = Int32((Int(parent) + 1 - 40) % 60 + 40)
    found.append(
      problem.violation {
        $0.parent[11] = other
      } undo: {
        $0.parent[11] = parent
      })
    found.append(
      problem.violation {
        $0.tour.swapEntrances(5, 6)
      } undo: {
        $0.tour.swapEntrances(5, 6)
      })
    found.append(problem.violation())
    #expect(found.map { $0 == nil } == [true, false, false, false, false, true], "\(found)")
  }
}

extension PotentialTour {
  fileprivate func swapEntrances(_ first: Int, _ second: Int) {
    (entrance[first], entrance[second]) = (entrance[second], entrance[first])
  }
}
