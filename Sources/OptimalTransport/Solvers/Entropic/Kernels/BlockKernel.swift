import Libc
import TransportKernels

/// The Gibbs kernel between points in blocks, with sums that leave out pairs of blocks that are so far
/// apart that all of them together change no sum by more than the part `omission` of itself.
///
/// A pair of blocks is left out when its largest possible term is 2⁻¹⁰ omission/m of the guessed
/// sum or less. The result is then compared with the guess: where the guess was too high by more
/// than a factor of 2¹⁰ the sum is computed without leaving out anything. So the guesses decide
/// about the time and not about the result.
struct BlockKernel: GibbsKernel {
  let costs: PairCosts
  let scale: Double
  /// The points in blocks.
  let blocks: BlockedGeometry
  let omission: Double

  var sweepsPairs: Bool { true }

  func omitting(_ part: Double) -> BlockKernel {
    BlockKernel(costs: costs, scale: scale, blocks: blocks, omission: part)
  }

  func spatialOrder(_ side: TransportSide) -> [Int] { blocks.blocks(side).order }

  /// Sums that fall below their guess by more than this power of two are computed anew in full.
  private static let trusted = -10.0

  func logSums(
    _ side: TransportSide, offsets: [Double], guesses: [Double]
  ) throws(SolverError) -> [Double] {
    try reduceNear(side, offsets: offsets, guesses: guesses) { guess, ranges, exponents in
      var sum = 0.0
      for range in ranges {
        var part = exponents(range)
        sum += tk_sum_exp2(&part, -guess)
      }
      if sum > exp2(Self.trusted), sum < 0x1p300 { return guess + log2(sum) }
      var all = exponents(0..<offsets.count)
      return tk_log2_sum_exp2(&all, guess)
    }
  }

  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    try reduceNear(.source, offsets: offsets, guesses: shifts.map { -$0 }) {
      guess, ranges, exponents in
      var row = (mass: 0.0, cost: 0.0)
      for range in ranges {
        var part = exponents(range)
        let sums = tk_sums_with_costs(&part, -guess)
        row.mass += sums.mass
        row.cost += sums.cost
      }
      if row.mass > exp2(Self.trusted) { return row }
      var all = exponents(0..<offsets.count)
      let sums = tk_sums_with_costs(&all, -guess)
      return (sums.mass, sums.cost)
    }
  }

  func shareSums(
    _ share: AxisShare, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [Double] {
    try reduceNear(.source, offsets: offsets, guesses: shifts.map { -$0 }) {
      guess, ranges, exponents in
      ranges.reduce(0) { $0 + share.sum(exponents($1), shift: -guess) }
    }
  }

  /// For each point of a side, a number reduced from the exponents of those pairs that can matter.
  ///
  /// - Parameters:
  ///   - guesses: about the logarithms of the sums of the powers.
  ///   - body: is given the guess of a point, the ranges of the other side that can matter, in the
  ///     order of the blocks, and the exponents of any range.
  private func reduceNear<Value: Sendable>(
    _ side: TransportSide, offsets: [Double], guesses: [Double],
    _ body:
      @Sendable (
        _ guess: Double, _ ranges: [Range<Int>], _ exponents: (Range<Int>) -> tk_exponents
      ) -> Value
  ) throws(SolverError) -> [Value] {
    let geometry = blocks.geometry
    let (here, there) = (blocks.blocks(side), blocks.blocks(side.opposite))
    let (stride, others) = (here.order.count, there.order.count)
    let sortedOffsets = there.order.map { offsets[$0] }
    let largestOffsets = (0..<there.count).map { block in
      there.range(block).reduce(-Double.infinity) { max($0, sortedOffsets[$1]) }
    }
    let depth = log2(omission / Double(others)) + Self.trusted
    let values = try sortedOffsets.withUnsafeBufferPointer { offsetBuffer throws(SolverError) in
      try there.coordinates.withUnsafeBufferPointer { targetBuffer throws(SolverError) in
        nonisolated(unsafe) let (offsetBuffer, targetBuffer) = (offsetBuffer, targetBuffer)
        return try Parallel.stoppableMap(
          count: here.count, costPerItem: 0.1 * Double(SpatialBlocks.size * others)
        ) { block -> [Value] in
          guard let offsets = offsetBuffer.baseAddress, let targets = targetBuffer.baseAddress
          else { return [] }
          let positions = here.range(block)
          let least = positions.reduce(Double.infinity) { min($0, guesses[here.order[$1]]) }
          let ranges = ranges(
            near: block, side, largestOffsets: largestOffsets, threshold: least + depth)
          return withUnsafeTemporaryAllocation(
            of: Double.self, capacity: geometry.axisCount
          ) { point in
            positions.map { position in
              for axis in 0..<geometry.axisCount {
                point[axis] = here.coordinates[axis * stride + position]
              }
              return body(guesses[here.order[position]], ranges) { range in
                tk_exponents(
                  cost: geometry.kernel, point: point.baseAddress,
                  targets: targets + range.lowerBound, stride: others, costs: nil,
                  count: range.count, scale: scale, offsets: offsets + range.lowerBound)
              }
            }
          }
        }
      }
    }
    // Back from the order of the blocks.
    var result: [Value] = []
    result.reserveCapacity(stride)
    for position in here.positions {
      result.append(values[position / SpatialBlocks.size][position % SpatialBlocks.size])
    }
    return result
  }

  /// The ranges of the other side, in the order of its blocks, whose largest term reaches a power of two
  /// against some point of a block.
  private func ranges(
    near block: Int, _ side: TransportSide, largestOffsets: [Double], threshold: Double
  ) -> [Range<Int>] {
    let there = blocks.blocks(side.opposite)
    var ranges: [Range<Int>] = []
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * there.count) { scratch in
      guard let costs = scratch.baseAddress else { return }
      blocks.leastCosts(side, block, into: costs)
      for other in 0..<there.count
      where largestOffsets[other] - scale * costs[other] >= threshold {
        let range = there.range(other)
        if let last = ranges.last, last.upperBound == range.lowerBound {
          ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
        } else {
          ranges.append(range)
        }
      }
    }
    return ranges
  }
}
