import OptimalTransport

/// Particles drawn from a stream, from which cells are made: as many as fit, each particle of the stream as
/// likely as any other.
///
/// A number that looks random belongs to each place in the stream, and the particles with the smallest are kept. So the
/// drawing depends on the seed and on the order of the particles, and neither on the chunks in which they come nor on
/// who goes through which of them.
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
  /// Settles the order of the places.
  private let seed: UInt64
  /// The places of the particles that are kept; about half as many again as fit, until `trim`.
  private var places: [Int] = []
  /// Particle by particle the coordinates and the mass.
  private var kept: [Double] = []
  /// Particles of larger numbers are not kept.
  private var largestKey = UInt64.max
  /// How many particles have come.
  public private(set) var particleCount = 0
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
    self.seed = seed
  }

  /// Goes through further particles.
  ///
  /// - Parameters:
  ///   - chunk: the particles.
  ///   - first: the place of the first of them in the stream, where others go through what lies before; `nil` for
  ///     particles that follow those that have come.
  /// - Throws: `CoarseningError`; the sample is then as it was.
  /// - Complexity: O(particles).
  public mutating func add(
    _ chunk: ParticleChunk, from first: Int? = nil
  ) throws(CoarseningError) {
    guard chunk.count > 0 else { return }
    guard hasMasses ?? (chunk.masses != nil) == (chunk.masses != nil) else { throw .mixedMasses }
    let columns = try coordinates.columns(chunk)
    hasMasses = chunk.masses != nil
    let start = first ?? particleCount
    particleCount += chunk.count
    for index in 0..<chunk.count where key(start + index) <= largestKey {
      places.append(start + index)
      for axis in columns.indices { kept.append(columns[axis][index]) }
      kept.append(chunk.masses?[index] ?? 1)
      if places.count >= capacity + capacity / 2 + 1024 { trim() }
    }
  }

  /// The number of a place, different for each of them. The mixing is D. Stafford's thirteenth variant, as in
  /// SplitMix64 of G. Steele, D. Lea and C. Flood, OOPSLA 2014, doi:10.1145/2660193.2660195.
  private func key(_ place: Int) -> UInt64 {
    var bits = (UInt64(truncatingIfNeeded: place) &+ seed &* 0xd134_2543_de82_ef95 &+ 1)
    bits = bits &* 0x9e37_79b9_7f4a_7c15
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// Leaves as many particles as fit.
  private mutating func trim() {
    guard places.count > capacity else { return }
    largestKey = places.map(key).sorted()[capacity - 1]
    let stride = coordinates.dimension + 1
    var count = 0
    for index in places.indices where key(places[index]) <= largestKey {
      places[count] = places[index]
      for offset in 0..<stride { kept[count * stride + offset] = kept[index * stride + offset] }
      count += 1
    }
    places.removeLast(places.count - count)
    kept.removeLast(kept.count - count * stride)
  }

  /// The particles that were drawn, in the order of the stream: of each the coordinates and the mass.
  var points: [Double] {
    var drawn = self
    drawn.trim()
    let places = drawn.places
    guard zip(places, places.dropFirst()).contains(where: { $0 >= $1 }) else { return drawn.kept }
    let stride = coordinates.dimension + 1
    return places.indices.sorted { places[$0] < places[$1] }.flatMap {
      drawn.kept[$0 * stride..<($0 + 1) * stride]
    }
  }

  // MARK: Several who go through a stream together

  /// The particles that this sample would give to that of a whole stream, as numbers to be sent.
  ///
  /// - Parameters:
  ///   - total: the number of particles of the whole stream.
  ///   - isComplete: whether also those are given that hardly belong to the sample of the whole.
  package func numbers(ofTotal total: Int, isComplete: Bool) -> [Double] {
    var drawn = self
    drawn.trim()
    var limit = UInt64.max
    // The capacity and six standard deviations of the number of keys below a limit.
    let share = (Double(capacity) + 6 * Double(capacity).squareRoot() + 36) / Double(total)
    if !isComplete, share < 1 { limit = UInt64(share * 0x1p63) << 1 }
    let stride = coordinates.dimension + 1
    var numbers: [Double] = []
    for (index, place) in drawn.places.enumerated() where key(place) <= limit {
      numbers.append(Double(bitPattern: UInt64(place)))
      numbers += drawn.kept[index * stride..<(index + 1) * stride]
    }
    return numbers
  }

  /// Whether so many numbers of all who go through a stream are enough for the sample of the whole.
  package func isEnough(_ count: Int, ofTotal total: Int) -> Bool {
    count / (coordinates.dimension + 2) >= min(capacity, total)
  }

  /// The sample of the whole stream, from the numbers of all who have gone through its parts.
  package func joined(_ numbers: [[Double]], total: Int) -> CoarseningSample {
    var whole = self
    (whole.places, whole.kept) = ([], [])
    let stride = coordinates.dimension + 2
    for numbers in numbers {
      for start in Swift.stride(from: 0, to: numbers.count - stride + 1, by: stride) {
        whole.places.append(Int(truncatingIfNeeded: numbers[start].bitPattern))
        whole.kept += numbers[start + 1..<start + stride]
      }
    }
    whole.particleCount = total
    whole.largestKey = .max
    whole.trim()
    return whole
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
    let points = points
    return CellTree(coordinates, points: points, count: count, marginals: marginals(of: points))
  }

  /// So many intervals divide each axis.
  private static let intervals = 4096

  /// For p = 2 and several axes, intervals on each axis.
  private func marginals(of points: [Double]) -> [CellTree] {
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
