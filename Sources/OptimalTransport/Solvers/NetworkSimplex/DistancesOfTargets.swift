import TransportKernels

/// How far the targets are from where paths through a matrix of costs begin, as far as the paths are known.
struct DistancesOfTargets {
  static let lanes = Int(TK_TARGET_LANES)

  /// NaN for targets that are settled, and behind the last target.
  private var distances: [Double]
  private var origins: [Int64]
  private let count: Int

  init(count: Int) {
    self.count = count
    let padded = (count + Self.lanes - 1) / Self.lanes * Self.lanes
    distances = Array(repeating: .nan, count: padded)
    origins = Array(repeating: 0, count: padded)
    reset()
  }

  /// The number of targets, rounded up to whole lanes.
  var paddedCount: Int { distances.count }

  mutating func reset() {
    for target in 0..<count { distances[target] = .infinity }
  }

  /// Keeps the distance of a target as it is.
  mutating func settle(_ target: Int) { distances[target] = .nan }

  /// The last source of the path to a target.
  func origin(of target: Int) -> Int { Int(origins[target]) }

  /// Lowers the distances by way of a source, and finds the nearest of the targets that are not settled, of
  /// which there must be one.
  mutating func lower(
    by source: Int, _ base: Double, _ costs: [Double], _ prices: [Double]
  ) -> (target: Int, distance: Double) {
    func nearest(_ costs: UnsafePointer<Double>) -> Int64 {
      tk_nearest_target(
        costs + source * count, prices, base, Int64(source), &distances, &origins,
        Int64(distances.count))
    }
    var target = Int(nearest(costs))
    if target < 0 {
      // Sums beyond the range of doubles: any target is as near as the others.
      target = distances.firstIndex { !$0.isNaN } ?? 0
      origins[target] = Int64(source)
    }
    return (target, distances[target])
  }
}
