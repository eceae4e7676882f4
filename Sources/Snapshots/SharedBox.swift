import OptimalTransport

extension SnapshotFile {
  /// The box in which this snapshot and another one with as many position coordinates are compared: the
  /// one that both state, or one of them.
  ///
  /// - Returns: `nil`, for free space, where neither states any.
  /// - Throws: `SnapshotPairError` where they state different ones.
  public func sharedBox(with other: SnapshotFile) throws(SnapshotPairError) -> ProductDomain? {
    let free = snapshot.positions.map { _ in CoordinateAxis.line }
    let (own, others) = (snapshot.box, other.snapshot.box)
    guard (own?.axes ?? free) == (others?.axes ?? free) else {
      throw .boxesDiffer(first: path, own, second: other.path, others)
    }
    return own ?? others
  }
}

/// Why two snapshots cannot be compared.
public enum SnapshotPairError: Error, Hashable, Sendable, CustomStringConvertible {
  /// They have different numbers of coordinates; positions first, then velocities.
  case dimensionsDiffer(first: String, [Int], second: String, [Int])
  /// They state different boxes.
  case boxesDiffer(first: String, ProductDomain?, second: String, ProductDomain?)

  /// A full sentence.
  public var description: String { sentence(naming: \.description) }

  /// A full sentence, with a name for the choice that it points to.
  public func sentence(naming name: (ReadingChoice) -> String) -> String {
    switch self {
    case .dimensionsDiffer(let first, let sizes, let second, let others):
      "\(first) has \(Self.words(sizes)), \(second) has \(Self.words(others)); both must have the same."
    case .boxesDiffer(let first, let box, let second, let other):
      "\(first) states \(Self.words(box)) and \(second) states \(Self.words(other)); state the right one "
        + "(\(name(.box)))."
    }
  }

  private static func words(_ sizes: [Int]) -> String {
    "\(sizes[0]) position and \(sizes[1]) velocity coordinates"
  }

  private static func words(_ box: ProductDomain?) -> String {
    box.map { "the box \($0.notation)" } ?? "no box"
  }
}

extension SnapshotFile {
  /// Refuses two snapshots with different numbers of coordinates.
  ///
  /// - Throws: `SnapshotPairError`.
  public func checkDimensions(like other: SnapshotFile) throws(SnapshotPairError) {
    let sizes = [self, other].map { [$0.snapshot.positions.count, $0.snapshot.velocities.count] }
    guard sizes[0] == sizes[1] else {
      throw .dimensionsDiffer(first: path, sizes[0], second: other.path, sizes[1])
    }
  }
}
