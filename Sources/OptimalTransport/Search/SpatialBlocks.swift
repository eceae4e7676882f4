import Libc

/// The points of one side in an order in which neighbours stand together, cut into blocks with
/// bounding boxes.
struct SpatialBlocks: Sendable {
  /// The points of a block; the last block may have fewer.
  static let size = 64
  /// Within a block, neighbours stand together in groups of this size.
  static let groupSize = 8

  /// The original index of each point.
  let order: [Int]
  /// The position of each original index.
  let positions: [Int]
  /// Axis k of the point at position i at `k * order.count + i`, in the geometry's scaled units.
  let coordinates: [Double]
  /// The least and largest coordinate of block b on axis k at `k * count + b`.
  let low: [Double]
  let high: [Double]

  /// The number of blocks.
  var count: Int { (order.count + Self.size - 1) / Self.size }

  /// The positions of a block.
  func range(_ block: Int) -> Range<Int> {
    block * Self.size..<min((block + 1) * Self.size, order.count)
  }

  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: O(n log n) for n points.
  init(
    _ points: UnsafePointer<Double>, count: Int, axisScales: [Double]
  ) throws(SolverError) {
    let axisCount = axisScales.count
    let order = try KdOrder.stoppableOrder(
      coordinates: points, count: count, axisScales: axisScales, leafSize: Self.groupSize,
      units: [Self.size, Self.groupSize]
    ).map { Int($0) }
    let blocks = (count + Self.size - 1) / Self.size
    var low = [Double](repeating: .infinity, count: blocks * axisCount)
    var high = [Double](repeating: -.infinity, count: blocks * axisCount)
    var coordinates = [Double](repeating: 0, count: count * axisCount)
    for axis in 0..<axisCount {
      try SolverWatch.check()
      for (position, index) in order.enumerated() {
        let value = points[axis * count + index]
        let box = axis * blocks + position / Self.size
        coordinates[axis * count + position] = value
        low[box] = min(low[box], value)
        high[box] = max(high[box], value)
      }
    }
    var positions = order
    for (position, index) in order.enumerated() { positions[index] = position }
    self.order = order
    self.positions = positions
    self.coordinates = coordinates
    self.low = low
    self.high = high
  }
}

/// Both sides of a problem in blocks, and what a move between two blocks costs at least.
final class BlockedGeometry: Sendable {
  let source: SpatialBlocks
  let target: SpatialBlocks
  let geometry: CostGeometry

  /// Both sides of a geometry in blocks.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: O((n + m) log(n + m)).
  init(_ geometry: CostGeometry) throws(SolverError) {
    self.geometry = geometry
    source = try SpatialBlocks(
      geometry.sources, count: geometry.sourceCount, axisScales: geometry.axisScales)
    target = try SpatialBlocks(
      geometry.targets, count: geometry.targetCount, axisScales: geometry.axisScales)
  }

  /// The blocks of a side.
  func blocks(_ side: TransportSide) -> SpatialBlocks { side == .source ? source : target }

  /// Writes for each block of the other side a lower bound, but for rounding, of the cost between
  /// any of its points and any point of a block.
  ///
  /// - Parameter costs: has place for twice the number of blocks of the other side.
  func leastCosts(
    _ side: TransportSide, _ block: Int, into costs: UnsafeMutablePointer<Double>
  ) {
    let (here, there) = (blocks(side), blocks(side.opposite))
    let others = there.count
    let squares = costs + others
    costs.update(repeating: 0, count: others)
    there.low.withUnsafeBufferPointer { lows in
      there.high.withUnsafeBufferPointer { highs in
        for term in geometry.blocks {
          squares.update(repeating: 0, count: others)
          for axis in term.axes {
            let (low, high) = (
              here.low[axis * here.count + block], here.high[axis * here.count + block]
            )
            let length = geometry.lengths[axis]
            for other in 0..<others {
              let (otherLow, otherHigh) = (
                lows[axis * others + other], highs[axis * others + other]
              )
              let direct = max(0, max(otherLow - high, low - otherHigh))
              let around = length - (max(high, otherHigh) - min(low, otherLow))
              let gap = min(direct, max(0, around))
              squares[other] += gap * gap
            }
          }
          if term.exponent == 2 {
            for other in 0..<others { costs[other] += term.weight * squares[other] }
          } else {
            for other in 0..<others where squares[other] > 0 {
              costs[other] += term.weight * pow(squares[other], term.exponent / 2)
            }
          }
        }
      }
    }
  }
}
