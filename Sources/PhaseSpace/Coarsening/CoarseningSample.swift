import OptimalTransport

/// Particles drawn from a stream, from which cells are made: as many as fit, each particle of the stream as
/// likely as any other.
///
/// The drawing depends on the seed and on the order of the particles, not on the chunks in which they come.
///
/// ```swift
/// var sample = try CoarseningSample(in: metric, box: box, velocityDimension: 1, count: 100_000, seed: 1)
/// for chunk in stream { try sample.add(chunk) }
/// var cells = CoarsenedMeasure(try sample.cells(10_000))
/// for chunk in stream { try cells.add(chunk) }
/// let cloud = try cells.cloud()
/// ```
public struct CoarseningSample: Sendable {
  let coordinates: MetricCoordinates
  private let capacity: Int
  /// Particle by particle the coordinates and the mass.
  private(set) var points: [Double] = []
  /// How many particles have come.
  public private(set) var particleCount = 0
  private var generator: SeededGenerator
  private var hasMasses: Bool?

  /// An empty sample.
  ///
  /// - Parameters:
  ///   - metric: a linear metric, in whose coordinates cells are to be small.
  ///   - box: one axis for each position coordinate.
  ///   - velocityDimension: the number of velocity coordinates.
  ///   - space: which coordinates are compared.
  ///   - count: how many particles are kept, at least 1. Ten for each cell make good cells.
  ///   - seed: settles which.
  /// - Throws: `CoarseningError`.
  public init(
    in metric: KineticMetric, box: ProductDomain, velocityDimension: Int,
    space: ComparedSpace = .phase, count: Int, seed: UInt64
  ) throws(CoarseningError) {
    guard count > 0 else { throw .badCount(of: "particles to draw", count) }
    coordinates = try MetricCoordinates(
      metric, box: box, velocityDimension: velocityDimension, space: space)
    capacity = count
    generator = SeededGenerator(seed: seed)
  }

  /// Goes through further particles.
  ///
  /// - Throws: `CoarseningError`; the sample is then as it was.
  /// - Complexity: O(particles).
  public mutating func add(_ chunk: ParticleChunk) throws(CoarseningError) {
    guard chunk.count > 0 else { return }
    guard hasMasses ?? (chunk.masses != nil) == (chunk.masses != nil) else { throw .mixedMasses }
    let columns = try coordinates.columns(chunk)
    hasMasses = chunk.masses != nil
    let stride = columns.count + 1
    for index in 0..<chunk.count {
      particleCount += 1
      var place = points.count
      if particleCount > capacity {
        // Algorithm R of J. Vitter, "Random sampling with a reservoir", ACM TOMS 11 (1985),
        // doi:10.1145/3147.3165.
        let chosen = Int(generator.next(upperBound: UInt64(particleCount)))
        guard chosen < capacity else { continue }
        place = chosen * stride
      } else {
        points.append(contentsOf: repeatElement(0, count: stride))
      }
      for axis in columns.indices { points[place + axis] = columns[axis][index] }
      points[place + stride - 1] = chunk.masses?[index] ?? 1
    }
  }

  /// Cells for the particles, at most so many, refined where mass × spread is largest. As many cells as
  /// there are particles make each particle a cell by itself.
  ///
  /// - Throws: `CoarseningError`.
  /// - Complexity: O(s log s) for s particles of the sample.
  public func cells(_ count: Int) throws(CoarseningError) -> CellTree {
    guard count > 0 else { throw .badCount(of: "cells", count) }
    guard particleCount > 0 else { throw .noMass }
    if count >= particleCount { return CellTree(ofSingleParticlesIn: coordinates) }
    return CellTree(coordinates, points: points, count: count, marginals: marginals)
  }

  /// So many intervals divide each axis.
  private static let intervals = 4096

  /// For p = 2 and several axes, intervals on each axis.
  private var marginals: [CellTree] {
    guard coordinates.metric.exponent == 2, coordinates.dimension > 1 else { return [] }
    let stride = coordinates.dimension + 1
    return (0..<coordinates.dimension).map { axis in
      var projected: [Double] = []
      projected.reserveCapacity(2 * points.count / stride)
      for start in Swift.stride(from: 0, to: points.count, by: stride) {
        projected.append(points[start + axis])
        projected.append(points[start + stride - 1])
      }
      return CellTree(coordinates.axis(axis), points: projected, count: Self.intervals)
    }
  }
}
