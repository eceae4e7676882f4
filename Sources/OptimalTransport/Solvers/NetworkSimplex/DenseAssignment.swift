/// The least assignment of as many targets to as many sources, from a dense matrix of costs: shortest
/// augmenting paths after a cheap start that assigns most points.
///
/// Source: R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
/// assignment problems" (1987), doi:10.1007/BF02278710.
struct DenseAssignment {
  /// For each source its target.
  private(set) var targetOfSource: [Int]
  /// For each target its source.
  private(set) var sourceOfTarget: [Int]
  /// Potentials of the targets; those of the sources follow from the assignment.
  private var prices: [Double]
  private let costs: [Double]
  private let count: Int

  /// Assigns.
  ///
  /// - Parameters:
  ///   - count: the number n of points on either side, at least 1.
  ///   - costs: finite; that from source i to target j at `costs[i * count + j]`.
  /// - Complexity: O(n³), in practice little more than O(n²) for small n; O(n²) memory.
  init(count: Int, costs: [Double]) {
    precondition(costs.count == count * count)
    self.count = count
    self.costs = costs
    targetOfSource = Array(repeating: -1, count: count)
    sourceOfTarget = Array(repeating: -1, count: count)
    prices = Array(repeating: 0, count: count)
    reduceColumns()
    reduceRows()
    for source in 0..<count where targetOfSource[source] < 0 { augment(from: source) }
  }

  /// Gives each target the price of its cheapest source, and that source if it is still free.
  private mutating func reduceColumns() {
    var best = [Int](repeating: 0, count: count)
    for target in 0..<count { prices[target] = costs[target] }
    for source in 1..<max(1, count) {
      for target in 0..<count where costs[source * count + target] < prices[target] {
        prices[target] = costs[source * count + target]
        best[target] = source
      }
    }
    for target in (0..<count).reversed() where targetOfSource[best[target]] < 0 {
      assign(best[target], target)
    }
  }

  /// Lets each free source outbid the holder of its best target by what it prefers it to its second best.
  private mutating func reduceRows() {
    var free = (0..<count).filter { targetOfSource[$0] < 0 }
    // Bids of less than a rounding could go on for long; what is left is augmented.
    var bids = 4 * count
    while let source = free.popLast(), bids > 0 {
      bids -= 1
      var (first, second) = (Double.infinity, Double.infinity)
      var (target, other) = (0, -1)
      costs.withUnsafeBufferPointer { costs in
        prices.withUnsafeBufferPointer { prices in
          for candidate in 0..<count {
            let value = costs[source * count + candidate] - prices[candidate]
            if value < second {
              if value < first {
                (second, other) = (first, target)
                (first, target) = (value, candidate)
              } else {
                (second, other) = (value, candidate)
              }
            }
          }
        }
      }
      var holder = sourceOfTarget[target]
      if second < .infinity, first < second {
        prices[target] -= second - first
        if holder >= 0 { free.append(holder) }
      } else if holder >= 0 {
        // A tie: the other one may be free; its holder is not driven out.
        guard other >= 0, sourceOfTarget[other] < 0 else { continue }
        (target, holder) = (other, -1)
      }
      if holder >= 0 { targetOfSource[holder] = -1 }
      assign(source, target)
    }
  }

  private mutating func assign(_ source: Int, _ target: Int) {
    targetOfSource[source] = target
    sourceOfTarget[target] = source
  }

  /// Gives the loops what they read and write, without checks of each index.
  private func withPointers<Result>(
    _ distance: inout [Double], _ origin: inout [Int], _ reached: inout [Int],
    _ body: (
      _ costs: UnsafePointer<Double>, _ prices: UnsafePointer<Double>,
      _ holders: UnsafePointer<Int>, _ distance: UnsafeMutablePointer<Double>,
      _ origin: UnsafeMutablePointer<Int>, _ reached: UnsafeMutablePointer<Int>
    ) -> Result
  ) -> Result {
    body(costs, prices, sourceOfTarget, &distance, &origin, &reached)
  }

  /// Assigns a free source along a shortest path of reduced costs to a free target.
  private mutating func augment(from start: Int) {
    var distance = [Double](repeating: .infinity, count: count)
    var origin = [Int](repeating: start, count: count)
    // The targets that are reached: those from `done` on are not settled yet.
    var reached = (0..<count).map { $0 }
    var done = 0
    let (end, least) = withPointers(&distance, &origin, &reached) {
      costs, prices, holders, distance, origin, reached in
      var (source, base) = (start, 0.0)
      while true {
        // One pass lowers the distances by way of a source and finds the nearest target.
        let row = costs + source * count
        var (nearest, least) = (done, Double.infinity)
        for place in done..<count {
          let target = reached[place]
          let candidate = base + (row[target] - prices[target])
          var known = distance[target]
          if candidate < known {
            known = candidate
            distance[target] = candidate
            origin[target] = source
          }
          if known < least { (least, nearest) = (known, place) }
        }
        let target = reached[nearest]
        source = holders[target]
        if source < 0 { return (target, least) }
        (reached[done], reached[nearest]) = (target, reached[done])
        done += 1
        base = least - (costs[source * count + target] - prices[target])
      }
    }
    for target in reached[..<done] { prices[target] += distance[target] - least }
    var free = end
    while true {
      let source = origin[free]
      let next = targetOfSource[source]
      assign(source, free)
      if source == start { return }
      free = next
    }
  }

  /// Pairs that join the assigned pairs to a spanning tree in which all reduced costs stay nonnegative: from
  /// a source in the part that is joined already to a target outside.
  ///
  /// Raising the potentials of all sources of a part, and lowering those of its targets, keeps its own pairs
  /// tight until a pair that leads out of it becomes tight too.
  ///
  /// - Complexity: O(n²).
  var joiningPairs: [(source: Int, target: Int)] {
    var pairs: [(source: Int, target: Int)] = []
    pairs.reserveCapacity(count - 1)
    var isJoined = [Bool](repeating: false, count: count)
    var slack = [Double](repeating: .infinity, count: count)
    var origin = [Int](repeating: 0, count: count)
    var (target, raised) = (targetOfSource[0], 0.0)
    while true {
      isJoined[target] = true
      let source = sourceOfTarget[target]
      let potential = costs[source * count + target] - prices[target]
      var nearest = -1
      for other in 0..<count where !isJoined[other] {
        let own = costs[source * count + other] - potential - prices[other] + raised
        if own < slack[other] { (slack[other], origin[other]) = (own, source) }
        if nearest < 0 || slack[other] < slack[nearest] { nearest = other }
      }
      guard nearest >= 0 else { return pairs }
      pairs.append((origin[nearest], nearest))
      raised = max(raised, slack[nearest])
      target = nearest
    }
  }
}
