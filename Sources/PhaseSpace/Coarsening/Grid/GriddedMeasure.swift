import Libc
import OptimalTransport

/// Particles that were moved to the centers of the cells of a grid as they came, and the cost W^p of moving them.
///
/// ```swift
/// var extents = [first, second].map { _ in try CoarseningExtent(in: metric, box: box, velocityDimension: 1) }
/// // Every particle of both goes by a first time: extents[0].add(chunk) …
/// let grid = try CoarseningGrid(covering: extents, positions: 64, velocities: 64)
/// var measure = GriddedMeasure(grid, extents[0])
/// // And a second time: measure.add(chunk) …
/// let bracket = try measure.cloud().distance(to: other.cloud()).distanceBounds
/// ```
///
/// Memory is linear in the number of cells, and the result does not depend on the chunks in which particles come, to
/// the last bit. Documentation/Mathematics.md, section 11, has the proof of the bracket.
public struct GriddedMeasure: Sendable {
  /// The grid.
  public let grid: CoarseningGrid
  private let extent: CoarseningExtent
  /// For each cell its mass and what was rounded away from it, the last axis fastest.
  private var masses: [Double]
  private var cost = CompensatedSum()
  private var mass = CompensatedSum()
  private var particleCount = 0

  /// No particles yet.
  ///
  /// - Parameters:
  ///   - grid: the grid that they are moved to.
  ///   - extent: how far the particles reach that will come.
  public init(_ grid: CoarseningGrid, _ extent: CoarseningExtent) {
    (self.grid, self.extent) = (grid, extent)
    masses = Array(repeating: 0, count: 2 * grid.count)
  }

  /// Moves further particles to their centers.
  ///
  /// - Throws: `CoarseningError`; the measure is then as it was.
  /// - Complexity: O(particles).
  public mutating func add(_ chunk: ParticleChunk) throws(CoarseningError) {
    let columns = try grid.coordinates.columns(chunk)
    particleCount += chunk.count
    let (grid, coordinates) = (grid, grid.coordinates)
    let moves = Parallel.map(count: chunk.count, costPerItem: 60) { index in
      var (cell, positions, velocities) = (0, 0.0, 0.0)
      for axis in columns.indices {
        let value = columns[axis][index]
        let own = grid.cell(value, on: axis)
        let difference = value - grid.centers[axis][own]
        if axis < coordinates.positionCount {
          positions += difference * difference
        } else {
          velocities += difference * difference
        }
        cell = cell * grid.centers[axis].count + own
      }
      return (cell: cell, cost: coordinates.cost(positions, velocities))
    }
    masses.withUnsafeMutableBufferPointer { masses in
      for (index, move) in moves.enumerated() {
        let weight = chunk.masses?[index] ?? 1
        cost.add(weight * move.cost)
        mass.add(weight)
        // D. E. Knuth's sum of two numbers, The Art of Computer Programming 2, 4.2.2.
        let old = masses[2 * move.cell]
        let sum = old + weight
        let part = sum - old
        masses[2 * move.cell] = sum
        masses[2 * move.cell + 1] += (old - (sum - part)) + (weight - part)
      }
    }
  }

  /// The measure on the centers.
  ///
  /// - Parameter keepsGrid: whether it keeps all cells as a tensor grid, for Sinkhorn's iteration axis by axis where the
  ///   metric is a sum over the axes; else only the cells with mass.
  /// - Throws: `CoarseningError`, also unless all particles have come.
  /// - Complexity: O(cells).
  public func cloud(keepsGrid: Bool = false) throws(CoarseningError) -> CoarseCloud {
    guard particleCount == extent.particleCount else {
      throw .differentParticles(expected: extent.particleCount, found: particleCount)
    }
    try extent.check()
    let sums = (0..<grid.count).map { masses[2 * $0] + masses[2 * $0 + 1] }
    let occupied = sums.indices.filter { sums[$0] > 0 }
    var stride = grid.count
    let atoms = grid.centers.map { centers in
      stride /= centers.count
      return occupied.map { centers[$0 / stride % centers.count] }
    }
    let unit = Double.ulpOfOne
    let squared = (Double(particleCount) * unit) * (Double(particleCount) * unit)
    var cloud = CoarseCloud(
      coordinates: grid.coordinates, particleCount: particleCount, ancestors: [], tree: nil,
      atoms: atoms, masses: occupied.map { sums[$0] }, marginals: [],
      loss: loss(squared: squared), displacement: extent.displacement, centroidError: 0,
      massError: 16 * unit + 4 * squared, largest: extent.largest)
    cloud.isCentered = false
    if keepsGrid, isSeparable { cloud.grid = try tensorGrid(sums) }
    return cloud
  }

  /// A proved bound of the root of the mean cost.
  private func loss(squared: Double) -> Double {
    let exponent = grid.coordinates.metric.exponent
    // Differences, squares, their sum, the power, weights and masses.
    let error =
      (Double(grid.centers.count + 24) + 4 * exponent) * Double.ulpOfOne + 4 * squared
    let mean = cost.value / mass.value * (1 + error)
    // What underflows in squares and in powers is less than this for each particle.
    let tiny = grid.coordinates.norm(grid.centers.map { _ in 0x1p-490 }) + exp2(-900 / exponent)
    return ProvedBounds(lower: 0, upper: mean).root(exponent).upper + tiny
  }

  /// Whether the cost is a sum over the axes.
  private var isSeparable: Bool {
    let (metric, positions) = (grid.coordinates.metric, grid.coordinates.positionCount)
    return metric.exponent == 2
      || metric.form == .split && positions <= 1 && grid.centers.count - positions <= 1
  }

  private func tensorGrid(_ sums: [Double]) throws(CoarseningError) -> TensorGrid {
    // Positions that are not compared are all 0.
    let others = grid.coordinates.box.dimension - grid.coordinates.positionCount
    do throws(MeasureError) {
      return try TensorGrid(
        nodes: Array(repeating: [0], count: others) + grid.centers, masses: sums)
    } catch {
      throw .measure(.measure(error))
    }
  }
}
