import Libc
import TransportKernels

/// The Gibbs kernel between points in blocks, with sums that leave out pairs of blocks that are so far
/// apart that all of them together change no sum by more than the part `omission` of itself.
///
/// A pair of blocks is left out when its largest possible term is 2⁻¹⁰ omission/m of the guessed
/// sum or less. The result is then compared with the guess: where the guess was too high by more
/// than a factor of 2¹⁰, what was found, which the sum cannot fall below, is the next guess. So the
/// guesses decide about the time and not about the result.
struct BlockKernel: GibbsKernel {
  let costs: PairCosts
  let scale: Double
  let loops: SharedLoops
  /// The points in blocks.
  let blocks: BlockedGeometry
  let omission: Double

  var sweepsPairs: Bool { true }

  func omitting(_ part: Double) -> BlockKernel {
    BlockKernel(costs: costs, scale: scale, loops: loops, blocks: blocks, omission: part)
  }

  func spatialOrder(_ side: TransportSide) -> [Int] { blocks.blocks(side).order }

  /// Sums that fall below their guess by more than this power of two are computed anew in full.
  private static let trusted = -10.0
  /// By so much, a power of two, the least costs of blocks may be too large by rounding.
  private static let marginOfBounds = 0.01

  func logSums(
    _ side: TransportSide, offsets: [Double], guesses: [Double]
  ) throws(SolverError) -> [Double] {
    try reduceNear(side, offsets: offsets, guesses: guesses) { guess, ranges, point in
      func sum(_ ranges: [Range<Int>], shift: Double) -> Double {
        var sum = 0.0
        for range in ranges {
          var part = point.exponents(range)
          sum += tk_sum_exp2(&part, shift)
        }
        return sum
      }
      let found = sum(ranges, shift: -guess)
      if found > exp2(Self.trusted), found < 0x1p300 { return guess + log2(found) }
      if found > 0x1p-900, found < 1 {
        let bound = guess + log2(found)
        let whole = sum(point.ranges(bound), shift: -bound)
        if whole > 0.5, whole < 0x1p300 { return bound + log2(whole) }
      }
      var all = point.exponents(0..<offsets.count)
      return tk_log2_sum_exp2(&all, guess)
    }
  }

  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    try reduceNear(.source, offsets: offsets, guesses: shifts.map { -$0 }) {
      guess, ranges, point in
      var row = (mass: 0.0, cost: 0.0)
      for range in ranges {
        var part = point.exponents(range)
        let sums = tk_sums_with_costs(&part, -guess)
        row.mass += sums.mass
        row.cost += sums.cost
      }
      if row.mass > exp2(Self.trusted) { return row }
      var all = point.exponents(0..<offsets.count)
      let sums = tk_sums_with_costs(&all, -guess)
      return (sums.mass, sums.cost)
    }
  }

  func shareSums(
    _ share: AxisShare, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [Double] {
    try reduceNear(.source, offsets: offsets, guesses: shifts.map { -$0 }) {
      guess, ranges, point in
      ranges.reduce(0) { $0 + share.sum(point.exponents($1), shift: -guess) }
    }
  }

  /// The other side as a point sees it.
  private struct PointView {
    /// The exponents of its pairs with a range, in the order of the blocks.
    let exponents: (Range<Int>) -> tk_exponents
    /// The ranges that can matter for a guess.
    let ranges: (Double) -> [Range<Int>]
  }

  /// For each point of a side, a number reduced from the exponents of those pairs that can matter.
  ///
  /// - Parameters:
  ///   - guesses: about the logarithms of the sums of the powers.
  ///   - body: is given the guess of a point, the ranges of the other side that can matter, in the
  ///     order of the blocks, and the point's view of them.
  private func reduceNear<Value: BitwiseCopyable & Sendable>(
    _ side: TransportSide, offsets: [Double], guesses: [Double],
    _ body:
      @Sendable (
        _ guess: Double, _ ranges: [Range<Int>], _ point: PointView
      ) -> Value
  ) throws(SolverError) -> [Value] {
    let here = blocks.blocks(side)
    let values = try reduceBlocks(side, offsets: offsets, guesses: guesses) { block, near, view in
      here.range(block).map { body(guesses[here.order[$0]], near, view($0)) }
    }
    // Back from the order of the blocks.
    return here.positions.map { values[$0 / SpatialBlocks.size][$0 % SpatialBlocks.size] }
  }

  /// For each block of a side, values of its points reduced from the exponents of those pairs that can matter.
  ///
  /// - Parameters:
  ///   - guesses: about the logarithms of the sums of the powers.
  ///   - body: is given a block, the ranges of the other side that can matter to any of its points, in the order
  ///     of the blocks, and the views of its points by their positions, one at a time.
  private func reduceBlocks<Value: BitwiseCopyable & Sendable>(
    _ side: TransportSide, offsets: [Double], guesses: [Double],
    _ body:
      @Sendable (
        _ block: Int, _ near: [Range<Int>], _ view: (_ position: Int) -> PointView
      ) -> [Value]
  ) throws(SolverError) -> [[Value]] {
    let geometry = blocks.geometry
    let (here, there) = (blocks.blocks(side), blocks.blocks(side.opposite))
    let (stride, others) = (here.order.count, there.order.count)
    let sortedOffsets = there.order.map { offsets[$0] }
    let largestOffsets = (0..<there.count).map { block in
      there.range(block).reduce(-Double.infinity) { max($0, sortedOffsets[$1]) }
    }
    let depth = log2(omission / Double(others)) + Self.trusted
    return try sortedOffsets.withUnsafeBufferPointer { offsetBuffer throws(SolverError) in
      try there.coordinates.withUnsafeBufferPointer { targetBuffer throws(SolverError) in
        nonisolated(unsafe) let (offsetBuffer, targetBuffer) = (offsetBuffer, targetBuffer)
        return try loops.map(
          count: here.count, costPerItem: 0.1 * Double(SpatialBlocks.size * others),
          of: offsets + guesses + [scale, omission], length: { here.range($0).count }
        ) { block -> [Value] in
          let least = here.range(block).reduce(Double.infinity) {
            min($0, guesses[here.order[$1]])
          }
          let near = ranges(
            near: block, side, largestOffsets: largestOffsets, threshold: least + depth)
          return withUnsafeTemporaryAllocation(
            of: Double.self, capacity: geometry.axisCount
          ) { point in
            body(block, near) { position in
              for axis in 0..<geometry.axisCount {
                point[axis] = here.coordinates[axis * stride + position]
              }
              return PointView { range in
                tk_exponents(
                  cost: geometry.kernel, point: point.baseAddress,
                  targets: targetBuffer.baseAddress.map { $0 + range.lowerBound }, stride: others,
                  costs: nil, count: range.count, scale: scale,
                  offsets: offsetBuffer.baseAddress.map { $0 + range.lowerBound })
              } ranges: { guess in
                ranges(near: block, side, largestOffsets: largestOffsets, threshold: guess + depth)
              }
            }
          }
        }
      }
    }
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

  func entries(
    at positions: Range<Int>, offsets: [Double], shifts: [Double], limits: [Double]
  ) throws(SolverError) -> [[KernelEntry]] {
    guard let last = positions.last else { return [] }
    let geometry = blocks.geometry
    let (here, there) = (blocks.source, blocks.target)
    let (stride, others) = (here.order.count, there.order.count)
    let sortedOffsets = there.order.map { offsets[$0] }
    let sortedLimits = there.order.map { limits[$0] }
    // By how much exponents may lie below 0 for terms to exceed their limits.
    let largestExcesses = (0..<there.count).map { block in
      there.range(block).reduce(-Double.infinity) { largest, position in
        let offset = sortedOffsets[position]
        return offset.isFinite ? max(largest, offset - log2(sortedLimits[position])) : largest
      }
    }
    let tile = 1024
    let first = positions.lowerBound / SpatialBlocks.size
    let rows = try sortedOffsets.withUnsafeBufferPointer { offsetBuffer throws(SolverError) in
      try there.coordinates.withUnsafeBufferPointer { targetBuffer throws(SolverError) in
        nonisolated(unsafe) let (offsetBuffer, targetBuffer) = (offsetBuffer, targetBuffer)
        return try Parallel.stoppableMap(
          count: last / SpatialBlocks.size + 1 - first,
          costPerItem: 0.1 * Double(SpatialBlocks.size * others)
        ) { item -> [[KernelEntry]] in
          let block = first + item
          let rows = here.range(block).clamped(to: positions)
          let largest = rows.reduce(-Double.infinity) { max($0, shifts[here.order[$1]]) }
          guard largest > -.infinity, let offsets = offsetBuffer.baseAddress,
            let targets = targetBuffer.baseAddress
          else { return rows.map { _ in [] } }
          let near = ranges(
            near: block, .source, largestOffsets: largestExcesses,
            threshold: -largest - Self.marginOfBounds)
          return withUnsafeTemporaryAllocation(
            of: Double.self, capacity: geometry.axisCount + tile
          ) { scratch in
            rows.map { position in
              var entries: [KernelEntry] = []
              let shift = shifts[here.order[position]]
              guard shift.isFinite, let point = scratch.baseAddress else { return entries }
              let terms = point + geometry.axisCount
              for axis in 0..<geometry.axisCount {
                point[axis] = here.coordinates[axis * stride + position]
              }
              for range in near {
                for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: tile) {
                  let count = min(tile, range.upperBound - start)
                  var exponents = tk_exponents(
                    cost: geometry.kernel, point: point, targets: targets + start, stride: others,
                    costs: nil, count: count, scale: scale, offsets: offsets + start)
                  tk_exp2(&exponents, shift, terms)
                  for term in 0..<count where terms[term] > sortedLimits[start + term] {
                    entries.append(
                      KernelEntry(target: Int32(there.order[start + term]), term: terms[term]))
                  }
                }
              }
              return entries
            }
          }
        }
      }
    }
    return Array(rows.joined())
  }
}
