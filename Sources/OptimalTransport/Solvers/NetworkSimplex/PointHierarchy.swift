import TransportKernels

/// The clouds of one side of a problem, from coarse to fine; the last holds the points themselves.
struct PointHierarchy {
  /// Coarse to fine.
  let clouds: [PointCloud]
  /// The points themselves.
  let points: PointCloud
  /// The original index of each point of the finest cloud.
  let order: [Int32]

  /// - Parameters:
  ///   - coordinates: coordinate k of point i at `k * count + i`.
  ///   - supplies: the integer mass of each point, positive.
  ///   - axisScales: see `KdOrder`.
  ///   - coarsest: about how many points the coarsest cloud may have.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  init(
    coordinates: UnsafePointer<Double>, supplies: [Int128], axisScales: [Double], coarsest: Int
  ) throws(SolverError) {
    let count = supplies.count
    let axisCount = axisScales.count
    let order = try KdOrder.stoppableOrder(
      coordinates: coordinates, count: count, axisScales: axisScales, leafSize: 4)
    self.order = order
    var starts = (0...Int32(count)).map { $0 }
    let points = PointCloud(
      count: count, axisCount: axisCount, supplies: order.map { supplies[Int($0)] },
      childStarts: starts
    ) { storage in
      for axis in 0..<axisCount {
        for (position, index) in order.enumerated() {
          storage[axis * count + position] = coordinates[axis * count + Int(index)]
        }
      }
    }
    var clouds = [points]
    // Clusters of about four points, and then always four clusters together.
    var depth = 0
    while count >> (depth + 1) >= 2 { depth += 1 }
    var finer = points
    while finer.count > coarsest, depth > 0 {
      try SolverWatch.check()
      let boundaries = Self.boundaries(count: count, depth: depth)
      var child = 0
      let childStarts = boundaries.map { boundary -> Int32 in
        while starts[child] < boundary { child += 1 }
        return Int32(child)
      }
      let cloud = Self.merged(finer, childStarts, axisCount: axisCount)
      clouds.append(cloud)
      starts = boundaries
      finer = cloud
      depth = max(depth - 1, 0)
    }
    self.clouds = clouds.reversed()
    self.points = points
  }

  /// The boundaries of the ranges that halving 0..<count `depth` times gives.
  private static func boundaries(count: Int, depth: Int) -> [Int32] {
    var ranges = [0, count]
    for _ in 0..<depth {
      ranges =
        zip(ranges, ranges.dropFirst()).flatMap { [$0, ($0 + $1) / 2] } + [count]
    }
    return ranges.map { Int32($0) }
  }

  private static func merged(
    _ finer: PointCloud, _ childStarts: [Int32], axisCount: Int
  ) -> PointCloud {
    let count = childStarts.count - 1
    let members = { (cluster: Int) in Int(childStarts[cluster])..<Int(childStarts[cluster + 1]) }
    return PointCloud(
      count: count, axisCount: axisCount,
      supplies: (0..<count).map { cluster in
        var sum: Int128 = 0
        for member in members(cluster) { sum += finer.supplies[member] }
        return sum
      },
      childStarts: childStarts
    ) { storage in
      for cluster in 0..<count {
        var total = 0.0
        for member in members(cluster) {
          let weight = PerturbedMasses.mass(ofFlow: finer.supplies[member])
          // Points without mass count a little, so that every cluster has a centre.
          total += max(weight, .leastNormalMagnitude)
        }
        for axis in 0..<axisCount {
          let values = finer.coordinates + axis * finer.count
          var sum = 0.0
          for member in members(cluster) {
            let weight = PerturbedMasses.mass(ofFlow: finer.supplies[member])
            sum += max(weight, .leastNormalMagnitude) / total * values[member]
          }
          storage[axis * count + cluster] = sum
        }
      }
    }
  }
}

/// Two clouds and the cost between them: one level of a coarse-to-fine solution.
final class CloudPair: Sendable {
  let sources: PointCloud
  let targets: PointCloud
  let geometry: CostGeometry

  init(sources: PointCloud, targets: PointCloud, geometry: CostGeometry) {
    self.sources = sources
    self.targets = targets
    self.geometry = geometry
  }

  /// The cost of moving a source point to a target point.
  @inline(__always)
  func cost(_ source: Int, _ target: Int) -> Double {
    tk_pair_cost(
      geometry.kernel, sources.coordinates + source, sources.count,
      targets.coordinates + target, targets.count)
  }
}

extension CostGeometry {
  /// The cost between a point of one cloud and a point of another; it is the same both ways.
  @inline(__always)
  func cost(_ cloud: PointCloud, _ point: Int, _ other: PointCloud, _ partner: Int) -> Double {
    tk_pair_cost(
      kernel, cloud.coordinates + point, cloud.count, other.coordinates + partner, other.count)
  }
}
