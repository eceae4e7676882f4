/// What it costs to move a unit of mass from a source point to a target point.
public enum GroundCost: Sendable {
  /// A sum over blocks of axes: weight · ‖difference on the block‖^exponent. Split, joint and
  /// anisotropic costs are values of this case.
  case blocks([CostBlock])
  /// A cost for every pair: row-major, one row for each source point. Nonnegative and finite.
  case matrix([Double])
  /// A function of the indices of the source and the target point, nonnegative and finite. It is
  /// called whenever a cost is needed and must always give the same answer.
  case function(@Sendable (_ source: Int, _ target: Int) -> Double)

  /// The Euclidean distance over all axes to a power: (Σ|Δ_k|²)^{p/2}, the "joint" cost.
  public static func euclidean(dimension: Int, exponent: Double) -> GroundCost {
    .blocks([CostBlock(axes: 0..<dimension, weight: 1, exponent: exponent)])
  }
}

/// One term of a block cost: weight · (Σ over the axes of |Δ_k|²)^{exponent/2}.
public struct CostBlock: Sendable, Hashable {
  /// The axes whose differences are combined in the Euclidean norm.
  public var axes: Range<Int>
  /// The factor, nonnegative and finite.
  public var weight: Double
  /// The power of the norm, at least 1 and finite.
  public var exponent: Double

  /// A block over a range of axes.
  public init(axes: Range<Int>, weight: Double = 1, exponent: Double) {
    self.axes = axes
    self.weight = weight
    self.exponent = exponent
  }
}
