import OptimalTransport

/// Particles that were merged into cells as they came: of each cell the mass, the centroid and what merging
/// costs.
///
/// Memory is linear in the number of cells, whatever the number of particles, and the result does not depend
/// on the chunks in which they come, to the last bit. Measures of consecutive particles, in the same cells, can be
/// joined; the last bits then depend on where one ends and the next begins. See `CoarseningSample` for an example.
public struct CoarsenedMeasure: Sendable {
  let cells: CellTree
  var sums: CellSums
  /// The same for the intervals on each axis.
  var marginals: [CellSums]
  /// The particles themselves, where each is a cell.
  var singles: (columns: [[Double]], masses: [Double])
  /// The number of particles that have come.
  public internal(set) var particleCount = 0
  var hasMasses: Bool?
  /// The largest magnitude of a coordinate on each compared axis.
  var largest: [Double]
  /// The largest magnitudes of positions and velocities before they were sheared.
  var largestGiven: (positions: [Double], velocities: [Double])
  var largestMass = 0.0
  var smallestMass = Double.infinity

  private var coordinates: MetricCoordinates { cells.coordinates }

  /// No particles yet.
  public init(_ cells: CellTree) {
    self.cells = cells
    let coordinates = cells.coordinates
    sums = CellSums(references: cells.references, squareWeights: coordinates.squareWeights)
    marginals = cells.marginals.map {
      CellSums(references: $0.references, squareWeights: $0.coordinates.squareWeights)
    }
    singles = (Array(repeating: [], count: coordinates.dimension), [])
    largest = Array(repeating: 0, count: coordinates.dimension)
    largestGiven = (
      Array(repeating: 0, count: coordinates.box.dimension),
      Array(repeating: 0, count: coordinates.velocityDimension)
    )
  }

  /// Merges further particles into the cells.
  ///
  /// - Throws: `CoarseningError`; the measure is then as it was.
  /// - Complexity: O(particles · log cells).
  public mutating func add(_ chunk: ParticleChunk) throws(CoarseningError) {
    guard chunk.count > 0 else { return }
    guard hasMasses ?? (chunk.masses != nil) == (chunk.masses != nil) else { throw .mixedMasses }
    let columns = try coordinates.columns(chunk)
    hasMasses = chunk.masses != nil
    particleCount += chunk.count
    for axis in columns.indices { largest[axis] = columns[axis].largest(but: largest[axis]) }
    if coordinates.metric.shear != 0 {
      for axis in chunk.positions.indices {
        largestGiven.positions[axis] = max(
          chunk.positions[axis].largest(but: largestGiven.positions[axis]),
          coordinates.box.axes[axis].isPeriodic ? coordinates.box.axes[axis].length : 0)
        largestGiven.velocities[axis] = chunk.velocities[axis].largest(
          but: largestGiven.velocities[axis])
      }
    }
    for mass in chunk.masses ?? [1] where mass > 0 {
      largestMass = max(largestMass, mass)
      smallestMass = min(smallestMass, mass)
    }
    if cells.isOfSingleParticles {
      for axis in columns.indices { singles.columns[axis] += columns[axis] }
      singles.masses += chunk.masses ?? []
    } else {
      sums.add(columns, chunk.masses, to: cells.cells(of: columns))
      for axis in marginals.indices {
        let column = [columns[axis]]
        marginals[axis].add(column, chunk.masses, to: cells.marginals[axis].cells(of: column))
      }
    }
  }

  /// The number of cells.
  public var cellCount: Int { cells.isOfSingleParticles ? particleCount : cells.count }

  /// The merged particles, one for each cell.
  ///
  /// - Parameter count: the number of cells, of which further ones are joined to those they were cut off
  ///   from; `nil` for all cells.
  /// - Throws: `CoarseningError`.
  /// - Complexity: O(cells).
  public func cloud(cells count: Int? = nil) throws(CoarseningError) -> CoarseCloud {
    guard count ?? 1 > 0 else { throw .badCount(of: "cells", count ?? 1) }
    guard particleCount > 0, largestMass > 0 else { throw .noMass }
    try coordinates.checkRange(of: largest, masses: [largestMass, smallestMass])
    let moved = coordinates.displacement(
      positions: largestGiven.positions, velocities: largestGiven.velocities)
    if cells.isOfSingleParticles {
      return CoarseCloud(
        coordinates: coordinates, particleCount: particleCount, ancestors: nil, tree: cells,
        atoms: singles.columns, masses: singles.masses.isEmpty ? nil : singles.masses,
        marginals: [], loss: 0, displacement: moved, centroidError: 0, massError: 0,
        largest: largest)
    }
    let merging = CellMerging(
      sums, coordinates, ancestors: cells.ancestors(amongFirst: count ?? cells.count),
      particleCount: particleCount, largest: largest)
    return CoarseCloud(
      coordinates: coordinates, particleCount: particleCount, ancestors: merging.ancestors,
      tree: cells, atoms: merging.atoms, masses: merging.masses,
      marginals: marginals.indices.map(marginal),
      loss: coordinates.metric.exponent == 2 ? merging.loss : nil, displacement: moved,
      centroidError: merging.centroidError, massError: merging.massError, largest: largest)
  }

  /// The merged particles on one axis.
  private func marginal(_ axis: Int) -> CoarseCloud.Marginal {
    let intervals = cells.marginals[axis]
    let merging = CellMerging(
      marginals[axis], intervals.coordinates, ancestors: Array(0..<intervals.count),
      particleCount: particleCount, largest: [largest[axis]])
    return CoarseCloud.Marginal(
      atoms: merging.atoms[0], masses: merging.masses, loss: merging.loss)
  }
}

extension [Double] {
  /// The largest magnitude, or a number that is larger.
  fileprivate func largest(but known: Double) -> Double {
    withUnsafeBufferPointer { values in
      var largest = known
      for value in values { largest = Swift.max(largest, value.magnitude) }
      return largest
    }
  }
}
