/// A block of a spanning tree as a transport problem of its own, with the block as its basis.
struct TreeBlock {
  /// The basis, its points counted within the block.
  private var arcs: TreeArcs
  /// What the arcs of the block carry away from each source.
  private var supplies: [Int128]
  /// What they bring to each target.
  private var demands: [Int128]
  /// The nodes of the whole tree: the sources of the block and then its targets.
  private let members: ArraySlice<Int32>
  private let block: Int32
  private let blocks: TreeBlocks
  /// The number of sources of the whole tree.
  private let allSources: Int

  /// The number of nodes.
  var nodeCount: Int { members.count }

  /// A block of a tree, which must not change in the meantime.
  ///
  /// - Parameters:
  ///   - parent, flow, arcCost: those of the tree.
  init(
    _ block: Int, of blocks: TreeBlocks, sourceCount: Int, parent: UnsafePointer<Int32>,
    flow: UnsafePointer<Int128>, arcCost: UnsafePointer<Double>
  ) {
    self.block = Int32(block)
    self.blocks = blocks
    allSources = sourceCount
    members = blocks.members(of: block)
    let inside = members.count { Int($0) < sourceCount }
    supplies = Array(repeating: 0, count: inside)
    demands = Array(repeating: 0, count: members.count - inside)
    arcs = TreeArcs(capacity: members.count - 1)
    for node in members.lazy.map({ Int($0) }) where !blocks.isTop[node] {
      let above = Int(parent[node])
      let (source, target) = node < sourceCount ? (node, above) : (above, node)
      let (i, j) = (Int(blocks.places[source]), Int(blocks.places[target]) - inside)
      arcs.append(i, j, arcCost[node])
      supplies[i] += flow[node]
      demands[j] += flow[node]
    }
  }

  /// Pivots within the block.
  ///
  /// - Parameters:
  ///   - candidates: those of the whole tree; what leads out of the block plays no part.
  ///   - starts: see `CandidateArcs.starts(sourceCount:)`.
  ///   - limit: after about this many pivots it stops.
  /// - Returns: the arcs of the block after that, as points of the whole tree, and the number of pivots.
  /// - Throws: `SolverError.cancelled`.
  func improved(
    over candidates: CandidateArcs, starts: [Int32], limit: Int,
    phase: SolverStage.SimplexPhase
  ) throws(SolverError) -> (arcs: TreeArcs, pivots: Int) {
    var result = TreeArcs(capacity: arcs.count)
    guard arcs.count > 0 else { return (result, 0) }
    let inside = self.candidates(from: candidates, starts: starts)
    var tree = SpanningTree(
      sources: arcs.sources, targets: arcs.targets, costs: arcs.costs, supplies: supplies,
      demands: demands)
    try tree.optimize(over: inside, limit: limit, progress: nil, phase: phase)
    for node in 1..<tree.nodeCount {
      let arc = tree.arc(above: node)
      result.append(
        Int(members[members.startIndex + arc.source]),
        Int(members[members.startIndex + supplies.count + arc.target]) - allSources,
        tree.arcCost[node])
    }
    return (result, tree.pivotCount)
  }

  /// The candidates with both ends in the block, in its own numbers.
  private func candidates(from all: CandidateArcs, starts: [Int32]) -> CandidateArcs {
    func forEach(_ body: (_ source: Int, _ target: Int, _ arc: Int) -> Void) {
      for (i, source) in members.prefix(supplies.count).enumerated() {
        for arc in Int(starts[Int(source)])..<Int(starts[Int(source) + 1]) {
          let target = allSources + Int(all.targets[arc])
          guard blocks.blocks[target] == block else { continue }
          body(i, Int(blocks.places[target]) - supplies.count, arc)
        }
      }
    }
    var count = 0
    forEach { _, _, _ in count += 1 }
    var inside = CandidateArcs()
    inside.reserveCapacity(count)
    forEach { inside.append(Int32($0), Int32($1), all.costs[$2]) }
    return inside
  }
}
