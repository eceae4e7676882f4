/// The arcs among which the simplex method looks for better bases, ordered by source and then by
/// target.
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
    reserveCapacity(count)
    for i in 0..<sourceCount {
      for j in 0..<targetCount { append(Int32(i), Int32(j), cost(i, j)) }
    }
  }

  /// Arcs that were found, each once.
  ///
  /// - Complexity: O(arcs + sources), and a sort of the arcs of each source.
  init(_ new: NewArcs, sourceCount: Int) {
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
    reserveCapacity(new.count)
    for i in 0..<sourceCount where starts[i] < starts[i + 1] {
      let range = Int(starts[i])..<Int(starts[i + 1])
      slots[range].sort { new.targets[Int($0)] < new.targets[Int($1)] }
      var previous: Int32 = -1
      for slot in slots[range] {
        let target = new.targets[Int(slot)]
        if target == previous { continue }
        previous = target
        append(Int32(i), target, new.costs[Int(slot)])
      }
    }
  }

  /// Adds arcs; those that are there already are left out.
  ///
  /// - Complexity: O(stored + new arcs), and a sort of the new arcs of each source.
  mutating func insert(_ new: NewArcs, sourceCount: Int) {
    formUnion(CandidateArcs(new, sourceCount: sourceCount))
  }

  /// Adds the arcs of another list; those that are there already are left out.
  ///
  /// - Complexity: O(arcs of both).
  mutating func formUnion(_ other: CandidateArcs) {
    guard other.count > 0 else { return }
    guard count > 0 else { return self = other }
    var union = CandidateArcs()
    union.reserveCapacity(count + other.count)
    var mine = 0
    for theirs in 0..<other.count {
      let (source, target) = (other.sources[theirs], other.targets[theirs])
      while mine < count,
        sources[mine] < source || (sources[mine] == source && targets[mine] < target)
      {
        union.append(sources[mine], targets[mine], costs[mine])
        mine += 1
      }
      if mine < count, sources[mine] == source, targets[mine] == target { continue }
      union.append(source, target, other.costs[theirs])
    }
    while mine < count {
      union.append(sources[mine], targets[mine], costs[mine])
      mine += 1
    }
    self = union
  }

  /// Adds an arc that comes after all others in the order.
  @inline(__always)
  mutating func append(_ source: Int32, _ target: Int32, _ cost: Double) {
    sources.append(source)
    targets.append(target)
    costs.append(cost)
  }

  /// Adds arcs that come after all others in the order.
  mutating func append(_ other: CandidateArcs) {
    sources += other.sources
    targets += other.targets
    costs += other.costs
  }

  private mutating func reserveCapacity(_ count: Int) {
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
    costs.reserveCapacity(count)
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
