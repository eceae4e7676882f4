import OptimalTransport

/// A grid of equal cells in the coordinates of a metric, sheared and wrapped: of each circle as a whole, and of each
/// line from the first to the last of some particles.
public struct CoarseningGrid: Sendable {
  let coordinates: MetricCoordinates
  /// For each compared axis the centers of its cells.
  public let centers: [[Double]]
  /// For each axis where its first cell begins, and how many cells there are in a unit of length.
  private let scales: [(origin: Double, density: Double)]

  /// A grid has no more cells than this.
  public static let largestCount = 1 << 22

  /// A grid in which all particles of some measures lie. An axis on which they do not differ has one cell.
  ///
  /// - Parameters:
  ///   - extents: how far the particles of the measures reach.
  ///   - positions: the number of cells on each position axis.
  ///   - velocities: the number of cells on each velocity axis.
  /// - Throws: `CoarseningError`, also for more than `largestCount` cells.
  public init(
    covering extents: [CoarseningExtent], positions: Int, velocities: Int
  ) throws(CoarseningError) {
    guard let first = extents.first else { throw .noMass }
    for extent in extents {
      guard first.coordinates.agree(with: extent.coordinates) else { throw .differentMetrics }
      try extent.check()
    }
    for count in [positions, velocities] where count < 1 {
      throw .badCount(of: "cells on an axis", count)
    }
    coordinates = first.coordinates
    var (centers, scales, total) = ([[Double]](), [(origin: Double, density: Double)](), 1)
    for axis in coordinates.axes.indices {
      let wanted = axis < coordinates.positionCount ? positions : velocities
      let product = total.multipliedReportingOverflow(by: wanted)
      total = product.overflow ? Int.max : product.partialValue
      guard total <= Self.largestCount else { throw .tooManyCells(most: Self.largestCount) }
      let isCircle = coordinates.axes[axis].isPeriodic
      let least = isCircle ? 0 : extents.reduce(.infinity) { min($0, $1.ranges[axis].least) }
      let greatest =
        isCircle
        ? coordinates.axes[axis].length
        : extents.reduce(-.infinity) { max($0, $1.ranges[axis].greatest) }
      let count = least < greatest ? wanted : 1
      let width = (greatest - least) / Double(count)
      centers.append((0..<count).map { least + (Double($0) + 0.5) * width })
      scales.append((least, width > 0 ? 1 / width : 0))
    }
    (self.centers, self.scales) = (centers, scales)
  }

  /// The number of cells.
  public var count: Int { centers.reduce(1) { $0 * $1.count } }

  /// The cell of a coordinate on an axis; next to a border rounding may choose either side.
  @inline(__always)
  func cell(_ coordinate: Double, on axis: Int) -> Int {
    let place = (coordinate - scales[axis].origin) * scales[axis].density
    // Also what is not a number stays in the grid.
    return place > 0 ? min(centers[axis].count - 1, Int(min(place, 0x1p30))) : 0
  }
}
