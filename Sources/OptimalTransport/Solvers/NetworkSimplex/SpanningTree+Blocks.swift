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
  /// From so many nodes on a tree is cut again and again: a pivot of the whole tree then takes twenty times as long
  /// as one in a block.
  static let severalCutsTree = 400_000
  /// How large the blocks of each cut are, compared with those of the first: borders must lie elsewhere.
  private static let cutSizes = [1, 0.6, 1.5, 0.8, 1, 0.6]

  /// Pivots within the blocks of a large tree that has many arcs to improve it.
  ///
  /// - Parameters:
  ///   - arcs: the candidates.
  ///   - limit: after about this many pivots it stops.
  ///   - severalCuts: from so many nodes on the tree is cut more than once.
  /// - Throws: `SolverError.cancelled`; the tree is then as it was after the last cut.
  mutating func improveBlocks(
    over arcs: CandidateArcs, limit: Int, progress: ProgressHandler? = nil,
    phase: SolverStage.SimplexPhase, severalCutsFrom severalCuts: Int = Self.severalCutsTree
  ) throws(SolverError) {
    guard nodeCount >= Self.smallestCutTree else { return }
    let start = pivotCount
    for size in nodeCount < severalCuts ? [1] : Self.cutSizes {
      guard negativeArcs(of: arcs).count > nodeCount / 128, pivotCount - start < limit else {
        return
      }
      let before = pivotCount
      try improveBlocks(
        of: Int(size * Double(nodeCount / Self.blockCount)), over: arcs,
        limit: limit == .max ? .max : limit - (before - start), phase: phase)
      try progress.report(.pivoting(phase, pivots: pivotCount))
      guard pivotCount - before > nodeCount / 64 else { return }
    }
  }

  /// Pivots within the blocks of one cut, on all processors. The result does not depend on their number.
  ///
  /// - Parameter size: of the blocks.
  private mutating func improveBlocks(
    of size: Int, over arcs: CandidateArcs, limit: Int, phase: SolverStage.SimplexPhase
  ) throws(SolverError) {
    let blocks = TreeBlocks(of: self, size: max(Self.smallestBlock, size))
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
