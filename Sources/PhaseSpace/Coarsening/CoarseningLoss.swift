import Libc
import OptimalTransport

/// What merging particles into cells loses, from a second look at the particles: the cost W^p of moving each
/// to where it was merged. For p = 2 it is known without.
///
/// ```swift
/// var losses = try CoarseningLoss(of: [cells.cloud(cells: 1_000), cells.cloud()])
/// for chunk in stream { try losses.add(chunk) }
/// let clouds = try losses.clouds()
/// ```
public struct CoarseningLoss: Sendable {
  private var measured: [CoarseCloud]
  private var costs: [CompensatedSum]
  private var mass = CompensatedSum()
  private var particleCount = 0

  /// A measurement for several numbers of cells of the same particles.
  ///
  /// - Throws: `CoarseningError.differentMetrics`.
  public init(of clouds: [CoarseCloud]) throws(CoarseningError) {
    for cloud in clouds
    where !cloud.coordinates.agree(with: clouds[0].coordinates)
      || cloud.tree?.count != clouds[0].tree?.count
    {
      throw .differentMetrics
    }
    measured = clouds
    costs = clouds.map { _ in CompensatedSum() }
  }

  /// Goes through particles a second time.
  ///
  /// - Throws: `CoarseningError`.
  /// - Complexity: O(particles · (log cells + clouds)).
  public mutating func add(_ chunk: ParticleChunk) throws(CoarseningError) {
    guard let first = measured.first, chunk.count > 0 else { return }
    let columns = try first.coordinates.columns(chunk)
    particleCount += chunk.count
    if let masses = chunk.masses {
      for value in masses { mass.add(value) }
    } else {
      mass.add(Double(chunk.count))
    }
    let merged = measured.indices.filter { !measured[$0].isExact }
    // What a grid loses is known already.
    guard !merged.isEmpty, let cells = first.tree?.cells(of: columns) else { return }
    for index in merged {
      for cost in Self.costs(measured[index], columns, chunk.masses, cells) {
        costs[index].add(cost)
      }
    }
  }

  /// What each particle costs.
  private static func costs(
    _ cloud: CoarseCloud, _ columns: [[Double]], _ masses: [Double]?, _ cells: [Int32]
  ) -> [Double] {
    let coordinates = cloud.coordinates
    let (atoms, ancestors) = (cloud.atoms, cloud.ancestors ?? [])
    return Parallel.map(count: cells.count, costPerItem: 80) { index in
      let atom = ancestors[Int(cells[index])]
      var (positions, velocities) = (0.0, 0.0)
      for axis in columns.indices {
        let difference = columns[axis][index] - atoms[axis][atom]
        if axis < coordinates.positionCount {
          positions += difference * difference
        } else {
          velocities += difference * difference
        }
      }
      return (masses?[index] ?? 1) * coordinates.cost(positions, velocities)
    }
  }

  // MARK: Several who go through particles together

  /// What was found so far, as numbers to be sent.
  package var numbers: [Double] {
    [Double(particleCount)] + ([mass] + costs).flatMap { [$0.value, $0.residue] }
  }

  /// Adds what was found of further particles.
  package mutating func add(_ numbers: [Double]) {
    guard numbers.count == 2 * costs.count + 3 else { return }
    func sum(_ index: Int) -> CompensatedSum {
      CompensatedSum([numbers[2 * index + 1], numbers[2 * index + 2]])
    }
    particleCount += Int(numbers[0])
    mass.add(sum(0))
    for index in costs.indices { costs[index].add(sum(index + 1)) }
  }

  /// The clouds with their losses.
  ///
  /// - Throws: `CoarseningError.differentParticles` unless as many particles were seen as before.
  public func clouds() throws(CoarseningError) -> [CoarseCloud] {
    var clouds = measured
    for index in clouds.indices {
      let cloud = clouds[index]
      guard cloud.particleCount == particleCount else {
        throw .differentParticles(expected: cloud.particleCount, found: particleCount)
      }
      guard mass.value > 0 else { throw .noMass }
      guard !cloud.isExact, cloud.tree != nil else { continue }
      let unit = Double.ulpOfOne
      let exponent = cloud.coordinates.metric.exponent
      let squared = (Double(particleCount) * unit) * (Double(particleCount) * unit)
      // Differences, squares, their sum, the power, weights and masses.
      let error = (Double(cloud.atoms.count + 24) + 4 * exponent) * unit + 4 * squared
      let mean = costs[index].value / mass.value * (1 + error)
      // What underflows in squares and in powers is less than this for each particle.
      let tiny = cloud.coordinates.norm(cloud.atoms.map { _ in 0x1p-490 }) + exp2(-900 / exponent)
      clouds[index].loss =
        ProvedBounds(lower: 0, upper: mean).root(exponent).upper + tiny
    }
    return clouds
  }
}
