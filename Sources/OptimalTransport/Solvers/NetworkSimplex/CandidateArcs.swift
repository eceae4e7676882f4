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

  /// Arcs in order, each once, with costs that are still to be set.
  init(sources: [Int32], targets: [Int32]) {
    self.sources = sources
    self.targets = targets
    costs = Array(repeating: 0, count: sources.count)
  }

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
    let starts = Self.starts(of: new.sources, sourceCount: sourceCount)
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

  /// For each source the place of its first arc; the number of arcs at the end.
  func starts(sourceCount: Int) -> [Int32] { Self.starts(of: sources, sourceCount: sourceCount) }

  private static func starts(of sources: [Int32], sourceCount: Int) -> [Int32] {
    var starts = [Int32](repeating: 0, count: sourceCount + 1)
    for source in sources { starts[Int(source) + 1] += 1 }
    for i in 0..<sourceCount { starts[i + 1] += starts[i] }
    return starts
  }

  /// Adds arcs; those that are there already are left out.
  ///
  /// - Complexity: O(stored + new arcs), and a sort of the new arcs of each source.
  mutating func insert(_ new: NewArcs, sourceCount: Int) {
    formUnion(CandidateArcs(new, sourceCount: sourceCount))
  }

  /// Adds the arcs of another list; those that are there already are left out.
  ///
  /// - Complexity: O(arcs of both), and in memory O(arcs of the other one).
  mutating func formUnion(_ other: CandidateArcs) {
    guard count > 0 else { return self = other }
    var insertions: [Insertion] = []
    var mine = 0
    for theirs in 0..<other.count {
      let (source, target) = (other.sources[theirs], other.targets[theirs])
      while mine < count,
        sources[mine] < source || (sources[mine] == source && targets[mine] < target)
      {
        mine += 1
      }
      if mine < count, sources[mine] == source, targets[mine] == target { continue }
      insertions.append(Insertion(element: Int32(theirs), place: Int32(mine)))
    }
    Self.insert(other.sources, insertions, into: &sources)
    Self.insert(other.targets, insertions, into: &targets)
    Self.insert(other.costs, insertions, into: &costs)
  }

  /// An element of another list, and before which element of this one it belongs.
  private struct Insertion {
    let element: Int32
    let place: Int32
  }

  /// Inserts elements from the last to the first, so that each of the old ones moves once.
  private static func insert<Element>(
    _ elements: [Element], _ insertions: [Insertion], into array: inout [Element]
  ) {
    guard let any = elements.first else { return }
    var end = array.count
    array.reserveCapacity(end + insertions.count)
    array += repeatElement(any, count: insertions.count)
    array.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      for (index, insertion) in insertions.enumerated().reversed() {
        let place = Int(insertion.place)
        (start + place + index + 1).update(from: start + place, count: end - place)
        start[place + index] = elements[Int(insertion.element)]
        end = place
      }
    }
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

  /// Makes room for arcs that are to be added.
  mutating func reserveCapacity(_ count: Int) {
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
    costs.reserveCapacity(count)
  }

  /// Gives the arcs other costs.
  ///
  /// - Complexity: O(arcs), on all processors.
  mutating func setCosts(_ cost: @Sendable (_ source: Int, _ target: Int) -> Double) {
    let (sources, targets) = (sources, targets)
    costs.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      nonisolated(unsafe) let costs = start
      Parallel.forEachChunk(of: sources.count, costPerItem: 10) { range in
        for arc in range { costs[arc] = cost(Int(sources[arc]), Int(targets[arc])) }
      }
    }
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

  /// The arcs for which something holds.
  func filter(_ isKept: (_ source: Int, _ target: Int, _ cost: Double) -> Bool) -> NewArcs {
    var result = NewArcs()
    for arc in 0..<count {
      let (source, target) = (Int(sources[arc]), Int(targets[arc]))
      if isKept(source, target, costs[arc]) { result.append(source, target, costs[arc]) }
    }
    return result
  }
}
