/// Pivots in parts of the tree at the same time.
///
/// A pivot takes longer the larger the tree is, and pivots of one tree follow each other. Most of them are
/// local, though: of the candidate arcs more than nine in ten begin and end in the same one of eight blocks.
/// So a large tree first improves its blocks, each as a tree of its own that does the same with its blocks;
/// what is left for the tree itself are the pivots across their borders.
extension SpanningTree {
  /// No block but that of the root is smaller.
  static let smallestBlock = 8192
  /// Smaller trees are not cut.
  static let smallestCutTree = 4 * smallestBlock
  /// Into about how many blocks a tree is cut.
  private static let blockCount = 8

  /// Pivots within the blocks of the tree, on all processors. The result does not depend on their number.
  ///
  /// - Parameters:
  ///   - arcs: the candidates.
  ///   - limit: after about this many pivots it stops.
  /// - Throws: `SolverError.cancelled`; the tree is then as it was.
  mutating func improveBlocks(
    over arcs: CandidateArcs, limit: Int, phase: SolverStage.SimplexPhase
  ) throws(SolverError) {
    let blocks = TreeBlocks(of: self, size: max(Self.smallestBlock, nodeCount / Self.blockCount))
    let (sourceCount, nodeCount) = (sourceCount, nodeCount)
    nonisolated(unsafe) let (parent, flow, arcCost) = (parent, flow, arcCost)
    let starts = arcs.starts(sourceCount: sourceCount)
    let watch = SolverWatch.current
    let improved = Parallel.results(count: blocks.count) { index throws(SolverError) in
      let block = TreeBlock(
        index, of: blocks, sourceCount: sourceCount, parent: parent, flow: flow, arcCost: arcCost)
      let share = Double(block.nodeCount) / Double(nodeCount)
      return try SolverWatch.under(watch) { () throws(SolverError) in
        try block.improved(
          over: arcs, starts: starts, limit: limit == .max ? .max : Int(share * Double(limit)),
          phase: phase)
      }
    }
    var all = TreeArcs(capacity: nodeCount - 1)
    for node in 1..<nodeCount where blocks.isTop[node] {
      let arc = arc(above: node)
      all.append(arc.source, arc.target, arcCost[node])
    }
    var pivots = 0
    for result in improved {
      let block = try result.get()
      all.append(block.arcs)
      pivots += block.pivots
    }
    replaceArcs(by: all)
    pivotCount += pivots
  }
}
