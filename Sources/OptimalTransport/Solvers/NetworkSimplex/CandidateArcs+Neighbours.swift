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
  /// - Complexity: O(arcs), sorted and priced on all processors.
  init(
    forward: consuming Neighbours, backward: consuming Neighbours,
    cost: @Sendable (_ source: Int, _ target: Int) -> Double
  ) {
    let sourceCount = forward.counts.count
    var starts = [Int32](repeating: 0, count: sourceCount + 1)
    forward.forEachPair { source, _ in starts[source + 1] += 1 }
    backward.forEachPair { _, source in starts[source + 1] += 1 }
    for source in 0..<sourceCount { starts[source + 1] += starts[source] }
    var grouped = [Int32](repeating: 0, count: Int(starts[sourceCount]))
    var cursor = starts
    func put(_ source: Int, _ target: Int) {
      grouped[Int(cursor[source])] = Int32(target)
      cursor[source] += 1
    }
    forward.forEachPair { put($0, $1) }
    backward.forEachPair { put($1, $0) }
    self.init(grouped: grouped, starts: starts)
    setCosts(cost)
  }

  /// The arcs from each source i to the targets `grouped[starts[i]..<starts[i + 1]]`, which may be in any
  /// order and repeated, without costs.
  private init(grouped: consuming [Int32], starts: [Int32]) {
    let sourceCount = starts.count - 1
    var repeated = grouped
    // The number of different targets of each source.
    let counts = repeated.withUnsafeMutableBufferPointer { buffer -> [Int32] in
      nonisolated(unsafe) let all = buffer
      return Parallel.map(count: sourceCount, costPerItem: 100) { source in
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
    let total = counts.reduce(0) { $0 + Int($1) }
    var (sources, targets) = ([Int32](), [Int32]())
    sources.reserveCapacity(total)
    targets.reserveCapacity(total)
    for (source, count) in counts.enumerated() {
      let start = Int(starts[source])
      sources += repeatElement(Int32(source), count: Int(count))
      targets += repeated[start..<start + Int(count)]
    }
    self.init(sources: sources, targets: targets)
  }
}
