import OptimalTransport

/// What the particles of a state are like on the whole: their number and mass, and on each axis the range, the mean
/// and the covariances, of particles that come in any number of chunks.
///
/// ```swift
/// var statistics = ParticleStatistics(box: box)
/// for chunk in chunks { try statistics.add(chunk) }
/// print(statistics.mean(0), statistics.covariance(0, 1))
/// ```
///
/// Particles are forgotten once they were added: memory does not grow with their number. Results are the same bits
/// for any chunks and any number of threads. They depend on the order of the particles by rounding alone: where the
/// first 65,536 of n particles of equal mass lie close to each other and all others elsewhere, the relative error of a
/// variance is about n/65,536 roundings, and less in any other case.
public struct ParticleStatistics: Sendable {
  /// The number of particles.
  public private(set) var count = 0
  /// The smallest and the greatest mass as given, and how many are 0; `nil` where none were given.
  public private(set) var massRange: (least: Double, greatest: Double, zeros: Int)?
  private let box: ProductDomain?
  private var rawMassSum = CompensatedSum()
  private var ranges: [(least: Double, greatest: Double)] = []
  /// The ranges of the particles with mass, of which alone means and covariances are.
  private var heavyRanges: [(least: Double, greatest: Double)] = []
  private var moments = MomentSums(dimension: 0)
  private var positionCount = 0
  /// What does not yet fill a block.
  private var columns: [[Double]] = []
  private var masses: [Double]?

  /// So many particles are summed at a time, whatever chunks they came in.
  private static let blockSize = 1 << 16

  /// Statistics of no particle.
  ///
  /// - Parameter box: wraps positions on its circles; `nil` for free space.
  public init(box: ProductDomain? = nil) { self.box = box }

  /// Adds particles.
  ///
  /// - Throws: `PhaseSpaceError` where they have other axes than the box or those before, or masses beside others
  ///   without.
  /// - Complexity: O(particles · axes²).
  public mutating func add(_ chunk: ParticleChunk) throws(PhaseSpaceError) {
    let positions = chunk.positions.count
    if let box, box.dimension != positions {
      throw .boxMismatch(box: box.dimension, positions: positions)
    }
    let all = chunk.positions + chunk.velocities
    if count == 0 {
      positionCount = positions
      ranges = all.map { _ in (.infinity, -.infinity) }
      heavyRanges = ranges
      moments = MomentSums(dimension: all.count)
      columns = all.map { _ in [] }
      masses = chunk.masses.map { _ in [] }
      massRange = chunk.masses.map { _ in (.infinity, 0, 0) }
    }
    guard positions == positionCount, all.count == columns.count else {
      throw .scalingMismatch(
        factors: [positionCount, columns.count - positionCount],
        axes: [positions, chunk.velocities.count])
    }
    guard (chunk.masses == nil) == (masses == nil) else {
      throw .measure(.massCountMismatch(expected: chunk.count, found: chunk.masses?.count ?? 0))
    }
    take(all.enumerated().map { box?.axes.at($0)?.wrapped($1) ?? $1 }, chunk.masses, chunk.count)
  }

  private mutating func take(_ all: [[Double]], _ given: [Double]?, _ added: Int) {
    for (axis, values) in all.enumerated() {
      for value in values {
        if value < ranges[axis].least { ranges[axis].least = value }
        if value > ranges[axis].greatest { ranges[axis].greatest = value }
      }
      guard let given else { continue }
      var (least, greatest) = heavyRanges[axis]
      for (value, mass) in zip(values, given) where mass > 0 {
        if value < least { least = value }
        if value > greatest { greatest = value }
      }
      heavyRanges[axis] = (least, greatest)
    }
    if let given, var range = massRange {
      for mass in given {
        rawMassSum.add(mass)
        if mass < range.least { range.least = mass }
        if mass > range.greatest { range.greatest = mass }
        if mass == 0 { range.zeros += 1 }
      }
      massRange = range
    }
    count += added
    var start = 0
    while start < added {
      let end = min(added, start + Self.blockSize - columns[0].count)
      for axis in columns.indices { columns[axis] += all[axis][start..<end] }
      if let given { masses? += given[start..<end] }
      start = end
      guard columns[0].count == Self.blockSize else { continue }
      moments.add(columns.map { $0[...] }, masses.map { $0[...] })
      for axis in columns.indices { columns[axis].removeAll(keepingCapacity: true) }
      masses?.removeAll(keepingCapacity: true)
    }
  }

  /// The results, once all particles were added.
  ///
  /// - Throws: `PhaseSpaceError` for no particle, masses that are all 0 and a total mass beyond all numbers.
  public func summary() throws(PhaseSpaceError) -> Summary {
    guard count > 0 else { throw .measure(.empty) }
    guard massRange.map({ $0.greatest > 0 }) ?? true else { throw .measure(.zeroTotalMass) }
    let rawMass = massRange == nil ? 1 : rawMassSum.value
    guard rawMass.isFinite else { throw .measure(.infiniteTotalMass) }
    var moments = moments
    if !columns[0].isEmpty { moments.add(columns.map { $0[...] }, masses.map { $0[...] }) }
    let axes = ranges.indices.map { axis in
      let heavy = massRange == nil ? ranges[axis] : heavyRanges[axis]
      return Axis(
        least: ranges[axis].least, greatest: ranges[axis].greatest,
        // By rounding alone a mean leaves the range, and numbers that are all the same differ from theirs.
        mean: min(max(moments.mean(axis), heavy.least), heavy.greatest),
        deviation: heavy.least == heavy.greatest ? 0 : moments.deviation(axis))
    }
    let covariances = axes.indices.map { one in
      axes.indices.map { other in
        axes[one].deviation == 0 || axes[other].deviation == 0
          ? 0 : moments.covariance(one, other)
      }
    }
    return Summary(
      count: count, positionDimension: positionCount, rawMass: rawMass, massRange: massRange,
      axes: axes, covariances: covariances)
  }

  /// What the particles are like.
  public struct Summary: Sendable {
    /// The number of particles.
    public let count: Int
    /// The number of position axes, which come before those of velocities.
    public let positionDimension: Int
    /// The sum of the masses as they were given; 1 where none were.
    public let rawMass: Double
    /// The smallest and the greatest mass as given, and how many are 0; `nil` where none were given.
    public let massRange: (least: Double, greatest: Double, zeros: Int)?
    /// Each axis by itself.
    public let axes: [Axis]
    /// The mean product of the differences from the means, weighted by mass, for each pair of axes.
    public let covariances: [[Double]]

    /// The number of velocity axes.
    public var velocityDimension: Int { axes.count - positionDimension }
  }

  /// The coordinates on an axis.
  public struct Axis: Sendable, Equatable {
    /// The smallest coordinate.
    public let least: Double
    /// The greatest coordinate.
    public let greatest: Double
    /// The mean, weighted by mass; it lies in the range.
    public let mean: Double
    /// The root of the mean square of the differences from the mean, weighted by mass; 0 where all particles
    /// with mass have the same coordinate.
    public let deviation: Double
  }
}

extension Array {
  fileprivate func at(_ index: Int) -> Element? { index < count ? self[index] : nil }
}
