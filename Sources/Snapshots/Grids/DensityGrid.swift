import OptimalTransport

/// A density f(x, v) on the nodes of a grid with one position and one velocity axis, as a file holds
/// it: what `SnapshotFile` turns into particles, before it does so.
public struct DensityGrid: Sendable, Equatable {
  /// The positions, in increasing order.
  public var positions: [Double]
  /// The velocities, in increasing order.
  public var velocities: [Double]
  /// f(x_i, v_j) at `values[j][i]`.
  public var values: [[Double]]
  /// The velocities between which the grid lies; `nil` where the file does not state them.
  public var velocityRange: ClosedRange<Double>?
  /// The box: one axis; `nil` where the file states none.
  public var box: ProductDomain?
  /// The physical time; `nil` where the file states none.
  public var time: Double?

  /// A grid.
  public init(
    positions: [Double], velocities: [Double], values: [[Double]],
    velocityRange: ClosedRange<Double>? = nil, box: ProductDomain? = nil, time: Double? = nil
  ) {
    self.positions = positions
    self.velocities = velocities
    self.values = values
    self.velocityRange = velocityRange
    self.box = box
    self.time = time
  }
}
