import OptimalTransport
import PhaseSpace

/// What a snapshot file holds, as it stands there: nothing wrapped, nothing normalised, nothing
/// assumed.
public struct Snapshot: Sendable, Equatable {
  /// For each position axis the coordinates of all particles.
  public var positions: [CoordinateColumn]
  /// For each velocity axis the coordinates of all particles; none for a measure of positions.
  public var velocities: [CoordinateColumn]
  /// The masses as they were given; `nil` when all particles have the same.
  public var weights: [Double]?
  /// The box, one axis for each position axis; `nil` when the file states none.
  public var box: ProductDomain?
  /// The physical time; `nil` when the file states none.
  public var time: Double?
  /// The identity of each particle, the same in all snapshots of a run; `nil` when the file states
  /// none.
  public var ids: [UInt64]?

  /// A snapshot from its parts, unchecked.
  public init(
    positions: [[Double]], velocities: [[Double]] = [], weights: [Double]? = nil,
    box: ProductDomain? = nil, time: Double? = nil, ids: [UInt64]? = nil
  ) {
    self.init(
      positionColumns: positions.map { CoordinateColumn($0) },
      velocityColumns: velocities.map { CoordinateColumn($0) }, weights: weights, box: box,
      time: time, ids: ids)
  }

  /// A snapshot from columns, unchecked. Where these fill one array, `measure()` takes it as it is.
  public init(
    positionColumns: [CoordinateColumn], velocityColumns: [CoordinateColumn] = [],
    weights: [Double]? = nil, box: ProductDomain? = nil, time: Double? = nil, ids: [UInt64]? = nil
  ) {
    positions = positionColumns
    velocities = velocityColumns
    self.weights = weights
    self.box = box
    self.time = time
    self.ids = ids
  }

  /// The snapshot that states everything a measure knows, with raw masses.
  ///
  /// Coordinates, box and time return from it unchanged. Masses are normalised anew when the
  /// snapshot becomes a measure again and may then differ by two roundings; equal masses with raw
  /// mass 1 are left out and return unchanged.
  public init(_ measure: PhaseSpaceMeasure) {
    let share = 1 / Double(measure.count)
    let isPlain = measure.rawMass == 1 && measure.masses.allSatisfy { $0 == share }
    let columns = CoordinateColumn.columns(
      of: measure.particles.coordinates,
      areFinite: Array(repeating: true, count: measure.particles.dimension))
    self.init(
      positionColumns: Array(columns.prefix(measure.positionDimension)),
      velocityColumns: Array(columns.dropFirst(measure.positionDimension)),
      weights: isPlain ? nil : measure.masses.map { $0 * measure.rawMass },
      box: measure.box, time: measure.time)
  }

  /// The number of particles.
  public var count: Int { positions.first?.count ?? 0 }

  /// The measure that the snapshot stands for: positions wrapped into the box, masses normalised.
  ///
  /// - Parameter box: the box to use instead of the snapshot's own; `nil` for the snapshot's own,
  ///   which is free space where it states none.
  /// - Throws: `PhaseSpaceError`.
  /// - Complexity: O(n).
  public func measure(box: ProductDomain? = nil) throws(PhaseSpaceError) -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positionColumns: positions, velocityColumns: velocities, masses: weights,
      box: box ?? self.box, time: time)
  }

  /// The particles as some of those of a larger state; box, time and ids are left out.
  ///
  /// - Throws: `PhaseSpaceError`.
  /// - Complexity: O(n).
  public func chunk() throws(PhaseSpaceError) -> ParticleChunk {
    try ParticleChunk(
      positions: positions.map(\.array), velocities: velocities.map(\.array), masses: weights)
  }

  /// The names of the columns in their order: x1, x2, …, v1, v2, …, weight, id.
  var columnNames: [String] {
    positions.indices.map { "x\($0 + 1)" } + velocities.indices.map { "v\($0 + 1)" }
      + (weights == nil ? [] : ["weight"]) + (ids == nil ? [] : ["id"])
  }
}
