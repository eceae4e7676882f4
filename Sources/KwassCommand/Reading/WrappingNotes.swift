import KineticTransport

/// Positions that lie outside a box and are wrapped into it. Some codes count from the middle of the box,
/// and some write how far particles have gone; but a box in another unit looks like that too.
enum WrappingNotes {
  /// Of no axis, where positions play no part.
  case none
  /// Of axes on which positions lie more than a length away from the box, and where a user has stated
  /// the box also more than a length apart from each other.
  case suspicious
  /// Of every axis on which a position lies outside.
  case all

  /// A sentence for each of these axes.
  ///
  /// - Parameter isStatedByUser: whether the box is not that of the file.
  func notes(_ snapshot: Snapshot, isStatedByUser: Bool) -> [String] {
    guard let box = snapshot.box, self != .none else { return [] }
    return zip(box.axes, snapshot.positions).enumerated().compactMap { axis, pair in
      let (kind, values) = pair
      guard case .circle(let length) = kind, let least = values.min(), let greatest = values.max()
      else { return nil }
      let outside = values.count { kind.wrapped($0) != $0 }
      let farthest = max(-least, greatest - length)
      let isWide = isStatedByUser && greatest - least > length * (1 + 1e-9)
      guard outside > 0, self == .all || isWide || farthest > length else {
        return nil
      }
      return "\(outside) of \(count(values.count, "position", "positions")) x\(axis + 1) "
        + "\(outside == 1 ? "lies" : "lie") outside the box of length \(length), the farthest by "
        + "\(max(0, farthest)), and \(outside == 1 ? "is" : "are") wrapped into it."
    }
  }
}
