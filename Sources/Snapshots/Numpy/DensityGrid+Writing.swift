extension DensityGrid {
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
