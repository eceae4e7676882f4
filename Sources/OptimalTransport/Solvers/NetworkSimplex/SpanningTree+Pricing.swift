extension SpanningTree {
  /// A reduced cost counts as negative when it is below −tolerance · (cost + |f| + |g|): a few
  /// roundings of what it is computed from. Potentials that were shifted since they were last
  /// recomputed carry the rounding errors of the shifts too.
  static let tolerance = 8 * Double.ulpOfOne

  /// Pivots until no arc of a list has a negative reduced cost.
  ///
  /// All arcs of the list are priced at once with a copy of the potentials; those with a negative
  /// reduced cost are then searched in short windows, with the potentials as they change. The most
  /// negative arc of a window enters, and the same window is searched again as long as it gives
  /// one. This repeats until the pricing of all arcs, with potentials recomputed from the tree,
  /// finds nothing.
  ///
  /// - Parameter limit: after about this many pivots it stops.
  /// - Returns: whether it ended because nothing was left to do.
  /// - Throws: `SolverError.cancelled`.
  @discardableResult
  mutating func optimize(
    over arcs: borrowing CandidateArcs, limit: Int = .max, progress: ProgressHandler?,
    stage: String
  ) throws(SolverError) -> Bool {
    let start = pivotCount
    // Should rounding errors make pivots go on for ever, the tolerance grows until they end; the
    // certificate shows what that costs.
    var tolerance = Self.tolerance
    var freshRounds = 0
    var nextReport = pivotCount + 20_000
    while true {
      let violating = arcs.selecting(
        negativeUnder: potentials(), sourceCount: sourceCount, tolerance: tolerance,
        floor: shiftFloor)
      let before = pivotCount
      pivotThroughWindows(of: violating, tolerance: tolerance)
      if pivotCount >= nextReport {
        nextReport = pivotCount + 20_000
        try progress.report("\(stage), \(pivotCount) pivots")
      }
      if pivotCount == before {
        guard shiftsSinceRefresh > 0 else { return true }
        refreshPotentials()
        freshRounds += 1
        if freshRounds > 8 { tolerance *= 2 }
      }
      if pivotCount - start >= limit {
        refreshPotentials()
        return false
      }
    }
  }

  /// By how much rounding errors of shifts may have changed a reduced cost.
  private var shiftFloor: Double { 4 * Double.ulpOfOne * shiftsSinceRefresh }

  /// One pass over a list.
  private mutating func pivotThroughWindows(
    of arcs: borrowing CandidateArcs, tolerance: Double
  ) {
    let window = max(16, Int(Double(arcs.count).squareRoot() / 4))
    var pivotsAtRefresh = pivotCount
    for start in stride(from: 0, to: arcs.count, by: window) {
      let range = start..<min(arcs.count, start + window)
      // A window is left in any case, should rounding errors bring the same arcs up for ever.
      for _ in 0..<4 * window {
        if pivotCount - pivotsAtRefresh > nodeCount {
          refreshPotentials()
          pivotsAtRefresh = pivotCount
        }
        let best = bestArc(of: arcs, range, tolerance: tolerance)
        guard best.arc >= 0 else { break }
        pivot(
          source: Int(arcs.sources[best.arc]), target: sourceCount + Int(arcs.targets[best.arc]),
          cost: arcs.costs[best.arc], reducedCost: best.reducedCost)
      }
    }
  }

  @inline(__always)
  private func bestArc(
    of arcs: borrowing CandidateArcs, _ range: Range<Int>, tolerance: Double
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

extension CandidateArcs {
  /// The arcs whose reduced cost cost − potential(source) + potential(target) is negative.
  ///
  /// - Complexity: O(arcs), on all processors.
  func selecting(
    negativeUnder potentials: [Double], sourceCount: Int, tolerance: Double, floor: Double
  ) -> CandidateArcs {
    let chunk = 1 << 15
    let pieces = (count + chunk - 1) / chunk
    let found = Parallel.map(count: pieces, costPerItem: 60_000) { piece in
      var found: [Int32] = []
      potentials.withUnsafeBufferPointer { potentials in
        sources.withUnsafeBufferPointer { sources in
          targets.withUnsafeBufferPointer { targets in
            costs.withUnsafeBufferPointer { costs in
              for arc in piece * chunk..<Swift.min(count, (piece + 1) * chunk) {
                let first = potentials[Int(sources[arc])]
                let second = potentials[sourceCount + Int(targets[arc])]
                let reduced = costs[arc] - first + second
                if reduced < 0,
                  reduced < -tolerance * (costs[arc] + abs(first) + abs(second)) - floor
                {
                  found.append(Int32(arc))
                }
              }
            }
          }
        }
      }
      return found
    }
    return CandidateArcs(found.joined().map { Int($0) }, of: self)
  }
}
