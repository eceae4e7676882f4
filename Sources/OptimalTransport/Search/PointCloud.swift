/// A cloud of points with supplies: the points themselves in kd order, or clusters of them merged
/// into their centres of mass.
final class PointCloud: Sendable {
  /// The number of points.
  let count: Int
  /// Coordinate k of point i at `k * count + i`.
  nonisolated(unsafe) let coordinates: UnsafePointer<Double>
  /// The integer mass of each point, positive; empty where masses do not matter.
  let supplies: [Int128]
  /// The points of the next finer cloud that make up point i are
  /// `childStarts[i]..<childStarts[i + 1]`.
  let childStarts: [Int32]

  private let axisCount: Int

  /// A cloud from coordinates that are already in order; one that is only searched needs neither
  /// supplies nor children.
  init(
    count: Int, axisCount: Int, supplies: [Int128] = [], childStarts: [Int32] = [],
    fill: (UnsafeMutablePointer<Double>) -> Void
  ) {
    // The leaves of a search tree are read in whole vectors.
    let capacity = count * axisCount + PotentialTree.leafSize
    let storage = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
    storage.initialize(repeating: 0, count: capacity)
    fill(storage)
    coordinates = UnsafePointer(storage)
    self.count = count
    self.axisCount = axisCount
    self.supplies = supplies
    self.childStarts = childStarts
  }

  deinit { coordinates.deallocate() }

  /// Copies the coordinates of a point.
  @inline(__always)
  func copyPoint(_ index: Int, to point: UnsafeMutablePointer<Double>) {
    for axis in 0..<axisCount { point[axis] = coordinates[axis * count + index] }
  }
}
