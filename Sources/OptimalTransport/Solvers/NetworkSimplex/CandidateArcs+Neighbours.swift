/// For each point of one side some points of the other one.
struct Neighbours {
  /// How many each point has.
  var counts: [Int32]
  /// Those of point i from `i * perPoint` on, best first.
  var points: [Int32]
  /// How many a point may have.
  let perPoint: Int
  /// For each point the value of its best neighbour.
  var least: [Double]

  /// No neighbours.
  init(count: Int, perPoint: Int) {
    counts = Array(repeating: 0, count: count)
    points = Array(repeating: 0, count: count * perPoint)
    least = Array(repeating: 0, count: count)
    self.perPoint = perPoint
  }

  /// Calls `body` with every point and each of its neighbours.
  @inline(__always)
  func forEachPair(_ body: (_ point: Int, _ neighbour: Int) -> Void) {
    for (point, count) in counts.enumerated() {
      for place in point * perPoint..<point * perPoint + Int(count) {
        body(point, Int(points[place]))
      }
    }
  }
}

extension CandidateArcs {
  /// The arcs between the points of two sides and their neighbours, each once.
  ///
  /// - Complexity: O(arcs), sorted and priced on all processors. In memory, the arcs' own room at most
  ///   and what the neighbours take already: this is where a solve at size needs most.
  init(
    forward: consuming Neighbours, backward: consuming Neighbours,
    cost: @Sendable (_ source: Int, _ target: Int) -> Double
  ) {
    let starts = Self.starts(forward, backward)
    var targets = Self.grouped(forward, backward, starts: starts)
    _ = consume forward
    _ = consume backward
    let counts = Self.removeRepeated(from: &targets, starts: starts)
    var sources: [Int32] = []
    sources.reserveCapacity(targets.count)
    for (source, count) in counts.enumerated() {
      sources += repeatElement(Int32(source), count: Int(count))
    }
    self.init(sources: sources, targets: targets)
    setCosts(cost)
  }

  /// For each source the place of its first target, where targets are in order of the sources and may
  /// be repeated; their number at the end.
  private static func starts(_ forward: Neighbours, _ backward: Neighbours) -> [Int32] {
    let sourceCount = forward.counts.count
    var starts = [Int32](repeating: 0, count: sourceCount + 1)
    forward.forEachPair { source, _ in starts[source + 1] += 1 }
    backward.forEachPair { _, source in starts[source + 1] += 1 }
    for source in 0..<sourceCount { starts[source + 1] += starts[source] }
    return starts
  }

  /// The targets of source i from `starts[i]` on, in any order.
  private static func grouped(
    _ forward: Neighbours, _ backward: Neighbours, starts: [Int32]
  ) -> [Int32] {
    var grouped = [Int32](repeating: 0, count: Int(starts[forward.counts.count]))
    var cursor = starts
    func put(_ source: Int, _ target: Int) {
      grouped[Int(cursor[source])] = Int32(target)
      cursor[source] += 1
    }
    forward.forEachPair { put($0, $1) }
    backward.forEachPair { put($1, $0) }
    return grouped
  }

  /// Sorts the targets of each source and keeps each once, those of all sources one after the other.
  ///
  /// - Returns: the number of targets that each source has kept.
  private static func removeRepeated(
    from targets: inout [Int32], starts: [Int32]
  ) -> [Int32] {
    let counts = targets.withUnsafeMutableBufferPointer { buffer -> [Int32] in
      nonisolated(unsafe) let all = buffer
      return Parallel.map(count: starts.count - 1, costPerItem: 100) { source in
        let range = Int(starts[source])..<Int(starts[source + 1])
        all[range].sort()
        var end = range.lowerBound
        for place in range where place == range.lowerBound || all[place] != all[end - 1] {
          all[end] = all[place]
          end += 1
        }
        return Int32(end - range.lowerBound)
      }
    }
    var kept = 0
    for (source, count) in counts.enumerated() {
      let start = Int(starts[source])
      for place in start..<start + Int(count) {
        targets[kept] = targets[place]
        kept += 1
      }
    }
    targets.removeLast(targets.count - kept)
    return counts
  }
}
