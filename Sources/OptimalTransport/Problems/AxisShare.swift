import TransportKernels

/// The share that some axes have in the costs of pairs: of each block of the cost the part that their
/// squared distance is of the block's.
struct AxisShare: Sendable {
  /// A block that covers some of the axes.
  private struct Block {
    let weight: Double
    let exponent: Double
    let whole: SquaredDistance
    /// That of the axes themselves; `nil` where they are all of the block.
    let part: SquaredDistance?
  }

  private let blocks: [Block]
  private static let tile = 1024

  /// The share of axes; `nil` unless blocks of positive weight cover all axes of the problem.
  init?(_ problem: TransportProblem, axes: Range<Int>) {
    guard let geometry = problem.pairCosts.geometry, case .blocks(let stated) = problem.cost,
      stated.allSatisfy({ $0.weight > 0 }),
      stated.reduce(0, { $0 + $1.axes.count }) == problem.source.dimension
    else { return nil }
    blocks = geometry.blocks.compactMap { block in
      let common = block.axes.clamped(to: axes)
      guard !common.isEmpty else { return nil }
      return Block(
        weight: block.weight, exponent: block.exponent,
        whole: SquaredDistance(geometry, axes: block.axes),
        part: common == block.axes ? nil : SquaredDistance(geometry, axes: common))
    }
  }

  /// Σ_j s_j 2^{shift + offset_j − λ c_j} over the pairs of some exponents, with the shares s_j of the costs,
  /// in the problem's own unit.
  func sum(_ exponents: tk_exponents, shift: Double) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * Self.tile) { scratch in
      guard let terms = scratch.baseAddress else { return 0 }
      let (squares, parts) = (terms + Self.tile, terms + 2 * Self.tile)
      var sum = 0.0
      for start in stride(from: 0, to: exponents.count, by: Self.tile) {
        var tile = exponents
        tile.targets = exponents.targets + start
        tile.offsets = exponents.offsets + start
        tile.count = min(Self.tile, exponents.count - start)
        tk_exp2(&tile, shift, terms)
        for block in blocks {
          block.whole.write(tile, to: squares)
          block.part?.write(tile, to: parts)
          var share = 0.0
          for index in 0..<tile.count where squares[index] > 0 {
            let cost = squares[index].power(block.exponent / 2)
            share +=
              terms[index] * (block.part == nil ? cost : cost * (parts[index] / squares[index]))
          }
          sum += block.weight * share
        }
      }
      return sum
    }
  }
}

/// The squared distance on some consecutive axes, as the kernels take it.
private final class SquaredDistance: Sendable {
  private let geometry: CostGeometry
  nonisolated(unsafe) private let numbers: UnsafeMutablePointer<Double>
  nonisolated(unsafe) private let ends: UnsafeMutablePointer<Int32>
  nonisolated(unsafe) private let kernel: tk_block_cost

  init(_ geometry: CostGeometry, axes: Range<Int>) {
    self.geometry = geometry
    // The axes before, these, and those behind; the blocks without weight may be empty.
    let numbers = UnsafeMutablePointer<Double>.allocate(capacity: 9)
    for (index, number) in [0.0, 1, 0, 2, 2, 2, 0, 0, 0].enumerated() {
      (numbers + index).initialize(to: number)
    }
    let ends = UnsafeMutablePointer<Int32>.allocate(capacity: 3)
    for (index, end) in [axes.lowerBound, axes.upperBound, geometry.axisCount].enumerated() {
      (ends + index).initialize(to: Int32(end))
    }
    var kernel = geometry.kernel.pointee
    kernel.block_count = 3
    kernel.block_ends = UnsafePointer(ends)
    kernel.block_weights = UnsafePointer(numbers)
    kernel.block_exponents = UnsafePointer(numbers + 3)
    kernel.block_squares = UnsafePointer(numbers + 6)
    (self.numbers, self.ends, self.kernel) = (numbers, ends, kernel)
  }

  deinit {
    numbers.deallocate()
    ends.deallocate()
  }

  func write(_ pairs: tk_exponents, to squares: UnsafeMutablePointer<Double>) {
    var kernel = kernel
    tk_costs(&kernel, pairs.point, pairs.targets, pairs.stride, pairs.count, squares)
  }
}
