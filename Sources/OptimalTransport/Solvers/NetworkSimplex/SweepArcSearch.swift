/// Arcs of any cost, found by looking at all pairs, a row or a column at a time.
///
/// - Complexity: O(nm) a search, in memory O(n + m).
struct SweepArcSearch: ArcSearch {
  private let costs: PairCosts

  init(_ costs: PairCosts) { self.costs = costs }

  var sourceCount: Int { costs.sourceCount }
  var targetCount: Int { costs.targetCount }

  func cost(_ source: Int, _ target: Int) -> Double { costs.cost(source, target) }

  func candidates(
    _ potentials: NodePotentials, perPoint: Int
  ) throws(SolverError) -> CandidateArcs {
    CandidateArcs(
      try search(potentials, perPoint: perPoint, onlyViolations: false).arcs,
      sourceCount: sourceCount)
  }

  func price(
    _ potentials: NodePotentials, perPoint: Int, skippingTies: Bool
  ) throws(SolverError) -> GlobalPricing {
    let found = try search(potentials, perPoint: perPoint, onlyViolations: true)
    return GlobalPricing(
      violations: found.arcs.filter { potentials.areViolated($0, $1, $2) },
      feasibleSourcePotentials: zip(potentials.source, found.rowMinima).map { min($0, $1) })
  }

  private struct Line: Sendable {
    var least: Double
    var points: [Int32]
    var costs: [Double]
  }

  private func search(
    _ potentials: NodePotentials, perPoint: Int, onlyViolations: Bool
  ) throws(SolverError) -> (arcs: NewArcs, rowMinima: [Double]) {
    let rows = try Parallel.stoppableMap(count: sourceCount, costPerItem: Double(targetCount)) {
      source in
      best(
        of: potentials.target, perPoint: perPoint,
        below: onlyViolations ? potentials.source[source] : .infinity
      ) { costs.row(source, 0..<targetCount, into: $0) }
    }
    let columns = try Parallel.stoppableMap(count: targetCount, costPerItem: Double(sourceCount)) {
      target in
      best(
        of: potentials.source, perPoint: perPoint,
        below: onlyViolations ? potentials.target[target] : .infinity
      ) { costs.column(target, 0..<sourceCount, into: $0) }
    }
    var arcs = NewArcs()
    for (source, row) in rows.enumerated() {
      for (target, cost) in zip(row.points, row.costs) { arcs.append(source, Int(target), cost) }
    }
    for (target, column) in columns.enumerated() {
      for (source, cost) in zip(column.points, column.costs) {
        arcs.append(Int(source), target, cost)
      }
    }
    return (arcs, rows.map(\.least))
  }

  /// The entries of a line of costs with the smallest cost − offset below a limit.
  private func best(
    of offsets: [Double], perPoint: Int, below limit: Double,
    fill: (UnsafeMutablePointer<Double>) -> Void
  ) -> Line {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: offsets.count) { line in
      guard let start = line.baseAddress else { return Line(least: 0, points: [], costs: []) }
      fill(start)
      var least = Double.infinity
      var found: [(value: Double, point: Int32)] = []
      var threshold = limit
      for point in offsets.indices {
        let value = start[point] - offsets[point]
        least = min(least, value)
        guard value < threshold else { continue }
        var position = found.count
        while position > 0, found[position - 1].value > value { position -= 1 }
        found.insert((value, Int32(point)), at: position)
        if found.count > perPoint { found.removeLast() }
        if found.count == perPoint { threshold = min(limit, found[perPoint - 1].value) }
      }
      return Line(
        least: least, points: found.map(\.point), costs: found.map { start[Int($0.point)] })
    }
  }
}
