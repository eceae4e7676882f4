/// A pair of Kantorovich potentials (f, g): feasible when f_i + g_j ≤ c_ij for every pair, and then
/// Σ a_i f_i + Σ b_j g_j is a lower bound of every transport cost.
public struct Potentials: Sendable, Equatable {
  /// f, one number for each source point, in the unit of the cost.
  public let source: [Double]
  /// g, one number for each target point, in the unit of the cost.
  public let target: [Double]

  /// A pair of potentials.
  public init(source: [Double], target: [Double]) {
    self.source = source
    self.target = target
  }
}
