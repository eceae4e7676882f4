#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
  /// The least and largest coordinate of block b on axis k at `b * axisCount + k`.
  let low: [Double]
  let high: [Double]

  /// The number of blocks.
  var count: Int { (order.count + Self.size - 1) / Self.size }

  /// The positions of a block.
  func range(_ block: Int) -> Range<Int> {
    block * Self.size..<min((block + 1) * Self.size, order.count)
  }

  /// - Complexity: O(n log² n) for n points.
  init(_ points: UnsafePointer<Double>, count: Int, axisCount: Int) {
    var order = Array(0..<count)
    Self.arrange(&order, 0..<count, points, count, axisCount)
    let blocks = (count + Self.size - 1) / Self.size
    var low = [Double](repeating: .infinity, count: blocks * axisCount)
    var high = [Double](repeating: -.infinity, count: blocks * axisCount)
    var coordinates = [Double](repeating: 0, count: count * axisCount)
    for axis in 0..<axisCount {
      for (position, index) in order.enumerated() {
        let value = points[axis * count + index]
        let box = position / Self.size * axisCount + axis
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

  /// Splits along the widest axis at the middle, where a block or group ends, until one group is
  /// left.
  private static func arrange(
    _ order: inout [Int], _ range: Range<Int>, _ points: UnsafePointer<Double>, _ count: Int,
    _ axisCount: Int
  ) {
    guard range.count > groupSize else { return }
    let unit = range.count > size ? size : groupSize
    var widest = (extent: -1.0, axis: 0)
    for axis in 0..<axisCount {
      var (low, high) = (Double.infinity, -Double.infinity)
      for position in range {
        let value = points[axis * count + order[position]]
        (low, high) = (min(low, value), max(high, value))
      }
      if high - low > widest.extent { widest = (high - low, axis) }
    }
    let start = points + widest.axis * count
    // Ties by index, so that the order is always the same.
    order[range].sort { (start[$0], $0) < (start[$1], $1) }
    let units = (range.count + unit - 1) / unit
    let middle = range.lowerBound + units / 2 * unit
    arrange(&order, range.lowerBound..<middle, points, count, axisCount)
    arrange(&order, middle..<range.upperBound, points, count, axisCount)
  }
}

/// Both sides of a problem in blocks, and what a move between two blocks costs at least.
final class BlockedGeometry: Sendable {
  let source: SpatialBlocks
  let target: SpatialBlocks
  let geometry: CostGeometry

  init(_ geometry: CostGeometry) {
    self.geometry = geometry
    source = SpatialBlocks(
      geometry.sources, count: geometry.sourceCount, axisCount: geometry.axisCount)
    target = SpatialBlocks(
      geometry.targets, count: geometry.targetCount, axisCount: geometry.axisCount)
  }

  /// The blocks of a side.
  func blocks(_ side: TransportSide) -> SpatialBlocks { side == .source ? source : target }

  /// A lower bound, but for rounding, of the cost between any two points of two blocks.
  func leastCost(_ side: TransportSide, _ block: Int, _ otherBlock: Int) -> Double {
    let (here, there) = (blocks(side), blocks(side.opposite))
    let (first, second) = (block * geometry.axisCount, otherBlock * geometry.axisCount)
    var cost = 0.0
    for term in geometry.blocks {
      var squares = 0.0
      for axis in term.axes {
        let (low, high) = (here.low[first + axis], here.high[first + axis])
        let (otherLow, otherHigh) = (there.low[second + axis], there.high[second + axis])
        let direct = max(0, otherLow - high, low - otherHigh)
        let around = geometry.lengths[axis] - (max(high, otherHigh) - min(low, otherLow))
        let gap = min(direct, max(0, around))
        squares += gap * gap
      }
      if squares > 0 {
        cost += term.weight * (term.exponent == 2 ? squares : pow(squares, term.exponent / 2))
      }
    }
    return cost
  }
}
