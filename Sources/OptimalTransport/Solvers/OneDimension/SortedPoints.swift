#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The points of one side of a one-dimensional problem in order, with integer masses.
struct SortedPoints {
  /// The coordinates in increasing order, in the problem's unit.
  let coordinates: [Double]
  /// The original index of each point.
  let indices: [Int32]
  /// The integer mass of each point, positive.
  let masses: [Int128]

  /// The number of points.
  var count: Int { coordinates.count }

  /// The points of a measure, ties in the order of their indices.
  init(_ coordinates: UnsafePointer<Double>, masses: [Int128]) {
    let order = masses.indices.sorted { a, b in
      coordinates[a] < coordinates[b] || (coordinates[a] == coordinates[b] && a < b)
    }
    self.coordinates = order.map { coordinates[$0] }
    indices = order.map { Int32($0) }
    self.masses = order.map { masses[$0] }
  }

  private init(coordinates: [Double], indices: [Int32], masses: [Int128]) {
    self.coordinates = coordinates
    self.indices = indices
    self.masses = masses
  }

  /// The points of a circle from point `start` on once around, unrolled: the points before `start`
  /// come last and one length further, and all are moved by `turns` lengths.
  func unrolled(from start: Int, length: Double, turns: Int) -> SortedPoints {
    let order = Array(start..<count) + Array(0..<start)
    return SortedPoints(
      coordinates: order.map { index in
        coordinates[index] + Double(turns + (index < start ? 1 : 0)) * length
      },
      indices: order.map { indices[$0] }, masses: order.map { masses[$0] })
  }
}

/// The convex cost weight · |difference|^exponent of a one-dimensional problem.
struct ConvexCost {
  let weight: Double
  let exponent: Double

  @inline(__always)
  func callAsFunction(_ difference: Double) -> Double {
    let size = abs(difference)
    switch exponent {
    case 1: return weight * size
    case 2: return weight * (size * size)
    default: return weight * pow(size, exponent)
    }
  }
}
