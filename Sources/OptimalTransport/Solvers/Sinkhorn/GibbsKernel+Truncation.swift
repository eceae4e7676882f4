import TransportKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension GibbsKernel {
  /// What is left out of a sum is below this power of two, relative to the sum as it was guessed.
  private static let negligible = -64.0
  /// Sums that fall below their guess by more than this power of two are computed anew in full.
  private static let trusted = -10.0

  /// `logSums`, leaving out pairs of blocks that are so far apart that all of them together change
  /// no sum by more than 2⁻⁵⁴ of itself.
  ///
  /// A pair of blocks is left out when its largest possible term is 2⁻⁶⁴/m of the guessed sum or
  /// less; together these are at most 2⁻⁶⁴ of the guess. The result is then compared with the guess:
  /// where the guess was too high by more than a factor of 2¹⁰ the sum is computed without leaving
  /// out anything. So the guesses decide about the time and not about the result.
  func truncatedLogSums(
    _ side: TransportSide, _ geometry: BlockedGeometry, offsets: [Double], guesses: [Double]
  ) -> [Double] {
    let (here, there) = (geometry.blocks(side), geometry.blocks(side.opposite))
    let (stride, others) = (here.order.count, there.order.count)
    let axisCount = geometry.geometry.axisCount
    let sortedOffsets = there.order.map { offsets[$0] }
    let largestOffsets = (0..<there.count).map { block in
      there.range(block).reduce(-Double.infinity) { max($0, sortedOffsets[$1]) }
    }
    let depth = Self.negligible - log2(Double(others))
    let sums = sortedOffsets.withUnsafeBufferPointer { offsetBuffer in
      there.coordinates.withUnsafeBufferPointer { targetBuffer in
        nonisolated(unsafe) let (offsetBuffer, targetBuffer) = (offsetBuffer, targetBuffer)
        return Parallel.map(
          count: here.count, costPerItem: 0.1 * Double(SpatialBlocks.size * others)
        ) { block -> [Double] in
          guard let offsets = offsetBuffer.baseAddress, let targets = targetBuffer.baseAddress
          else { return [] }
          let positions = here.range(block)
          let least = positions.reduce(Double.infinity) { min($0, guesses[here.order[$1]]) }
          var ranges: [Range<Int>] = []
          for other in 0..<there.count
          where largestOffsets[other] - scale * geometry.leastCost(side, block, other)
            >= least + depth
          {
            let range = there.range(other)
            if let last = ranges.last, last.upperBound == range.lowerBound {
              ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
              ranges.append(range)
            }
          }
          return withUnsafeTemporaryAllocation(of: Double.self, capacity: axisCount) { point in
            positions.map { position in
              for axis in 0..<axisCount {
                point[axis] = here.coordinates[axis * stride + position]
              }
              func exponents(_ range: Range<Int>) -> tk_exponents {
                tk_exponents(
                  cost: geometry.geometry.kernel, point: point.baseAddress,
                  targets: targets + range.lowerBound, stride: others, costs: nil,
                  count: range.count, scale: scale, offsets: offsets + range.lowerBound)
              }
              let guess = guesses[here.order[position]]
              var sum = 0.0
              for range in ranges {
                var part = exponents(range)
                sum += tk_sum_exp2(&part, -guess)
              }
              if sum > exp2(Self.trusted), sum < 0x1p300 { return guess + log2(sum) }
              var all = exponents(0..<others)
              return tk_log2_sum_exp2(&all, guess)
            }
          }
        }
      }
    }
    var result = [Double](repeating: 0, count: stride)
    for block in sums.indices {
      for (position, sum) in zip(here.range(block), sums[block]) {
        result[here.order[position]] = sum
      }
    }
    return result
  }
}
