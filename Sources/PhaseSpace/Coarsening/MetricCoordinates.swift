import Libc
import OptimalTransport

/// The coordinates in which the cost of a linear metric is a power of a norm: sheared positions and
/// velocities, each position on a circle in the window [0, L).
struct MetricCoordinates: Sendable {
  let metric: KineticMetric
  let box: ProductDomain
  let velocityDimension: Int
  let space: ComparedSpace
  /// How many of the compared axes are positions, which come first.
  let positionCount: Int
  /// The compared axes.
  let axes: [CoordinateAxis]
  /// What a coordinate is multiplied by to be comparable with the others.
  let scales: [Double]

  init(
    _ metric: KineticMetric, box: ProductDomain, velocityDimension: Int, space: ComparedSpace
  ) throws(CoarseningError) {
    guard metric.nonlinearity == nil else { throw .nonlinear }
    if velocityDimension == 0, space != .position || metric.shear != 0 {
      throw .metric(.noVelocities(need: "a distance in \(space.rawValue) space"))
    }
    if metric.shear != 0, box.dimension != velocityDimension {
      throw .metric(
        .shearNeedsEqualDimensions(position: box.dimension, velocity: velocityDimension))
    }
    (self.metric, self.box, self.space) = (metric, box, space)
    self.velocityDimension = velocityDimension
    positionCount = space == .velocity ? 0 : box.dimension
    let velocityCount = space == .position ? 0 : velocityDimension
    axes = box.axes.prefix(positionCount) + Array(repeating: .line, count: velocityCount)
    let degree = metric.form == .split ? metric.exponent : 2
    scales =
      Array(repeating: metric.positionWeight.root(degree), count: positionCount)
      + Array(repeating: metric.velocityWeight.root(degree), count: velocityCount)
  }

  /// One of the compared axes by itself, with what it counts for p = 2.
  private init(_ all: MetricCoordinates, axis: Int) {
    (metric, box, space) = (all.metric, all.box, all.space)
    velocityDimension = all.velocityDimension
    positionCount = axis < all.positionCount ? 1 : 0
    (axes, scales) = ([all.axes[axis]], [all.scales[axis]])
  }

  /// One of the compared axes by itself.
  func axis(_ axis: Int) -> MetricCoordinates { MetricCoordinates(self, axis: axis) }

  /// What the square of a difference on each axis counts; for p = 2 alone, else 0.
  var squareWeights: [Double] {
    axes.indices.map { axis in
      metric.exponent != 2
        ? 0 : axis < positionCount ? metric.positionWeight : metric.velocityWeight
    }
  }

  var dimension: Int { axes.count }

  /// The metric between points in these coordinates.
  var unsheared: KineticMetric {
    get throws(CoarseningError) {
      do {
        return try KineticMetric(
          exponent: metric.exponent, form: metric.form, positionWeight: metric.positionWeight,
          velocityWeight: metric.velocityWeight)
      } catch {
        throw .metric(error)
      }
    }
  }

  /// Whether measures in these coordinates and in others can be compared.
  func agree(with other: MetricCoordinates) -> Bool {
    box == other.box && velocityDimension == other.velocityDimension && space == other.space
      && metric.exponent == other.metric.exponent && metric.form == other.metric.form
      && metric.positionWeight == other.metric.positionWeight
      && metric.velocityWeight == other.metric.velocityWeight
      && metric.shear == other.metric.shear
  }

  // MARK: Costs

  /// What a displacement costs, W^p for a unit of mass, from the sums of the squares of its position and
  /// velocity components.
  @inline(__always)
  func cost(_ positionSquares: Double, _ velocitySquares: Double) -> Double {
    let half = metric.exponent / 2
    switch metric.form {
    case .joint:
      return (metric.positionWeight * positionSquares + metric.velocityWeight * velocitySquares)
        .power(half)
    case .split:
      return metric.positionWeight * positionSquares.power(half)
        + metric.velocityWeight * velocitySquares.power(half)
    }
  }

  /// At most so long is a displacement, in the metric, with components of these magnitudes.
  func norm(_ displacement: [Double]) -> Double {
    let squares = displacement.map { $0 * $0 }
    let cost = cost(
      squares.prefix(positionCount).reduce(0, +), squares.dropFirst(positionCount).reduce(0, +))
    return ProvedBounds(lower: 0, upper: cost * (1 + 64 * Double.ulpOfOne)).root(metric.exponent)
      .upper
  }

  // MARK: Particles

  /// The coordinates of a chunk, axis by axis.
  func columns(_ chunk: ParticleChunk) throws(CoarseningError) -> [[Double]] {
    guard chunk.positions.count == box.dimension, chunk.velocities.count == velocityDimension else {
      throw .dimensionMismatch(
        expected: [box.dimension, velocityDimension],
        found: [chunk.positions.count, chunk.velocities.count])
    }
    let positions = (0..<positionCount).map { axis in
      sheared(
        Self.wrapped(chunk.positions[axis], on: box.axes[axis]),
        by: metric.shear == 0 ? nil : chunk.velocities[axis], on: box.axes[axis])
    }
    return positions + (space == .position ? [] : chunk.velocities)
  }

  private static func wrapped(_ values: [Double], on axis: CoordinateAxis) -> [Double] {
    guard case .circle(let length) = axis else { return values }
    return values.map { $0 >= 0 && $0 < length ? $0 : axis.wrapped($0) }
  }

  private func sheared(
    _ positions: [Double], by velocities: [Double]?, on axis: CoordinateAxis
  ) -> [Double] {
    guard let velocities else { return positions }
    let shear = metric.shear
    var moved = positions
    for index in moved.indices { moved[index] += shear * velocities[index] }
    return Self.wrapped(moved, on: axis)
  }

  /// Demands that squares of coordinates, and their products with masses, are numbers.
  ///
  /// - Parameters:
  ///   - largest: the largest magnitude of a coordinate on each compared axis.
  ///   - masses: the masses to check.
  func checkRange(of largest: [Double], masses: [Double]) throws(CoarseningError) {
    let bounds = 0x1p-120...0x1p120
    for value in largest where value > 0 && !bounds.contains(value) {
      throw .outOfRange("coordinate", value)
    }
    for value in scales where !bounds.contains(value) {
      throw .outOfRange("root of a weight of the metric", value)
    }
    for value in masses where !bounds.contains(value) { throw .outOfRange("mass", value) }
  }

  /// By how much, in the metric, the coordinates of particles may be off by rounding, where positions and
  /// velocities are not larger than these.
  func displacement(positions: [Double], velocities: [Double]) -> Double {
    guard metric.shear != 0 else { return 0 }
    let half = Double.ulpOfOne / 2
    return norm(
      zip(positions, velocities).enumerated().map { axis, largest in
        let moved = abs(metric.shear) * largest.1
        // The shear itself, the product, the sum, and the length that may be added.
        let length = box.axes[axis].isPeriodic ? box.axes[axis].length : 0
        return half * (3 * moved + largest.0 + 2 * length)
      } + Array(repeating: 0, count: dimension - positionCount))
  }
}
