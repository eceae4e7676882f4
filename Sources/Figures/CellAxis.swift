import OptimalTransport

/// A coordinate divided into cells of one width.
public struct CellAxis: Sendable, Hashable {
  /// What the coordinate is, with its unit.
  public let label: String
  /// Where the first cell begins.
  public let lower: Double
  /// Where the last cell ends.
  public let upper: Double
  /// The number of cells.
  public let count: Int

  /// An axis from its parts.
  ///
  /// - Precondition: `lower < upper` and `count > 0`.
  public init(label: String, lower: Double, upper: Double, count: Int) {
    precondition(lower < upper && count > 0, "an axis needs an extent and a cell")
    (self.label, self.lower, self.upper, self.count) = (label, lower, upper, count)
  }

  /// An axis that covers some coordinates.
  ///
  /// Coordinates that lie on a lattice, as those of a density on a grid do, have a cell around each of
  /// its points, since any other cells would show stripes.
  ///
  /// - Parameters:
  ///   - label: what the coordinate is, with its unit.
  ///   - columns: the coordinates, wrapped into the circle if they lie on one.
  ///   - axis: the line or the circle on which they lie.
  ///   - count: the number of cells where there is no lattice, at least one.
  /// - Complexity: O(n).
  public init(label: String, covering columns: [[Double]], on axis: CoordinateAxis, count: Int) {
    if let lattice = Lattice(columns) {
      self.init(
        label: label, lower: lattice.first - lattice.spacing / 2,
        upper: lattice.first + (Double(lattice.count) - 0.5) * lattice.spacing,
        count: lattice.count)
      return
    }
    guard !axis.isPeriodic else {
      self.init(label: label, lower: 0, upper: axis.length, count: max(1, count))
      return
    }
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for column in columns {
      for value in column { (least, greatest) = (min(least, value), max(greatest, value)) }
    }
    if least > greatest { (least, greatest) = (0, 0) }
    if greatest - least <= 1e-12 * max(abs(least), abs(greatest)) {
      // All at one place.
      let margin = greatest == 0 ? 0.5 : 0.05 * abs(greatest)
      (least, greatest) = (least - margin, greatest + margin)
    }
    if greatest <= least { (least, greatest) = (least - 0.5, least + 0.5) }
    self.init(label: label, lower: least, upper: greatest, count: max(1, count))
  }

  /// The width of a cell.
  public var width: Double { upper / Double(count) - lower / Double(count) }

  /// The middle of a cell.
  public func center(_ cell: Int) -> Double { lower + (Double(cell) + 0.5) * width }

  /// The cell of a coordinate; `nil` beyond the ends.
  func cell(of coordinate: Double) -> Int? {
    guard coordinate >= lower, coordinate <= upper else { return nil }
    let place = (coordinate - lower) / width
    return place.isFinite ? min(count - 1, Int(place)) : nil
  }
}

/// Evenly spaced coordinates.
private struct Lattice {
  let first: Double
  let spacing: Double
  let count: Int

  private static let largestCount = 512
  /// By how much of the spacing a coordinate may be off its place.
  private static let tolerance = 1e-3

  /// The lattice of some coordinates; `nil` where they lie on none, or hardly any point of it has several.
  init?(_ columns: [[Double]]) {
    var distinct: Set<Double> = []
    for column in columns {
      for value in column {
        distinct.insert(value)
        // Coordinates that were scaled differ by roundings.
        if distinct.count > 4 * Self.largestCount { return nil }
      }
    }
    let values = distinct.sorted()
    guard values.count > 2, let first = values.first, let last = values.last,
      (last - first).isFinite
    else { return nil }
    let gaps = zip(values, values.dropFirst()).map { $1 - $0 }.filter {
      $0 > 1e-9 * (last - first)
    }
    guard let spacing = gaps.min(), (last - first) / spacing < Double(Self.largestCount) else {
      return nil
    }
    let isEven = values.allSatisfy { value in
      let steps = (value - first) / spacing
      return abs(steps - steps.rounded()) < Self.tolerance
    }
    let count = Int(((last - first) / spacing).rounded()) + 1
    guard isEven, columns.reduce(0, { $0 + $1.count }) >= 4 * count else { return nil }
    (self.first, self.spacing, self.count) = (first, (last - first) / Double(count - 1), count)
  }
}
