import OptimalTransport

/// A measure of positions and velocities (x, v): finitely many particles with masses, in a box
/// whose axes may each be periodic or free.
///
/// Positions on periodic axes are wrapped into the box. Masses are normalised to 1; the raw mass is
/// kept. There may be fewer or more velocity than position coordinates (1D3V codes), or none at all
/// (a measure of positions).
public struct PhaseSpaceMeasure: Sendable, Equatable {
  /// The positions and velocities together: x₁ … x_d, then v₁ … v_e, with the masses.
  public let particles: DiscreteMeasure
  /// The box: one axis for each position coordinate.
  public let box: ProductDomain
  /// The physical time of the state, in the unit of the data; `nil` when it is not known.
  public let time: Double?
  /// The tensor grid on whose nodes the particles stand, in the order of `particles`; `nil` where there
  /// is none.
  public let grid: TensorGrid?

  /// A measure from one array for each coordinate.
  ///
  /// - Parameters:
  ///   - positions: for each position axis (at least one) the coordinates of all particles.
  ///   - velocities: for each velocity axis the coordinates of all particles; may be empty.
  ///   - masses: one nonnegative mass for each particle; `nil` for equal masses with raw mass 1.
  ///   - box: one axis for each position axis; `nil` for free space.
  ///   - time: the physical time of the state.
  /// - Throws: `PhaseSpaceError`.
  /// - Complexity: O(n).
  public init(
    positions: [[Double]], velocities: [[Double]], masses: [Double]? = nil,
    box: ProductDomain? = nil,
    time: Double? = nil
  ) throws(PhaseSpaceError) {
    try self.init(
      positionColumns: positions.map { CoordinateColumn($0) },
      velocityColumns: velocities.map { CoordinateColumn($0) }, masses: masses, box: box, time: time
    )
  }

  /// A measure from one column for each coordinate. Columns that fill one array are not copied, and those that were
  /// checked when they were read are not checked again.
  ///
  /// - Parameters:
  ///   - positions: for each position axis (at least one) the coordinates of all particles.
  ///   - velocities: for each velocity axis the coordinates of all particles; may be empty.
  ///   - masses: one nonnegative mass for each particle; `nil` for equal masses with raw mass 1.
  ///   - box: one axis for each position axis; `nil` for free space.
  ///   - time: the physical time of the state.
  /// - Throws: `PhaseSpaceError`.
  /// - Complexity: O(n).
  public init(
    positionColumns positions: [CoordinateColumn], velocityColumns velocities: [CoordinateColumn],
    masses: [Double]? = nil, box: ProductDomain? = nil, time: Double? = nil
  ) throws(PhaseSpaceError) {
    let box = if let box { box } else { try Self.freeSpace(dimension: positions.count) }
    guard box.dimension == positions.count else {
      throw .boxMismatch(box: box.dimension, positions: positions.count)
    }
    if let time, !time.isFinite { throw .badTime(time) }
    let wrapped = zip(positions, box.axes).map { $1.wrapped($0) }
    do {
      particles = try DiscreteMeasure(columns: wrapped + velocities, masses: masses)
    } catch .badCoordinate(let particle, let axis, let value) {
      let isPosition = axis < positions.count
      throw .badCoordinate(
        name: isPosition ? "x\(axis + 1)" : "v\(axis - positions.count + 1)", particle: particle,
        value: value)
    } catch {
      throw .measure(error)
    }
    self.box = box
    self.time = time
    grid = nil
  }

  /// A density on a tensor grid of positions and velocities.
  ///
  /// Sinkhorn's iteration between two such measures works axis by axis where a metric's cost is a sum over
  /// the axes: p = 2 without shear, or one axis each of positions and velocities in the split form.
  ///
  /// - Parameters:
  ///   - grid: the nodes of the position axes, then those of the velocity axes, and the mass at each node.
  ///   - box: one axis for each position axis; the others are those of velocities.
  ///   - time: the physical time of the state.
  /// - Throws: `PhaseSpaceError`.
  /// - Complexity: O(nodes).
  public init(
    grid: TensorGrid, box: ProductDomain, time: Double? = nil
  ) throws(PhaseSpaceError) {
    guard box.dimension <= grid.nodes.count else {
      throw .boxMismatch(box: box.dimension, positions: grid.nodes.count)
    }
    if let time, !time.isFinite { throw .badTime(time) }
    let nodes = grid.nodes.enumerated().map { index, nodes in
      index < box.dimension ? nodes.map { box.axes[index].wrapped($0) } : nodes
    }
    do {
      let grid = nodes == grid.nodes ? grid : try TensorGrid(moving: grid, to: nodes)
      particles = grid.measure
      self.grid = grid
    } catch {
      throw .measure(error)
    }
    self.box = box
    self.time = time
  }

  private static func freeSpace(dimension: Int) throws(PhaseSpaceError) -> ProductDomain {
    do {
      return try ProductDomain.euclidean(dimension: dimension)
    } catch {
      throw .domain(error)
    }
  }

  /// The number of particles.
  public var count: Int { particles.count }
  /// The number of position coordinates, d.
  public var positionDimension: Int { box.dimension }
  /// The number of velocity coordinates; 0 for a measure of positions.
  public var velocityDimension: Int { particles.dimension - box.dimension }
  /// The masses, with sum 1 to rounding.
  public var masses: [Double] { particles.masses }
  /// The sum of the masses as they were given.
  public var rawMass: Double { particles.rawMass }
  /// The coordinates on one position axis, particle by particle from index 0.
  ///
  /// - Complexity: O(n).
  public func position(_ axis: Int) -> [Double] { particles.axis(axis) }
  /// The coordinates on one velocity axis, particle by particle from index 0.
  ///
  /// - Complexity: O(n).
  public func velocity(_ axis: Int) -> [Double] {
    particles.axis(positionDimension + axis)
  }
}
