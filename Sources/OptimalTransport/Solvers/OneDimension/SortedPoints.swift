/// The points of one side of a one-dimensional problem in increasing order, with their quantiles.
struct SortedPoints {
  /// The coordinates in increasing order, in the problem's unit.
  let coordinates: [Double]
  /// The index of each point in its measure.
  let indices: [Int32]
  /// The mass of each point as the measure has it.
  let masses: [Double]
  /// The mass of each point as an integer.
  let amounts: [Int128]
  /// The integer mass up to and including each point; the last is `IntegerMasses.total`.
  let quantiles: [Int128]

  /// The number of points.
  var count: Int { coordinates.count }

  /// The points of a measure; points at the same place stay in the order of the measure.
  ///
  /// - Parameter coordinates: one for each of the at most 2³¹ − 1 points of the measure.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: O(n log n).
  init(
    _ measure: DiscreteMeasure, at coordinates: UnsafePointer<Double>
  ) throws(SolverError) {
    let points = try measure.masses.indices.map { Place(coordinates[$0], Int32($0)) }
      .stoppablySorted {
        $0.coordinate < $1.coordinate || ($0.coordinate == $1.coordinate && $0.index < $1.index)
      }
    let integers = IntegerMasses(measure).values
    try SolverWatch.check()
    self.coordinates = points.map(\.coordinate)
    indices = points.map(\.index)
    masses = points.map { measure.masses[Int($0.index)] }
    amounts = points.map { integers[Int($0.index)] }
    var sum: Int128 = 0
    quantiles = amounts.map { amount in
      sum += amount
      return sum
    }
  }

  /// Where a point of a measure stands.
  private struct Place: Sendable {
    let coordinate: Double
    let index: Int32

    init(_ coordinate: Double, _ index: Int32) {
      (self.coordinate, self.index) = (coordinate, index)
    }
  }

  private init(_ points: SortedPoints, at positions: [Int]) {
    coordinates = positions.map { points.coordinates[$0] }
    indices = positions.map { points.indices[$0] }
    masses = positions.map { points.masses[$0] }
    amounts = positions.map { points.amounts[$0] }
    quantiles = positions.map { points.quantiles[$0] }
  }

  /// The points that have an integer mass.
  var support: SortedPoints { SortedPoints(self, at: amounts.indices.filter { amounts[$0] > 0 }) }

  /// The first point whose mass lies beyond a quantile; the first of all when none does.
  func first(beyond quantile: Int128) -> Int {
    let index = quantiles.partitioningIndex { $0 > quantile }
    return index < count ? index : 0
  }
}

extension Array {
  /// The first index at which a condition holds that holds from some element on; `endIndex` when it
  /// holds nowhere.
  ///
  /// - Complexity: O(log n).
  func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
