/// The arcs among which the simplex method looks for better bases, ordered by source.
struct CandidateArcs {
  /// The source of each arc.
  private(set) var sources: [Int32] = []
  /// The target of each arc, counted from 0.
  private(set) var targets: [Int32] = []
  /// The cost of each arc.
  private(set) var costs: [Double] = []

  /// The number of arcs.
  var count: Int { sources.count }

  /// No arcs.
  init() {}

  /// All pairs.
  init(allPairsOf sourceCount: Int, _ targetCount: Int, cost: (Int, Int) -> Double) {
    let count = sourceCount * targetCount
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
    costs.reserveCapacity(count)
    for i in 0..<sourceCount {
      for j in 0..<targetCount {
        sources.append(Int32(i))
        targets.append(Int32(j))
        costs.append(cost(i, j))
      }
    }
  }

  /// Some of the arcs of another list.
  init(_ selection: [Int], of arcs: CandidateArcs) {
    sources = selection.map { arcs.sources[$0] }
    targets = selection.map { arcs.targets[$0] }
    costs = selection.map { arcs.costs[$0] }
  }

  /// Adds arcs; those that are there already are left out.
  ///
  /// - Complexity: O(stored + new arcs), and a sort of the new arcs of each source.
  mutating func insert(_ new: NewArcs, sourceCount: Int) {
    guard new.count > 0 else { return }
    var starts = [Int32](repeating: 0, count: sourceCount + 1)
    for source in new.sources { starts[Int(source) + 1] += 1 }
    for i in 0..<sourceCount { starts[i + 1] += starts[i] }
    var slots = [Int32](repeating: 0, count: new.count)
    var cursor = starts
    for arc in 0..<new.count {
      let i = Int(new.sources[arc])
      slots[Int(cursor[i])] = Int32(arc)
      cursor[i] += 1
    }

    let total = count + new.count
    var (mergedSources, mergedTargets, mergedCosts) = ([Int32](), [Int32](), [Double]())
    mergedSources.reserveCapacity(total)
    mergedTargets.reserveCapacity(total)
    mergedCosts.reserveCapacity(total)
    var old = 0
    for i in 0..<sourceCount {
      let first = mergedTargets.count
      while old < count, sources[old] == i {
        mergedSources.append(Int32(i))
        mergedTargets.append(targets[old])
        mergedCosts.append(costs[old])
        old += 1
      }
      let firstNew = mergedTargets.count
      let added = slots[Int(starts[i])..<Int(starts[i + 1])].sorted {
        new.targets[Int($0)] < new.targets[Int($1)]
      }
      var previous: Int32 = -1
      for slot in added {
        let target = new.targets[Int(slot)]
        if target == previous { continue }
        previous = target
        if mergedTargets[first..<firstNew].contains(target) { continue }
        mergedSources.append(Int32(i))
        mergedTargets.append(target)
        mergedCosts.append(new.costs[Int(slot)])
      }
    }
    (sources, targets, costs) = (mergedSources, mergedTargets, mergedCosts)
  }

  /// Gives the arcs other costs.
  mutating func setCosts(_ cost: (_ source: Int, _ target: Int) -> Double) {
    for arc in 0..<count { costs[arc] = cost(Int(sources[arc]), Int(targets[arc])) }
  }
}

/// Arcs that were found, in any order, possibly more than once.
struct NewArcs {
  var sources: [Int32] = []
  var targets: [Int32] = []
  var costs: [Double] = []

  var count: Int { sources.count }

  mutating func append(_ source: Int, _ target: Int, _ cost: Double) {
    sources.append(Int32(source))
    targets.append(Int32(target))
    costs.append(cost)
  }

  mutating func append(_ other: NewArcs) {
    sources += other.sources
    targets += other.targets
    costs += other.costs
  }
}
