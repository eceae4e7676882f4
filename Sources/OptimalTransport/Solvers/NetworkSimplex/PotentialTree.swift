import TransportKernels

/// A search tree over a cloud of points that carry potentials: finds the points y of smallest
/// c(x, y) − potential(y) without looking at all of them.
///
/// A node knows the box of its points and bounds their potentials from above by an affine function,
/// potential(y) ≤ v₀ + s·(y − y₀), y₀ the middle of the box. On the box c(x, y) − s·(y − y₀) is
/// bounded from below block by block: exactly for exponent 2, by the tangent of the convex cost at
/// y₀ otherwise, and by the distance to the box. Potentials of optimal plans are nearly affine on
/// small boxes with the slope of the cost at the partner, so these bounds are sharp where it counts.
///
/// Every bound is lowered by what rounding could have added to it, so a point that is pruned has a
/// value not below the threshold.
final class PotentialTree: @unchecked Sendable {
  private let cloud: PointCloud
  private let geometry: CostGeometry
  private let axisCount: Int
  private let nodes: [Node]
  /// For each node: greatest potential, v₀, then middle, half width and slope for each axis.
  private let data: UnsafeMutablePointer<Double>
  private let stride: Int
  /// The potential of each point.
  private let potentials: UnsafeMutablePointer<Double>
  private static let leafSize = 16

  private struct Node {
    var low: Int32
    var high: Int32
    /// The second child; the first is the next node. 0 for a leaf.
    var second: Int32
  }

  /// A tree over a cloud whose points are in kd order.
  init(cloud: PointCloud, geometry: CostGeometry) {
    self.cloud = cloud
    self.geometry = geometry
    axisCount = geometry.axisCount
    stride = 2 + 3 * axisCount
    var nodes: [Node] = []
    Self.build(0, cloud.count, &nodes)
    self.nodes = nodes
    data = .allocate(capacity: nodes.count * stride)
    potentials = .allocate(capacity: cloud.count)
    for (index, node) in nodes.enumerated() {
      let start = data + index * stride
      for axis in 0..<axisCount {
        let values = cloud.coordinates + axis * cloud.count
        var (least, greatest) = (Double.infinity, -Double.infinity)
        for point in Int(node.low)..<Int(node.high) {
          least = min(least, values[point])
          greatest = max(greatest, values[point])
        }
        let middle = least / 2 + greatest / 2
        start[2 + axis] = middle
        // Rounded outwards: every point lies within the half width of the middle.
        start[2 + axisCount + axis] = max(greatest - middle, middle - least).nextUp
      }
    }
  }

  deinit {
    data.deallocate()
    potentials.deallocate()
  }

  private static func build(_ low: Int, _ high: Int, _ nodes: inout [Node]) {
    let index = nodes.count
    nodes.append(Node(low: Int32(low), high: Int32(high), second: 0))
    guard high - low > leafSize else { return }
    let middle = (low + high) / 2
    build(low, middle, &nodes)
    nodes[index].second = Int32(nodes.count)
    build(middle, high, &nodes)
  }

  /// Sets the potentials.
  ///
  /// - Parameters:
  ///   - values: one for each point.
  ///   - partners: for each point a point of the other cloud to which it is nearly tight; the slope
  ///     of the cost there is taken for the slope of the potential.
  func setPotentials(_ values: [Double], partners: [Int32], in other: PointCloud) {
    potentials.update(from: values, count: cloud.count)
    let count = cloud.count
    let slopes = UnsafeMutablePointer<Double>.allocate(capacity: count * axisCount)
    defer { slopes.deallocate() }
    nonisolated(unsafe) let allSlopes = slopes
    Parallel.forEachChunk(of: count, costPerItem: 30) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * axisCount) { scratch in
        guard let point = scratch.baseAddress else { return }
        let (partner, slope) = (point + axisCount, point + 2 * axisCount)
        for index in range {
          cloud.copyPoint(index, to: point)
          other.copyPoint(Int(partners[index]), to: partner)
          geometry.gradient(at: point, from: partner, into: slope)
          for axis in 0..<axisCount { allSlopes[axis * count + index] = slope[axis] }
        }
      }
    }
    Parallel.forEachChunk(of: nodes.count, costPerItem: 400) { range in
      for index in range { setAffineBound(index, allSlopes) }
    }
  }

  private func setAffineBound(_ index: Int, _ slopes: UnsafePointer<Double>) {
    let node = nodes[index]
    let (low, high) = (Int(node.low), Int(node.high))
    let start = data + index * stride
    let (middle, slope) = (start + 2, start + 2 + 2 * axisCount)
    let count = cloud.count
    for axis in 0..<axisCount {
      var sum = 0.0
      for point in low..<high { sum += slopes[axis * count + point] }
      slope[axis] = sum / Double(high - low)
    }
    var (greatest, intercept) = (-Double.infinity, -Double.infinity)
    for point in low..<high {
      var value = potentials[point]
      greatest = max(greatest, value)
      for axis in 0..<axisCount {
        value -= slope[axis] * (cloud.coordinates[axis * count + point] - middle[axis])
      }
      intercept = max(intercept, value)
    }
    start[0] = greatest
    start[1] = intercept
  }

  // MARK: Searching

  /// The best points found for one query, best first.
  struct Found {
    /// How many were found.
    var count = 0
    /// c(x, y) − potential(y) for each.
    let values: UnsafeMutablePointer<Double>
    /// y for each.
    let points: UnsafeMutablePointer<Int32>
    let capacity: Int

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

  /// Finds up to `found.capacity` points whose value lies below `limit`, the smallest ones.
  func search(
    _ query: UnsafePointer<Double>, below limit: Double, into found: inout Found
  ) {
    found.count = 0
    var threshold = limit
    withUnsafeTemporaryAllocation(of: (Int32, Double).self, capacity: 128) { stack in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.leafSize) { costs in
        nodes.withUnsafeBufferPointer { nodes in
          guard let costs = costs.baseAddress else { return }
          var depth = 0
          stack[0] = (0, bound(0, query))
          depth = 1
          while depth > 0 {
            depth -= 1
            let (index, least) = stack[depth]
            if least >= threshold { continue }
            let node = nodes[Int(index)]
            if node.second == 0 {
              let (low, count) = (Int(node.low), Int(node.high - node.low))
              tk_costs(
                geometry.kernel, query, cloud.coordinates + low, cloud.count, count, costs)
              for k in 0..<count {
                let value = costs[k] - potentials[low + k]
                if value < threshold {
                  found.insert(value, Int32(low + k))
                  if found.count == found.capacity {
                    threshold = min(threshold, found.values[found.capacity - 1])
                  }
                }
              }
              continue
            }
            let (first, second) = (index + 1, node.second)
            let (firstBound, secondBound) = (bound(Int(first), query), bound(Int(second), query))
            // The better child is searched first: it goes on the stack last.
            if firstBound <= secondBound {
              stack[depth] = (second, secondBound)
              stack[depth + 1] = (first, firstBound)
            } else {
              stack[depth] = (first, firstBound)
              stack[depth + 1] = (second, secondBound)
            }
            depth += 2
          }
        }
      }
    }
  }

  /// c(x, y) − potential(y) at one point.
  @inline(__always)
  func value(_ query: UnsafePointer<Double>, _ point: Int) -> Double {
    tk_pair_cost(geometry.kernel, query, 1, cloud.coordinates + point, cloud.count)
      - potentials[point]
  }

  /// A lower bound of c(x, y) − potential(y) over the points of a node.
  @inline(__always)
  private func bound(_ index: Int, _ query: UnsafePointer<Double>) -> Double {
    let start = data + index * stride
    let (middle, half, slope) = (start + 2, start + 2 + axisCount, start + 2 + 2 * axisCount)
    return geometry.lowerBound(
      query, middle: middle, half: half, slope: slope, greatest: start[0], intercept: start[1])
  }
}
