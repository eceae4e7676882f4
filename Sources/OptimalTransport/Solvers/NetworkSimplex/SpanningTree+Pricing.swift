extension SpanningTree {
  /// A reduced cost counts as negative when it is below −tolerance · (cost + |f| + |g|): a few
  /// roundings of what it is computed from. Potentials that were shifted since they were last
  /// recomputed carry the rounding errors of the shifts too.
  static let tolerance = 8 * Double.ulpOfOne

  /// Pivots until no arc of a list has a negative reduced cost.
  ///
  /// The list is searched in short windows; the most negative arc of a window enters, and the same
  /// window is searched again as long as it gives one. The potentials are then recomputed from the
  /// tree and the search repeated, until a whole pass finds nothing.
  ///
  /// - Throws: `SolverError.cancelled`.
  mutating func optimize(
    over arcs: borrowing CandidateArcs, progress: ProgressHandler?, stage: String
  ) throws(SolverError) {
    // Should rounding errors make passes go on for ever, the tolerance grows until they end; the
    // certificate shows what that costs.
    var tolerance = Self.tolerance
    var pass = 0
    while true {
      let pivots = pivotCount
      try pivotThroughWindows(of: arcs, tolerance: tolerance, progress: progress, stage: stage)
      guard pivotCount > pivots else { return }
      refreshPotentials()
      pass += 1
      if pass > 8 { tolerance *= 2 }
    }
  }

  private mutating func pivotThroughWindows(
    of arcs: borrowing CandidateArcs, tolerance: Double, progress: ProgressHandler?, stage: String
  ) throws(SolverError) {
    let count = arcs.count
    guard count > 0 else { return }
    let window = min(count, max(32, Int(Double(count).squareRoot() / 4)))
    var position = 0
    var scannedSinceLastPivot = 0
    var nextReport = pivotCount + 20_000
    var pivotsAtRefresh = pivotCount
    while scannedSinceLastPivot < count {
      let end = min(count, position + window)
      var found = false
      while true {
        let best = bestArc(of: arcs, position..<end, tolerance: tolerance)
        guard best.arc >= 0 else { break }
        found = true
        if pivotCount - pivotsAtRefresh > nodeCount {
          refreshPotentials()
          pivotsAtRefresh = pivotCount
          continue
        }
        pivot(
          source: Int(arcs.sources[best.arc]), target: sourceCount + Int(arcs.targets[best.arc]),
          cost: arcs.costs[best.arc], reducedCost: best.reducedCost)
      }
      scannedSinceLastPivot = found ? 0 : scannedSinceLastPivot + (end - position)
      position = end == count ? 0 : end
      if pivotCount >= nextReport {
        nextReport = pivotCount + 20_000
        try progress.report("\(stage), \(pivotCount) pivots")
      }
    }
  }

  @inline(__always)
  private func bestArc(
    of arcs: borrowing CandidateArcs, _ range: Range<Int>, tolerance: Double
  ) -> (arc: Int, reducedCost: Double) {
    let n = sourceCount
    let floor = 4 * Double.ulpOfOne * shiftsSinceRefresh
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
