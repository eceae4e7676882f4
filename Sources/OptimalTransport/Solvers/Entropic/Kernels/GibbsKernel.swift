import TransportKernels

/// The Gibbs kernel 2^{−λ c_ij} of a problem, computed when asked for and never stored.
///
/// Sums over all pairs throw `SolverError.cancelled` where a watch is in force that says to stop.
///
/// Powers of two instead of e: λ = log₂(e)/ε, with ε in the problem's own unit. The kernel then
/// reduces its arguments exactly.
struct GibbsKernel: Sendable {
  /// The costs, in the problem's own unit.
  let costs: PairCosts
  /// λ.
  let scale: Double
  /// The points in blocks, where there are so many that leaving out far pairs pays.
  let blocks: BlockedGeometry?
  /// The costs axis by axis, between tensor grids.
  let grid: SeparableCosts?
  /// The part of a sum that may be left out, where there are blocks.
  var omission: Double

  init(
    costs: PairCosts, scale: Double, blocks: BlockedGeometry?, grid: SeparableCosts? = nil,
    omission: Double = leastOmission
  ) {
    self.costs = costs
    self.scale = scale
    self.blocks = blocks
    self.grid = grid
    self.omission = omission
  }

  /// To leave out less than about a rounding would be of no use.
  static let leastOmission = 0x1p-54

  /// The number of pairs from which on blocks are made.
  static let blockedPairs = 1_000_000

  /// The number of pairs that are taken at once where terms are written out.
  static let tile = 1024

  /// ε, in the problem's own unit.
  var regularization: Double { SinkhornIteration.scale(scale) }

  /// The number of points on a side.
  func count(_ side: TransportSide) -> Int {
    side == .source ? costs.sourceCount : costs.targetCount
  }

  /// For each point of a side, log₂ of the sum over the other side of 2^{offset − λ cost}.
  ///
  /// - Parameters:
  ///   - offsets: one for each point of the other side, finite or −∞.
  ///   - guesses: about the result; a good guess saves a second sweep.
  /// - Complexity: O(nm) time, O(n + m) memory, on all processors; on tensor grids O(N Σ n_k) time
  ///   for N nodes.
  func logSums(_ side: TransportSide, offsets: [Double], guesses: [Double])
    throws(SolverError) -> [Double]
  {
    if let grid { return try gridLogSums(side, grid, offsets: offsets) }
    if let blocks {
      return try truncatedLogSums(side, blocks, offsets: offsets, guesses: guesses)
    }
    let others = count(side.opposite)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try Parallel.stoppableMap(count: count(side), costPerItem: 0.6 * Double(others)) {
        index in
        guard let offsets else { return -.infinity }
        return withExponents(side, index, 0..<others, offsets: offsets) { exponents in
          tk_log2_sum_exp2(&exponents, guesses[index])
        }
      }
    }
  }

  /// For each point of a side, a number reduced from the terms 2^{shift + offset − λ cost} of its
  /// row, tile by tile.
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
    let others = count(side.opposite)
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      let points = points ?? 0..<count(side)
      return try Parallel.stoppableMap(count: points.count, costPerItem: Double(others)) { item in
        let index = points.lowerBound + item
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.tile) { row in
          var value = initial
          guard let offsets, let terms = row.baseAddress else { return value }
          for start in stride(from: 0, to: others, by: Self.tile) {
            let range = start..<min(start + Self.tile, others)
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

  /// For each source point, Σ_j c_j 2^{shift + offset_j − λ c_j}.
  ///
  /// - Complexity: one sweep over all pairs.
  func meanCosts(offsets: [Double], shifts: [Double]) throws(SolverError) -> [Double] {
    try rowSums(offsets: offsets, shifts: shifts).map(\.cost)
  }

  /// For each source point, Σ_j 2^{shift + offset_j − λ c_j} and the same with c_j as a factor.
  ///
  /// - Parameter shifts: about minus the logarithms of the sums without them; good ones save time.
  /// - Complexity: one sweep over all pairs.
  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    if let grid { return try gridRowSums(grid, offsets: offsets, shifts: shifts) }
    if let blocks { return try truncatedRowSums(blocks, offsets: offsets, shifts: shifts) }
    let others = costs.targetCount
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try Parallel.stoppableMap(count: costs.sourceCount, costPerItem: Double(others)) {
        index in
        guard let offsets else { return (0, 0) }
        return withExponents(.source, index, 0..<others, offsets: offsets) { exponents in
          let sums = tk_sums_with_costs(&exponents, shifts[index])
          return (sums.mass, sums.cost)
        }
      }
    }
  }

  private func write(
    _ side: TransportSide, _ index: Int, _ range: Range<Int>,
    into row: UnsafeMutablePointer<Double>
  ) {
    switch side {
    case .source: costs.row(index, range, into: row)
    case .target: costs.column(index, range, into: row)
    }
  }

  /// The exponents of one point of a side against a range of the other, whose first offset is
  /// `offsets[0]`.
  @inline(__always)
  func withExponents<Result>(
    _ side: TransportSide, _ index: Int, _ range: Range<Int>, offsets: UnsafePointer<Double>,
    _ body: (inout tk_exponents) -> Result
  ) -> Result {
    guard let geometry = costs.geometry else {
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: range.count) { row in
        if let row = row.baseAddress { write(side, index, range, into: row) }
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
