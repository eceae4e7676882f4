import OptimalTransport

/// A density f(x, v) on the nodes of a grid with one position and one velocity axis, as a file holds
/// it: what `SnapshotFile` turns into particles, before it does so.
public struct DensityGrid: Sendable, Equatable {
  /// The positions, in increasing order.
  public var positions: [Double]
  /// The velocities, in increasing order.
  public var velocities: [Double]
  /// f(x_i, v_j) at `values[j][i]`.
  public var values: [[Double]]
  /// The velocities between which the grid lies; `nil` where the file does not state them.
  public var velocityRange: ClosedRange<Double>?
  /// The box: one axis; `nil` where the file states none.
  public var box: Domain?
  /// The physical time; `nil` where the file states none.
  public var time: Double?

  /// A grid.
  public init(
    positions: [Double], velocities: [Double], values: [[Double]],
    velocityRange: ClosedRange<Double>? = nil, box: Domain? = nil, time: Double? = nil
  ) {
    self.positions = positions
    self.velocities = velocities
    self.values = values
    self.velocityRange = velocityRange
    self.box = box
    self.time = time
  }

  /// Writes the grid as an archive of the arrays f, x, v, velocity_range, time and box, whole or not
  /// at all.
  ///
  /// - Throws: `SnapshotError`, also for a path that does not end in .npz or an infinite number.
  /// - Complexity: O(values).
  public func write(to path: String) throws(SnapshotError) {
    guard SnapshotFormat(path: path) == .npz else {
      throw .unwritable(path: path, reason: "a density on a grid goes into a .npz file.")
    }
    guard values.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .unwritable(path: path, reason: "the density is not finite everywhere.")
    }
    var archive = try ZipWriter(path: path)
    try archive.add("f", values, shape: [positions.count, velocities.count])
    try archive.add("x", [positions], shape: [positions.count])
    try archive.add("v", [velocities], shape: [velocities.count])
    if let range = velocityRange {
      try archive.add("velocity_range", [[range.lowerBound, range.upperBound]], shape: [2])
    }
    if let time { try archive.add("time", [[time]], shape: []) }
    if let box { try archive.add("box", [box.axes.map(\.length)], shape: [box.dimension]) }
    try archive.commit()
  }
}
