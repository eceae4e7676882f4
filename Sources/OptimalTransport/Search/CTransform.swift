extension TransportProblem {
  /// The c-transform: for each point of a side, the least of cost − offset over all points of the
  /// other side.
  ///
  /// In the problem's own unit. Between tensor grids axis by axis; where there are many points by a
  /// search tree that leaves out only what provably is not least; otherwise over all pairs. The
  /// numbers are those that a sweep over all pairs would compute.
  ///
  /// - Parameter offsets: one for each point of the other side, finite.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: O(nm) time; about O((n + m) log(n + m)) with the tree, for smooth offsets and few
  ///   axes; O(n + m) memory.
  package func cTransform(
    _ side: TransportSide, of offsets: [Double]
  ) throws(SolverError) -> [Double] {
    if let grid = separableCosts { return try grid.minima(side, offsets: offsets) }
    if let geometry = pairCosts.geometry, pairCount >= Self.searchedPairs,
      offsets.allSatisfy(\.isFinite)
    {
      return try geometry.searchedTransform(side, of: offsets)
    }
    return try pairCosts.sweptTransform(side, of: offsets)
  }

  /// The number of pairs from which on a search is quicker than a sweep.
  private static let searchedPairs = 1_000_000
}

extension PairCosts {
  /// The c-transform over all pairs.
  fileprivate func sweptTransform(
    _ side: TransportSide, of offsets: [Double]
  ) throws(SolverError) -> [Double] {
    let (count, others) =
      side == .source ? (sourceCount, targetCount) : (targetCount, sourceCount)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try Parallel.stoppableMap(count: count, costPerItem: 0.3 * Double(others)) { index in
        guard let offsets else { return 0 }
        return side == .source
          ? rowMinimum(index, offsets: offsets).value
          : columnMinimum(index, offsets: offsets).value
      }
    }
  }
}

extension CostGeometry {
  /// The c-transform by a search tree over the other side.
  fileprivate func searchedTransform(
    _ side: TransportSide, of offsets: [Double]
  ) throws(SolverError) -> [Double] {
    let (queries, order) = try searchedCloud(side)
    let (cloud, otherOrder) = try searchedCloud(side == .source ? .target : .source)
    let tree = PotentialTree(cloud: cloud, geometry: self)
    tree.setPotentials(otherOrder.map { offsets[Int($0)] })
    var result = [Double](repeating: 0, count: queries.count)
    for (index, value) in zip(order, try tree.minima(over: queries).values) {
      result[Int(index)] = value
    }
    return result
  }

  /// The points of a side in kd order, and their original indices.
  private func searchedCloud(
    _ side: TransportSide
  ) throws(SolverError) -> (PointCloud, [Int32]) {
    let (points, count) = side == .source ? (sources, sourceCount) : (targets, targetCount)
    let order = try KdOrder.stoppableOrder(
      coordinates: points, count: count, axisScales: axisScales, leafSize: 4)
    let cloud = PointCloud(count: count, axisCount: axisCount) { storage in
      for axis in 0..<axisCount {
        for (position, index) in order.enumerated() {
          storage[axis * count + position] = points[axis * count + Int(index)]
        }
      }
    }
    return (cloud, order)
  }
}

extension PotentialTree {
  /// For each point of a cloud in kd order the least of cost − potential over all points of the tree, and
  /// where it is.
  ///
  /// - Throws: `SolverError.cancelled`.
  func minima(
    over queries: PointCloud
  ) throws(SolverError) -> (values: [Double], points: [Int32]) {
    var values = [Double](repeating: 0, count: queries.count)
    var points = [Int32](repeating: 0, count: queries.count)
    try values.withUnsafeMutableBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let values = buffer.baseAddress
      try points.withUnsafeMutableBufferPointer { buffer throws(SolverError) in
        nonisolated(unsafe) let points = buffer.baseAddress
        try Parallel.forEachStoppableChunk(of: queries.count, costPerItem: 1000) { range in
          guard let values, let points else { return }
          findMinima(over: queries, range, into: values, points)
        }
      }
    }
    return (values, points)
  }

  private func findMinima(
    over queries: PointCloud, _ range: Range<Int>, into values: UnsafeMutablePointer<Double>,
    _ points: UnsafeMutablePointer<Int32>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: axisCount + 1) { scratch in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1) { best in
        guard let query = scratch.baseAddress, let best = best.baseAddress else { return }
        best.initialize(to: 0)
        var found = Found(values: query + axisCount, points: best, capacity: 1)
        for position in range {
          queries.copyPoint(position, to: query)
          // What was best for a neighbour is good here, and mostly nothing is better by much.
          let limit = value(query, Int(best.pointee))
          search(query, below: limit.nextUp, into: &found)
          values[position] = found.count > 0 ? found.values[0] : limit
          points[position] = best.pointee
        }
      }
    }
  }
}
