import TransportKernels

/// The terms of sums over all pairs, one point after another.
extension GibbsKernel {
  /// For each point of a side, a number reduced from the terms 2^{shift + offset − λ cost} of its
  /// row, tile by tile. This process alone does it.
  ///
  /// - Parameters:
  ///   - points: which points of this side; `nil` for all.
  ///   - shifts: one for each point of this side, needed or not.
  ///   - initial: what the reduction starts from.
  ///   - update: is given the reduced value so far, the index of the point, the indices of the tile
  ///     on the other side and its terms.
  func reduce<Value: Sendable>(
    _ side: TransportSide, _ points: Range<Int>? = nil, offsets: [Double], shifts: [Double],
    initial: Value,
    _ update: @Sendable (inout Value, Int, Range<Int>, UnsafePointer<Double>) -> Void
  ) throws(SolverError) -> [Value] {
    // The number of pairs that are taken at once where terms are written out.
    let tile = 1024
    let others = count(side.opposite)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      let points = points ?? 0..<count(side)
      return try Parallel.stoppableMap(count: points.count, costPerItem: Double(others)) { item in
        let index = points.lowerBound + item
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: tile) { row in
          var value = initial
          guard let offsets, let terms = row.baseAddress else { return value }
          for start in stride(from: 0, to: others, by: tile) {
            let range = start..<min(start + tile, others)
            withExponents(side, index, range, offsets: offsets + start) { exponents in
              tk_exp2(&exponents, shifts[index], terms)
            }
            update(&value, index, range, terms)
          }
          return value
        }
      }
    }
  }

  /// For each point of a side, a number made of the exponents of all its pairs.
  ///
  /// - Parameters:
  ///   - costPerPair: about how many nanoseconds a pair takes.
  ///   - body: is given the index of the point and its exponents.
  func sweep<Value: BitwiseCopyable & Sendable>(
    _ side: TransportSide, offsets: [Double], costPerPair: Double, empty: Value,
    _ body: @Sendable (Int, inout tk_exponents) -> Value
  ) throws(SolverError) -> [Value] {
    let (others, all) = (count(side.opposite), offsets)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try loops.map(
        count: count(side), costPerItem: costPerPair * Double(others), of: all + [scale]
      ) { index in
        guard let offsets else { return empty }
        return withExponents(side, index, 0..<others, offsets: offsets) { body(index, &$0) }
      }
    }
  }

  func shareSums(
    _ share: AxisShare, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [Double] {
    try sweep(.source, offsets: offsets, costPerPair: 1, empty: 0) { index, exponents in
      share.sum(exponents, shift: shifts[index])
    }
  }

  func entries(
    at positions: Range<Int>, offsets: [Double], shifts: [Double], limits: [Double]
  ) throws(SolverError) -> [[KernelEntry]] {
    try reduce(.source, positions, offsets: offsets, shifts: shifts, initial: []) {
      row, _, range, terms in
      for (index, target) in range.enumerated() where terms[index] > limits[target] {
        row.append(KernelEntry(target: Int32(target), term: terms[index]))
      }
    }
  }

  /// The exponents of one point of a side against a range of the other, whose first offset is
  /// `offsets[0]`.
  @inline(__always)
  private func withExponents<Result>(
    _ side: TransportSide, _ index: Int, _ range: Range<Int>, offsets: UnsafePointer<Double>,
    _ body: (inout tk_exponents) -> Result
  ) -> Result {
    guard let geometry = costs.geometry else {
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: range.count) { row in
        if let row = row.baseAddress {
          switch side {
          case .source: costs.row(index, range, into: row)
          case .target: costs.column(index, range, into: row)
          }
        }
        var exponents = tk_exponents(
          cost: nil, point: nil, targets: nil, stride: 0, costs: row.baseAddress,
          count: range.count, scale: scale, offsets: offsets)
        return body(&exponents)
      }
    }
    let (from, to) =
      side == .source ? (geometry.sources, geometry.targets) : (geometry.targets, geometry.sources)
    let (stride, otherStride) = (count(side), count(side.opposite))
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: geometry.axisCount) { point in
      for axis in 0..<geometry.axisCount { point[axis] = from[axis * stride + index] }
      var exponents = tk_exponents(
        cost: geometry.kernel, point: point.baseAddress, targets: to + range.lowerBound,
        stride: otherStride, costs: nil, count: range.count, scale: scale, offsets: offsets)
      return body(&exponents)
    }
  }
}
