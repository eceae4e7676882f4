import OptimalTransport

/// A measure that stands for one of far more particles, with a bound on the distance between both.
public struct CoarseCloud: Sendable {
  let coordinates: MetricCoordinates
  /// The number of particles for which it stands.
  public let particleCount: Int
  /// The particle into which each cell was merged; `nil` where nothing was merged.
  let ancestors: [Int]?
  /// The tree of the cells; `nil` for those of a grid.
  let tree: CellTree?
  /// The coordinates of its particles, axis by axis.
  let atoms: [[Double]]
  /// Their masses; `nil` for equal ones.
  let masses: [Double]?
  /// For p = 2 and several axes, the particles merged on each axis by itself; none where nothing was merged.
  let marginals: [Marginal]
  /// A proved bound of the distance between the particles and this measure, in the metric; `nil` where it was
  /// not measured (`CoarseningLoss`).
  public internal(set) var loss: Double?
  /// How far rounding may have moved a particle when it was sheared.
  let displacement: Double
  /// How far a particle of this measure may be from the centroid of its cell.
  let centroidError: Double
  /// The largest relative error of a mass.
  let massError: Double
  /// The largest magnitude of a coordinate on each axis.
  let largest: [Double]
  /// Whether each particle is the centroid of its cell, up to `centroidError`.
  var isCentered = true
  /// The same measure with the empty cells of its grid; `nil` where that is not kept.
  var grid: TensorGrid?

  /// The particles merged on one axis.
  struct Marginal: Sendable {
    let atoms: [Double]
    /// Their masses; `nil` for equal ones.
    let masses: [Double]?
    let loss: Double
  }

  /// The number of particles of this measure.
  public var count: Int { atoms.first?.count ?? 0 }

  /// Whether nothing was merged.
  public var isExact: Bool { ancestors == nil }

  /// The measure in the coordinates of the metric: sheared positions, and velocities. Where only velocities
  /// are compared all positions are 0, and where only positions are there are no velocities.
  ///
  /// - Throws: `CoarseningError.measure`.
  /// - Complexity: O(count).
  public func measure() throws(CoarseningError) -> PhaseSpaceMeasure {
    let positions = atoms.prefix(coordinates.positionCount)
    do throws(PhaseSpaceError) {
      if let grid { return try PhaseSpaceMeasure(grid: grid, box: coordinates.box) }
      return try PhaseSpaceMeasure(
        positions: positions.isEmpty
          ? coordinates.box.axes.map { _ in Array(repeating: 0, count: count) } : Array(positions),
        velocities: Array(atoms.dropFirst(coordinates.positionCount)), masses: masses,
        box: coordinates.box)
    } catch {
      throw .measure(error)
    }
  }
}
