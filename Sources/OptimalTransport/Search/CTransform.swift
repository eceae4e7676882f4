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
    try cTransform(side, of: offsets, .alone)
  }

  /// The c-transform, whose points processes share out.
  func cTransform(
    _ side: TransportSide, of offsets: [Double], _ loops: SharedLoops
  ) throws(SolverError) -> [Double] {
    if let grid = separableCosts {
      return try loops.together(offsets) { () throws(SolverError) in
        try grid.minima(side, offsets: offsets)
      }
    }
    if let geometry = pairCosts.geometry, pairCount >= Self.searchedPairs,
      offsets.allSatisfy(\.isFinite)
    {
      return try geometry.searchedTransform(side, of: offsets, loops)
    }
    return try pairCosts.sweptTransform(side, of: offsets, loops)
  }

  /// The number of pairs from which on a search is quicker than a sweep.
  private static let searchedPairs = 1_000_000
}

extension PairCosts {
  /// The c-transform over all pairs.
  fileprivate func sweptTransform(
    _ side: TransportSide, of offsets: [Double], _ loops: SharedLoops
  ) throws(SolverError) -> [Double] {
    let all = offsets
    let (count, others) =
      side == .source ? (sourceCount, targetCount) : (targetCount, sourceCount)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try loops.map(count: count, costPerItem: 0.3 * Double(others), of: all) { index in
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
    _ side: TransportSide, of offsets: [Double], _ loops: SharedLoops
  ) throws(SolverError) -> [Double] {
    let (queries, order) = try searchedCloud(side)
    let (cloud, otherOrder) = try searchedCloud(side == .source ? .target : .source)
    let tree = PotentialTree(cloud: cloud, geometry: self)
    tree.setPotentials(otherOrder.map { offsets[Int($0)] })
    var result = [Double](repeating: 0, count: queries.count)
    for (index, value) in zip(order, try tree.minimalValues(over: queries, of: offsets, loops)) {
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

  /// The same values, with queries that processes share out.
  ///
  /// - Parameter offsets: the potentials of the tree, as all processes have them.
  fileprivate func minimalValues(
    over queries: PointCloud, of offsets: [Double], _ loops: SharedLoops
  ) throws(SolverError) -> [Double] {
    guard loops.isShared else { return try minima(over: queries).values }
    // So many neighbours stand together that what is best for one helps with the next.
    let size = 512
    let count = queries.count
    func range(_ chunk: Int) -> Range<Int> { chunk * size..<min((chunk + 1) * size, count) }
    return try loops.map(
      count: (count + size - 1) / size, costPerItem: 1000 * Double(size), of: offsets,
      length: { range($0).count }
    ) { chunk in
      let range = chunk * size..<min((chunk + 1) * size, count)
      var points = [Int32](repeating: 0, count: range.count)
      return [Double](unsafeUninitializedCapacity: range.count) { values, initialized in
        points.withUnsafeMutableBufferPointer { points in
          guard let values = values.baseAddress, let points = points.baseAddress else { return }
          values.initialize(repeating: 0, count: range.count)
          initialized = range.count
          findMinima(
            over: queries, range, into: values - range.lowerBound, points - range.lowerBound)
        }
      }
    }.flatMap(\.self)
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
