extension SpanningTree {
  /// A reduced cost counts as negative when it is below −tolerance · (cost + |f| + |g|): a few
  /// roundings of what it is computed from. Potentials that were shifted since they were last
  /// recomputed carry the rounding errors of the shifts too.
  static let tolerance = 8 * Double.ulpOfOne

  /// Pivots until no arc of a list has a negative reduced cost.
  ///
  /// A pivot moves the potentials of many nodes by far more than the cost still falls: thousands of
  /// arcs become negative at once, and a few pivots cure them all. So the arcs that were found
  /// negative are kept in a *hot list*, a fraction of the list they come from, and the list is
  /// searched again only when nothing in its hot list is negative any more; a hot list that is itself
  /// long has a hot list of its own. This ends when the search of the whole list, with potentials
  /// recomputed from the tree, finds nothing.
  ///
  /// - Parameter limit: after about this many pivots it stops.
  /// - Returns: whether it ended because nothing was left to do.
  /// - Throws: `SolverError.cancelled`.
  @discardableResult
  mutating func optimize(
    over arcs: CandidateArcs, limit: Int = .max, progress: ProgressHandler?,
    phase: SolverStage.SimplexPhase
  ) throws(SolverError) -> Bool {
    var pass = PivotingPass(
      tolerance: Self.tolerance, end: limit == .max ? .max : pivotCount + limit,
      progress: progress, phase: phase, nextReport: pivotCount + PivotingPass.reportInterval)
    try improveBlocks(over: arcs, limit: limit, progress: progress, phase: phase)
    var refreshes = 0
    while true {
      try clear(arcs, &pass)
      let isStopped = pivotCount >= pass.end
      guard isStopped || shiftsSinceRefresh > 0 else { return true }
      refreshPotentials()
      if isStopped { return false }
      // Should rounding errors make pivots go on for ever, the tolerance grows until they end; the
      // certificate shows what that costs.
      refreshes += 1
      if refreshes > 8 { pass.tolerance *= 2 }
    }
  }

  /// What the searches of one call of `optimize` have in common.
  private struct PivotingPass {
    /// See `SpanningTree.tolerance`.
    var tolerance: Double
    /// The number of pivots at which it stops.
    let end: Int
    let progress: ProgressHandler?
    let phase: SolverStage.SimplexPhase
    var nextReport: Int

    /// The number of pivots from one report to the next.
    static let reportInterval = 20_000
    /// A hot list has at most one in so many of the arcs of its list.
    static let thinning = 8
    /// Lists of at most this size need no hot list.
    static let shortList = 200
    /// A list of more than so many arcs for each node of a large tree is searched part by part: a search of
    /// all of it would take longer than the pivots that it leads to.
    static let longList = 14
    /// Into how many parts a long list is cut.
    static let partCount = 4
  }

  /// Pivots until no arc of a list has a negative reduced cost under the potentials as they are: a search
  /// of all its parts that finds none has seen all of them under the same potentials.
  private mutating func clear(
    _ list: CandidateArcs, _ pass: inout PivotingPass
  ) throws(SolverError) {
    var hot = CandidateArcs()
    let isLong = nodeCount >= Self.smallestCutTree && list.count > PivotingPass.longList * nodeCount
    let parts = isLong ? PivotingPass.partCount : 1
    var cleanParts = 0
    var part = 0
    while pivotCount < pass.end {
      let negative = negativeArcs(of: list, ListPart(part, of: parts), tolerance: pass.tolerance)
      part = (part + 1) % parts
      if negative.count == 0 {
        cleanParts += 1
        guard cleanParts < parts else { return }
        continue
      }
      cleanParts = 0
      try pivot(over: negative, from: list, &hot, &pass)
      if pivotCount >= pass.nextReport {
        pass.nextReport = pivotCount + PivotingPass.reportInterval
        try pass.progress.report(.pivoting(pass.phase, pivots: pivotCount))
      }
    }
  }

  /// Pivots over arcs of a list that were found negative, with those that were found before.
  private mutating func pivot(
    over negative: CandidateArcs, from list: CandidateArcs, _ hot: inout CandidateArcs,
    _ pass: inout PivotingPass
  ) throws(SolverError) {
    let hotLimit = list.count / PivotingPass.thinning
    guard list.count > PivotingPass.shortList, negative.count <= hotLimit else {
      return try pivotThroughWindows(of: negative, pass)
    }
    if hot.count + negative.count > hotLimit {
      hot = negative
    } else {
      hot.formUnion(negative)
    }
    try clear(hot, &pass)
  }

  /// By how much rounding errors of shifts may have changed a reduced cost.
  private var shiftFloor: Double { 4 * Double.ulpOfOne * shiftsSinceRefresh }

  /// The arcs of a part of a list that have a negative reduced cost.
  mutating func negativeArcs(
    of list: CandidateArcs, _ part: ListPart = .all, tolerance: Double = Self.tolerance
  ) -> CandidateArcs {
    notePricing(of: list.count / part.count)
    let floor = shiftFloor
    if list.count > nodeCount {
      let potentials = potentials()
      return potentials.withUnsafeBufferPointer { buffer in
        nonisolated(unsafe) let potentials = buffer
        return list.selecting(
          part, sourceCount: sourceCount, tolerance: tolerance, floor: floor
        ) { potentials[$0] }
      }
    }
    nonisolated(unsafe) let (own, chunks, offsets) = (tour.own, tour.nodeChunk, tour.offset)
    return list.selecting(part, sourceCount: sourceCount, tolerance: tolerance, floor: floor) {
      own[$0] + offsets[Int(chunks[$0])]
    }
  }

  /// One pass over a list in short windows: the most negative arc of a window enters, with potentials
  /// as they change, and the same window is searched again as long as it gives one.
  private mutating func pivotThroughWindows(
    of arcs: CandidateArcs, _ pass: PivotingPass
  ) throws(SolverError) {
    let window = max(16, Int(Double(arcs.count).squareRoot() / 4))
    var pivotsAtCheck = pivotCount
    for start in stride(from: 0, to: arcs.count, by: window) where pivotCount < pass.end {
      let range = start..<min(arcs.count, start + window)
      if pivotCount - pivotsAtCheck >= 256 {
        pivotsAtCheck = pivotCount
        try SolverWatch.check()
      }
      // A window is left in any case, should rounding errors bring the same arcs up for ever.
      for _ in 0..<4 * window {
        if 8 * pivotsSinceRefresh > nodeCount { refreshPotentials() }
        let best = bestArc(of: arcs, range, tolerance: pass.tolerance)
        guard best.arc >= 0 else { break }
        pivot(
          source: Int(arcs.sources[best.arc]), target: sourceCount + Int(arcs.targets[best.arc]),
          cost: arcs.costs[best.arc], reducedCost: best.reducedCost)
      }
    }
  }

  @inline(__always)
  private func bestArc(
    of arcs: CandidateArcs, _ range: Range<Int>, tolerance: Double
  ) -> (arc: Int, reducedCost: Double) {
    let n = sourceCount
    let floor = shiftFloor
    return arcs.sources.withUnsafeBufferPointer { sources in
      arcs.targets.withUnsafeBufferPointer { targets in
        arcs.costs.withUnsafeBufferPointer { costs in
          var best = (arc: -1, reducedCost: 0.0)
          var source: Int32 = -1
          var potentialOfSource = 0.0
          for arc in range {
            if sources[arc] != source {
              source = sources[arc]
              potentialOfSource = potential(Int(source))
            }
            let potentialOfTarget = potential(n + Int(targets[arc]))
            let reduced = costs[arc] - potentialOfSource + potentialOfTarget
            if reduced < best.reducedCost {
              let size = costs[arc] + abs(potentialOfSource) + abs(potentialOfTarget)
              if reduced < -tolerance * size - floor { best = (arc, reduced) }
            }
          }
          return best
        }
      }
    }
  }
}

/// Every so many of the pieces of a list, from a first one on.
struct ListPart {
  let first: Int
  /// The number of parts that make the list.
  let count: Int

  static let all = ListPart(0, of: 1)
  /// The number of arcs in a piece.
  static let pieceSize = 1 << 14

  init(_ first: Int, of count: Int) {
    self.first = first
    self.count = count
  }

  /// The pieces of this part.
  func places(in pieceCount: Int) -> [Int] { Array(stride(from: first, to: pieceCount, by: count)) }
}

extension CandidateArcs {
  /// The arcs of a part whose reduced cost cost − potential(source) + potential(target) is negative.
  ///
  /// - Complexity: O(arcs), on all processors.
  @inline(__always)
  fileprivate func selecting(
    _ part: ListPart, sourceCount: Int, tolerance: Double, floor: Double,
    potential: @Sendable (Int) -> Double
  ) -> CandidateArcs {
    let size = ListPart.pieceSize
    guard count > size else {
      return selecting(
        0..<count, sourceCount: sourceCount, tolerance: tolerance, floor: floor,
        potential: potential)
    }
    let pieces = part.places(in: (count + size - 1) / size)
    let found = Parallel.map(count: pieces.count, costPerItem: 4 * Double(size)) { place in
      let start = pieces[place] * size
      return selecting(
        start..<Swift.min(count, start + size), sourceCount: sourceCount, tolerance: tolerance,
        floor: floor, potential: potential)
    }
    guard var all = found.first else { return CandidateArcs() }
    for piece in found.dropFirst() { all.append(piece) }
    return all
  }

  /// Those of a range of the arcs whose reduced cost is negative.
  @inline(__always)
  fileprivate func selecting(
    _ range: Range<Int>, sourceCount: Int, tolerance: Double, floor: Double,
    potential: (Int) -> Double
  ) -> CandidateArcs {
    var result = CandidateArcs()
    sources.withUnsafeBufferPointer { sources in
      targets.withUnsafeBufferPointer { targets in
        costs.withUnsafeBufferPointer { costs in
          for arc in range {
            let first = potential(Int(sources[arc]))
            let second = potential(sourceCount + Int(targets[arc]))
            let reduced = costs[arc] - first + second
            if reduced < 0,
              reduced < -tolerance * (costs[arc] + abs(first) + abs(second)) - floor
            {
              result.append(sources[arc], targets[arc], costs[arc])
            }
          }
        }
      }
    }
    return result
  }
}
