import OptimalTransport

/// How far particles reach in the coordinates of a metric, from a first look at all of them: what a common grid of
/// several measures takes (`CoarseningGrid`).
public struct CoarseningExtent: Sendable {
  let coordinates: MetricCoordinates
  /// The number of particles that have come.
  public private(set) var particleCount = 0
  /// The smallest and the greatest coordinate on each compared axis.
  private(set) var ranges: [(least: Double, greatest: Double)]
  private var hasMasses: Bool?
  /// The largest magnitudes of positions and velocities before they were sheared.
  private var largestGiven: (positions: [Double], velocities: [Double])
  private var largestMass = 0.0
  private var smallestMass = Double.infinity

  /// The extent of no particles yet.
  ///
  /// - Throws: `CoarseningError`.
  public init(
    in metric: KineticMetric, box: ProductDomain, velocityDimension: Int,
    space: ComparedSpace = .phase
  ) throws(CoarseningError) {
    coordinates = try MetricCoordinates(
      metric, box: box, velocityDimension: velocityDimension, space: space)
    ranges = Array(repeating: (.infinity, -.infinity), count: coordinates.dimension)
    largestGiven = (
      Array(repeating: 0, count: box.dimension), Array(repeating: 0, count: velocityDimension)
    )
  }

  /// Looks at further particles.
  ///
  /// - Throws: `CoarseningError`; the extent is then as it was.
  /// - Complexity: O(particles).
  public mutating func add(_ chunk: ParticleChunk) throws(CoarseningError) {
    guard chunk.count > 0 else { return }
    guard hasMasses ?? (chunk.masses != nil) == (chunk.masses != nil) else { throw .mixedMasses }
    let columns = try coordinates.columns(chunk)
    hasMasses = chunk.masses != nil
    particleCount += chunk.count
    for axis in columns.indices { Self.widen(&ranges[axis], by: columns[axis]) }
    if coordinates.metric.shear != 0 {
      for axis in chunk.positions.indices {
        Self.widen(&largestGiven.positions[axis], by: chunk.positions[axis])
        Self.widen(&largestGiven.velocities[axis], by: chunk.velocities[axis])
      }
    }
    for mass in chunk.masses ?? [1] where mass > 0 {
      largestMass = max(largestMass, mass)
      smallestMass = min(smallestMass, mass)
    }
  }

  private static func widen(_ range: inout (least: Double, greatest: Double), by values: [Double]) {
    var (least, greatest) = range
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    range = (least, greatest)
  }

  private static func widen(_ largest: inout Double, by values: [Double]) {
    var found = largest
    for value in values { found = max(found, value.magnitude) }
    largest = found
  }

  /// The largest magnitude of a coordinate on each axis, of particles and of places on its circle.
  var largest: [Double] {
    zip(ranges, coordinates.axes).map { range, axis in
      max(abs(range.least), abs(range.greatest), axis.isPeriodic ? axis.length : 0)
    }
  }

  /// How far rounding may have moved a particle when it was sheared.
  var displacement: Double {
    let positions = zip(largestGiven.positions, coordinates.box.axes).map { largest, axis in
      max(largest, axis.isPeriodic ? axis.length : 0)
    }
    return coordinates.displacement(positions: positions, velocities: largestGiven.velocities)
  }

  /// Demands particles with mass, whose squares and their products with masses are numbers.
  func check() throws(CoarseningError) {
    guard particleCount > 0, largestMass > 0 else { throw .noMass }
    try coordinates.checkRange(of: largest, masses: [largestMass, smallestMass])
  }
}
