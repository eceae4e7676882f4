/// What Theorem 3.1 and Loeper's estimate need besides the solutions. Constants that are `nil` are
/// measured: the smallest with which the run agrees.
public struct VlasovPoissonHypothesis: Sendable, Hashable {
  /// ε.
  public var epsilon: Double
  /// C_d.
  public var growth: Double?
  /// c₀ of W₂(0) ≤ c₀ε; unless given, the largest one with which the proof works.
  public var smallness: Double
  /// C of Loeper's estimate.
  public var loeperRate: Double?
  /// c_d of Loeper's estimate; unless given, e, for which the bound reaches 1 at
  /// log(1 + |log W₂(0)|)/C.
  public var loeperScale: Double
  /// The cells of the histograms in which ‖ρ‖_∞ is measured, for each axis; `nil` for
  /// `DensityHistogram.standardCells(particles:dimension:)`.
  public var cells: [Int]?

  /// Everything left open but ε.
  ///
  /// - Throws: `StabilityError.badParameter` unless ε and every given constant are positive and
  ///   finite.
  public init(
    epsilon: Double, growth: Double? = nil,
    smallness: Double = VlasovPoissonStabilityBounds.smallness, loeperRate: Double? = nil,
    loeperScale: Double = 2.718281828459045, cells: [Int]? = nil
  ) throws(StabilityError) {
    let all = [
      ("ε", epsilon), ("C_d", growth), ("c₀", smallness), ("C", loeperRate), ("c_d", loeperScale),
    ]
    for case (let name, let value?) in all { try StabilityError.checkPositive(value, name) }
    self.epsilon = epsilon
    self.growth = growth
    self.smallness = smallness
    self.loeperRate = loeperRate
    self.loeperScale = loeperScale
    self.cells = cells
  }
}
