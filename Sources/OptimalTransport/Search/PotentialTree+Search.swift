import TransportKernels

extension PotentialTree {
  /// The best points found for one query, best first.
  struct Found {
    /// How many were found.
    var count = 0
    /// c(x, y) − potential(y) for each.
    let values: UnsafeMutablePointer<Double>
    /// y for each.
    let points: UnsafeMutablePointer<Int32>
    let capacity: Int

    /// Whether another point has to be better than the worst one found.
    var isFull: Bool { count == capacity }

    @inline(__always)
    mutating func insert(_ value: Double, _ point: Int32) {
      var position = count < capacity ? count : capacity - 1
      while position > 0, values[position - 1] > value {
        values[position] = values[position - 1]
        points[position] = points[position - 1]
        position -= 1
      }
      values[position] = value
      points[position] = point
      if count < capacity { count += 1 }
    }
  }

  /// c(x, y) − potential(y) at one point.
  @inline(__always)
  func value(_ query: UnsafePointer<Double>, _ point: Int) -> Double {
    tk_pair_cost(geometry.kernel, query, 1, cloud.coordinates + point, cloud.count)
      - potentials[point]
  }

  /// Finds up to `found.capacity` points whose value lies below `limit`, the smallest ones.
  func search(
    _ query: UnsafePointer<Double>, below limit: Double, into found: inout Found
  ) {
    found.count = 0
    var limit = limit
    let rows = 2 + 3 * axisCount
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows + Self.leafSize) { scratch in
      guard let box = scratch.baseAddress else { return }
      let values = box + rows
      // A point is a box of width 0, on which the function 0 is subtracted from the cost.
      box.initialize(repeating: 0, count: rows)
      for axis in 0..<axisCount { box[2 + 3 * axis] = query[axis] }
      var source = tk_leaf(points: query, offsets: nil, stride: 1, count: 1)
      forEachLeaf(near: box, below: limit) { low, count in
        var leaf = tk_leaf(
          points: cloud.coordinates + low, offsets: potentials + low, stride: cloud.count,
          count: Int32(count))
        var hits = tk_leaf_values(geometry.kernel, &source, &leaf, &limit, values)
        while hits != 0 {
          let place = hits.trailingZeroBitCount
          hits &= hits - 1
          guard values[place] < limit else { continue }
          found.insert(values[place], Int32(low + place))
          if found.isFull { limit = min(limit, found.values[found.capacity - 1]) }
        }
        return limit
      }
    }
  }

  /// Finds for every point of a leaf of another tree the points of this one whose values lie below a
  /// limit, the smallest ones.
  ///
  /// - Parameters:
  ///   - limits: one for each point of the leaf; on return what another point would have to be below.
  ///   - slack: no pair matters for which cost − potential(x) − potential(y) is at least this.
  ///   - found: one for each point of the leaf.
  func search(
    leaf index: Int, of other: PotentialTree, below limits: UnsafeMutablePointer<Double>,
    slack: Double, into found: UnsafeMutablePointer<Found>
  ) {
    let group = other.children[index]
    let first = Int(group.low)
    let queries = Int(group.high) - first
    for query in 0..<queries { found[query].count = 0 }
    let rows = 2 + 3 * axisCount
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: rows + Self.leafSize * Self.leafSize
    ) { scratch in
      guard let box = scratch.baseAddress else { return }
      let values = box + rows
      for row in 0..<rows { box[row] = other.row(row, of: index) }
      var sources = tk_leaf(
        points: other.cloud.coordinates + first, offsets: nil, stride: other.cloud.count,
        count: Int32(queries))
      var threshold = slack
      forEachLeaf(near: box, below: slack) { low, count in
        var leaf = tk_leaf(
          points: cloud.coordinates + low, offsets: potentials + low, stride: cloud.count,
          count: Int32(count))
        var hits = tk_leaf_values(geometry.kernel, &sources, &leaf, limits, values)
        guard hits != 0 else { return threshold }
        while hits != 0 {
          let place = hits.trailingZeroBitCount
          hits &= hits - 1
          let (query, point) = place.quotientAndRemainder(dividingBy: Self.leafSize)
          guard values[place] < limits[query] else { continue }
          found[query].insert(values[place], Int32(low + point))
          if found[query].isFull {
            limits[query] = min(limits[query], found[query].values[found[query].capacity - 1])
          }
        }
        // Once all points have found enough, only what is better than the worst of it matters.
        var worst = -Double.infinity
        for query in 0..<queries {
          guard found[query].isFull else { return threshold }
          let (limit, own) = (limits[query], other.potentials[first + query])
          worst = max(worst, limit - own + Double.ulpOfOne * (abs(limit) + abs(own)))
        }
        threshold = min(slack, worst)
        return threshold
      }
    }
  }

  /// Calls `body` with the first point and the number of points of leaves, the most promising one
  /// of each node first, as long as their bounds lie below a threshold.
  ///
  /// - Parameters:
  ///   - box: where the queries are, as `tk_box_bounds` takes it.
  ///   - threshold: bounds at least as large are left out.
  ///   - body: returns the threshold from there on.
  @inline(__always)
  private func forEachLeaf(
    near box: UnsafePointer<Double>, below threshold: Double, _ body: (Int, Int) -> Double
  ) {
    var threshold = threshold
    // Each of at most ten levels leaves seven siblings behind.
    withUnsafeTemporaryAllocation(of: (Int32, Double).self, capacity: 128) { stack in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.lanes) { scratch in
        children.withUnsafeBufferPointer { children in
          guard let bounds = scratch.baseAddress else { return }
          var depth = 0
          var node = 0
          while true {
            // The children that may hold something, the best one last.
            tk_box_bounds(geometry.kernel, box, boxes + node * stride, bounds)
            let base = depth
            for lane in 0..<Self.lanes where bounds[lane] < threshold {
              let child = node * Self.lanes + lane
              guard children[child].low < children[child].high else { break }
              var position = depth
              while position > base, stack[position - 1].1 < bounds[lane] {
                stack[position] = stack[position - 1]
                position -= 1
              }
              stack[position] = (Int32(child), bounds[lane])
              depth += 1
            }
            node = 0
            while node == 0 {
              guard depth > 0 else { return }
              depth -= 1
              let (index, least) = stack[depth]
              if least >= threshold { continue }
              let child = children[Int(index)]
              node = Int(child.node)
              if node > 0 { break }
              threshold = body(Int(child.low), Int(child.high - child.low))
            }
          }
        }
      }
    }
  }

  /// A number that belongs to a child, in the order of the rows of `boxes`.
  @inline(__always)
  private func row(_ row: Int, of child: Int) -> Double {
    let (node, lane) = child.quotientAndRemainder(dividingBy: Self.lanes)
    return boxes[node * stride + row * Self.lanes + lane]
  }
}
