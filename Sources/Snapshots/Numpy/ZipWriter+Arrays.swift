import OptimalTransport

/// An array as a member of an archive.
private enum NPYMember: ZipContent {
  case columns([CoordinateColumn], shape: [Int])
  case wholes([UInt64])
  case indices([Int32])

  func write(to sink: inout some ByteSink & ~Copyable) throws(SnapshotError) {
    switch self {
    case .columns(let columns, let shape): try NPYArray.write(columns, shape: shape, to: &sink)
    case .wholes(let wholes): try NPYArray.write(wholes: wholes, to: &sink)
    case .indices(let indices): try NPYArray.write(indices: indices, to: &sink)
    }
  }
}

extension ZipWriter {
  /// Writes the columns as an array under a name.
  mutating func add(
    _ name: String, _ columns: [CoordinateColumn], shape: [Int]
  ) throws(SnapshotError) {
    try add(name + ".npy", NPYMember.columns(columns, shape: shape))
  }

  /// Writes the columns as an array under a name.
  mutating func add(
    _ name: String, _ columns: [[Double]], shape: [Int]
  ) throws(SnapshotError) {
    try add(name, columns.map { CoordinateColumn($0) }, shape: shape)
  }

  /// Writes whole numbers as an array under a name.
  mutating func add(_ name: String, wholes: [UInt64]) throws(SnapshotError) {
    try add(name + ".npy", NPYMember.wholes(wholes))
  }

  /// Writes indices as an array under a name.
  mutating func add(_ name: String, indices: [Int32]) throws(SnapshotError) {
    try add(name + ".npy", NPYMember.indices(indices))
  }
}
