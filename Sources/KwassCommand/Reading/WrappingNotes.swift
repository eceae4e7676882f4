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
    var tally = WrappingTally()
    tally.add(snapshot)
    return notes(tally, isStatedByUser: isStatedByUser)
  }

  /// The same for particles that have come in several pieces.
  func notes(_ tally: WrappingTally, isStatedByUser: Bool) -> [String] {
    guard self != .none else { return [] }
    return tally.axes.enumerated().compactMap { axis, found in
      let (length, outside) = (found.length, found.outside)
      let farthest = max(-found.least, found.greatest - length)
      let isWide = isStatedByUser && found.greatest - found.least > length * (1 + 1e-9)
      guard outside > 0, self == .all || isWide || farthest > length else {
        return nil
      }
      return "\(outside) of \(count(tally.count, "position", "positions")) x\(axis + 1) "
        + "\(outside == 1 ? "lies" : "lie") outside the box of length \(length), the farthest by "
        + "\(max(0, farthest)), and \(outside == 1 ? "is" : "are") wrapped into it."
    }
  }
}

/// How the positions of particles lie to their box.
struct WrappingTally: Codable {
  /// The number of particles.
  private(set) var count = 0
  /// What was found on each axis.
  private(set) var axes: [Axis] = []

  /// The positions on an axis; on a line none of them lies outside.
  struct Axis: Codable {
    var length = Double.infinity
    var least = Double.infinity
    var greatest = -Double.infinity
    var outside = 0
  }

  /// Adds what was found of other particles in the same box.
  mutating func add(_ other: WrappingTally) {
    guard !axes.isEmpty else {
      if !other.axes.isEmpty { self = other }
      return
    }
    count += other.count
    for (axis, found) in other.axes.enumerated() where axes.indices.contains(axis) {
      axes[axis].least = min(axes[axis].least, found.least)
      axes[axis].greatest = max(axes[axis].greatest, found.greatest)
      axes[axis].outside += found.outside
    }
  }

  /// Adds particles, all in the same box.
  mutating func add(_ snapshot: Snapshot) {
    guard let box = snapshot.box else { return }
    if axes.isEmpty { axes = box.axes.map { Axis(length: $0.length) } }
    count += snapshot.count
    for (axis, values) in snapshot.positions.enumerated() where box.axes[axis].isPeriodic {
      let kind = box.axes[axis]
      for value in values {
        axes[axis].least = min(axes[axis].least, value)
        axes[axis].greatest = max(axes[axis].greatest, value)
        // A place in the box stays where it is; the remainder takes longer.
        if !(value >= 0 && value < kind.length), kind.wrapped(value) != value {
          axes[axis].outside += 1
        }
      }
    }
  }
}
