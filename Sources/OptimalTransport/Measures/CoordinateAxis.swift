/// One coordinate axis: a line, or a circle of a given length.
public enum CoordinateAxis: Sendable, Hashable {
  /// The whole real line.
  case line
  /// A circle: coordinates that differ by `length` are the same place.
  case circle(length: Double)

  /// The circumference; infinite for a line.
  public var length: Double {
    switch self {
    case .line: .infinity
    case .circle(let length): length
    }
  }

  /// Whether the axis is a circle.
  public var isPeriodic: Bool { self != .line }

  /// The representative of a coordinate in [0, length) on a circle; itself on a line. What is
  /// infinite or not a number is no place on a circle and stays what it is.
  public func wrapped(_ coordinate: Double) -> Double {
    guard case .circle(let length) = self, coordinate.isFinite else { return coordinate }
    // Where it is in the circle, the remainder is the coordinate itself, and takes longer.
    if coordinate >= 0, coordinate < length { return coordinate }
    let remainder = coordinate.truncatingRemainder(dividingBy: length)
    let shifted = remainder < 0 ? remainder + length : remainder
    // A tiny negative remainder plus the length rounds to the length itself, which is the origin.
    return shifted < length ? shifted : 0
  }

  /// The representatives of some coordinates, as `wrapped(_:)` gives them.
  ///
  /// - Complexity: O(n); nothing is copied where all of them lie on the line or in [0, length).
  package func wrapped(_ coordinates: [Double]) -> [Double] {
    guard case .circle(let length) = self,
      !coordinates.allSatisfy({ $0 >= 0 && $0 < length })
    else { return coordinates }
    return coordinates.map { wrapped($0) }
  }

  /// The representative of a coordinate nearest to 0, exactly; on a line the coordinate itself.
  package func centered(_ coordinate: Double) -> Double {
    guard case .circle(let length) = self else { return coordinate }
    return coordinate.remainder(dividingBy: length)
  }

  /// The signed difference of two coordinates, on a circle the representative nearest to zero; right
  /// to one rounding, also for neighbours on either side of the origin of a circle.
  public func difference(_ first: Double, _ second: Double) -> Double {
    let difference = first - second
    guard case .circle(let length) = self else { return difference }
    // What the subtraction rounded away; the remainder is exact, so it can be put back after it.
    let subtracted = first - difference
    let rest = (first - (difference + subtracted)) + (subtracted - second)
    return difference.remainder(dividingBy: length) + rest
  }
}
