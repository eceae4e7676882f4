import Synchronization

/// Finitely many points with masses, normalised to total mass 1.
///
/// Points of zero mass and repeated points are allowed. Coordinates are stored axis by axis, each
/// axis contiguous; a coordinate on a circle may have any representative. Immutable: whoever holds
/// a measure knows that every number in it was checked.
public struct DiscreteMeasure: Sendable, Equatable {
  /// The number of points, at least 1.
  public let count: Int
  /// The number of coordinates of a point, at least 1.
  public let dimension: Int
  /// Coordinate k of point i stands at `coordinates[k * count + i]`.
  public let coordinates: [Double]
  /// The masses, nonnegative, with sum 1 to rounding.
  public let masses: [Double]
  /// The sum of the masses as they were given.
  public let rawMass: Double

  /// A measure from one array for each axis.
  ///
  /// - Parameters:
  ///   - axes: for each axis the coordinates of all points.
  ///   - masses: one nonnegative mass for each point, of any total; `nil` for equal masses
  ///     with raw mass 1.
  /// - Throws: `MeasureError`, which names the first offending point.
  /// - Complexity: O(n) for n points.
  public init(axes: [[Double]], masses: [Double]? = nil) throws(MeasureError) {
    try self.init(columns: axes.map { CoordinateColumn($0) }, masses: masses)
  }

  /// A measure from one column for each axis.
  ///
  /// - Parameters:
  ///   - columns: for each axis the coordinates of all points. Columns that fill one array are not copied, and those
  ///     that were checked when they were read are not checked again.
  ///   - masses: as above.
  /// - Throws: `MeasureError`, which names the first offending point.
  /// - Complexity: O(n) for n points.
  public init(columns: [CoordinateColumn], masses: [Double]? = nil) throws(MeasureError) {
    guard let first = columns.first else { throw .noAxes }
    for (axis, values) in columns.enumerated() where values.count != first.count {
      throw .axisCountMismatch(axis: axis, expected: first.count, found: values.count)
    }
    guard !first.isEmpty else { throw .empty }
    let (coordinates, bad) = Self.joined(columns, first.count)
    try self.init(coordinates, bad, dimension: columns.count, masses: masses)
  }

  /// Columns of the same length, one after the other, and the place of the first number that is not finite.
  private static func joined(_ axes: [CoordinateColumn], _ count: Int) -> ([Double], bad: Int?) {
    if let all = CoordinateColumn.sharedStorage(of: axes) {
      for (axis, column) in axes.enumerated() {
        if let bad = NumberRule.finite.firstViolation(in: column) {
          return (all, axis * count + bad)
        }
      }
      return (all, nil)
    }
    var all = [Double](unwritten: axes.count * count)
    let bad = Atomic(Int.max)
    all.withUnsafeMutableBufferPointer { all in
      nonisolated(unsafe) let all = all
      Parallel.forEachChunk(of: axes.count * count, costPerItem: 1) { range in
        var start = range.lowerBound
        while start < range.upperBound {
          let (axis, first) = start.quotientAndRemainder(dividingBy: count)
          let end = min(range.upperBound, (axis + 1) * count)
          let part = UnsafeMutableBufferPointer(rebasing: all[start..<end])
          axes[axis].withNumbers {
            _ = part.update(fromContentsOf: $0[first..<first + end - start])
          }
          if let place = NumberRule.finite.firstViolation(in: UnsafeBufferPointer(part)) {
            bad.min(start + place, ordering: .relaxed)
          }
          start = end
        }
      }
    }
    let place = bad.load(ordering: .relaxed)
    return (all, place < all.count ? place : nil)
  }

  /// A measure from one array of coordinates for each point.
  ///
  /// - Throws: `MeasureError`, which names the first offending point.
  /// - Complexity: O(n) for n points.
  public init(points: [[Double]], masses: [Double]? = nil) throws(MeasureError) {
    guard let first = points.first else { throw .empty }
    guard !first.isEmpty else { throw .noAxes }
    var coordinates = [Double](repeating: 0, count: points.count * first.count)
    for (index, point) in points.enumerated() {
      guard point.count == first.count else {
        throw .pointDimensionMismatch(point: index, expected: first.count, found: point.count)
      }
      for axis in first.indices { coordinates[axis * points.count + index] = point[axis] }
    }
    try self.init(coordinates: coordinates, dimension: first.count, masses: masses)
  }

  /// A measure from coordinates that are already stored axis by axis.
  ///
  /// - Parameters:
  ///   - coordinates: coordinate k of point i at `k * count + i`.
  ///   - dimension: the number of axes.
  ///   - givenMasses: a nonnegative mass for each point; `nil` for equal masses.
  /// - Throws: `MeasureError`, which names the first offending point.
  /// - Complexity: O(n) for n points.
  public init(
    coordinates: [Double], dimension: Int, masses givenMasses: [Double]? = nil
  ) throws(MeasureError) {
    guard dimension > 0 else { throw .noAxes }
    guard !coordinates.isEmpty else { throw .empty }
    guard coordinates.count.isMultiple(of: dimension) else {
      throw .axisCountMismatch(
        axis: dimension - 1, expected: coordinates.count / dimension + 1,
        found: coordinates.count / dimension)
    }
    try self.init(
      coordinates, NumberRule.finite.firstViolation(in: coordinates), dimension: dimension,
      masses: givenMasses)
  }

  /// A measure of at least one point.
  ///
  /// - Parameter bad: the place of the first coordinate that is not finite.
  private init(
    _ coordinates: [Double], _ bad: Int?, dimension: Int, masses givenMasses: [Double]?
  ) throws(MeasureError) {
    let count = coordinates.count / dimension
    if let bad {
      throw .badCoordinate(point: bad % count, axis: bad / count, value: coordinates[bad])
    }
    self.count = count
    self.dimension = dimension
    self.coordinates = coordinates
    guard let givenMasses else {
      let share = 1 / Double(count)
      self.masses = Self.filled(count) { _, part in part.update(repeating: share) }
      self.rawMass = 1
      return
    }
    guard givenMasses.count == count else {
      throw .massCountMismatch(expected: count, found: givenMasses.count)
    }
    if let bad = NumberRule.finiteNonnegative.firstViolation(in: givenMasses) {
      throw .badMass(point: bad, value: givenMasses[bad])
    }
    let largest = givenMasses.reduce(0, max)
    guard largest > 0 else { throw .zeroTotalMass }
    // Dividing by a power of two first keeps the sum from overflowing and changes no digit of it.
    let exponent = largest.exponent
    var sum = CompensatedSum()
    for mass in givenMasses { sum.add(mass.scaled(by: -exponent)) }
    let total = sum.value
    let rawMass = total.scaled(by: exponent)
    guard rawMass.isFinite else { throw .infiniteTotalMass }
    self.rawMass = rawMass
    self.masses = Self.filled(count) { range, part in
      for (place, index) in range.enumerated() {
        part[place] = givenMasses[index].scaled(by: -exponent) / total
      }
    }
  }

  /// An array of so many numbers, computed on several processors.
  ///
  /// - Parameter write: writes those of a range to where they belong.
  private static func filled(
    _ count: Int,
    _ write: @Sendable (_ range: Range<Int>, _ part: UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    var numbers = [Double](unwritten: count)
    numbers.withUnsafeMutableBufferPointer { numbers in
      nonisolated(unsafe) let numbers = numbers
      Parallel.forEachChunk(of: count, costPerItem: 0.5) { range in
        write(range, UnsafeMutableBufferPointer(rebasing: numbers[range]))
      }
    }
    return numbers
  }

  /// The same masses at other points of the same dimension.
  ///
  /// - Throws: `MeasureError` for coordinates that are not finite.
  /// - Precondition: there are as many coordinates as before.
  package func replacingCoordinates(
    _ coordinates: [Double]
  ) throws(MeasureError) -> DiscreteMeasure {
    precondition(coordinates.count == self.coordinates.count)
    if let bad = NumberRule.finite.firstViolation(in: coordinates) {
      throw .badCoordinate(point: bad % count, axis: bad / count, value: coordinates[bad])
    }
    return DiscreteMeasure(moving: self, to: coordinates)
  }

  private init(moving measure: DiscreteMeasure, to coordinates: [Double]) {
    count = measure.count
    dimension = measure.dimension
    masses = measure.masses
    rawMass = measure.rawMass
    self.coordinates = coordinates
  }

  /// The coordinates on one axis, point by point from index 0.
  ///
  /// - Complexity: O(count).
  public func axis(_ index: Int) -> [Double] {
    Array(coordinates[index * count..<(index + 1) * count])
  }

  /// The coordinates of one point.
  public func point(_ index: Int) -> [Double] {
    (0..<dimension).map { coordinates[$0 * count + index] }
  }
}

extension Double {
  /// This number times 2^exponent, correctly rounded also where 2^exponent is not representable.
  package func scaled(by exponent: Int) -> Double {
    // A product with a normal power of two is rounded once, too.
    guard -1022...1023 ~= exponent else {
      return Double(sign: .plus, exponent: exponent, significand: self)
    }
    return self * Double(bitPattern: UInt64(exponent + 1023) << 52)
  }
}

/// What can be wrong with the numbers of a measure. Points and axes count from 0 in the cases and
/// from 1 in the sentences.
public enum MeasureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no point.
  case empty
  /// The points have no coordinates.
  case noAxes
  /// An axis has another number of coordinates than the first.
  case axisCountMismatch(axis: Int, expected: Int, found: Int)
  /// A point has another number of coordinates than the first.
  case pointDimensionMismatch(point: Int, expected: Int, found: Int)
  /// There are more or fewer masses than points.
  case massCountMismatch(expected: Int, found: Int)
  /// A coordinate is infinite or not a number.
  case badCoordinate(point: Int, axis: Int, value: Double)
  /// A mass is negative, infinite or not a number.
  case badMass(point: Int, value: Double)
  /// No point has positive mass.
  case zeroTotalMass
  /// The masses are finite but their sum is not.
  case infiniteTotalMass

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .empty:
      "The measure has no points; it needs at least one."
    case .noAxes:
      "The points have no coordinates; they need at least one."
    case .axisCountMismatch(let axis, let expected, let found):
      "Axis \(axis + 1) has \(found) coordinates where the first axis has \(expected)."
    case .pointDimensionMismatch(let point, let expected, let found):
      "Point \(point + 1) has \(found) coordinates where the first point has \(expected)."
    case .massCountMismatch(let expected, let found):
      "There are \(found) masses for \(expected) points; there must be one for each."
    case .badCoordinate(let point, let axis, let value):
      "Coordinate \(axis + 1) of point \(point + 1) is \(value); it must be finite."
    case .badMass(let point, let value):
      "The mass of point \(point + 1) is \(value); it must be nonnegative and finite."
    case .zeroTotalMass:
      "The total mass is 0; at least one point must have positive mass."
    case .infiniteTotalMass:
      "The total mass is larger than the largest number; divide all masses by a constant."
    }
  }
}
