/// One inequality of a theorem at one time, with the numbers that were measured.
public struct Inequality: Sendable, Hashable {
  /// What became of it.
  public enum Verdict: String, Sendable {
    /// It holds.
    case holds
    /// It does not hold, though the theorem says that it does.
    case violated
    /// The theorem says nothing, since a hypothesis does not hold.
    case noClaim = "no claim"
  }

  /// The inequality in symbols, such as "W₁ ≤ Dobrushin's bound".
  public let name: String
  /// The side that is said to be the smaller one; of a computed distance the proved lower bound.
  public let smaller: Double
  /// The side that is said to be the larger one.
  public let larger: Double
  /// What became of it.
  public let verdict: Verdict
  /// Whether it cannot fail, since a constant in it was measured from the run as the smallest with
  /// which it holds: then that it holds says nothing.
  public let holdsByConstruction: Bool

  /// The larger over the smaller side: from 1 on it holds; infinite when the smaller side is 0.
  public var margin: Double { smaller > 0 ? larger / smaller : .infinity }

  /// Judges an inequality.
  ///
  /// - Parameters:
  ///   - name: what the inequality says.
  ///   - smaller: its left side.
  ///   - larger: its right side.
  ///   - applies: whether the hypotheses hold.
  ///   - isFitted: whether a constant in it was chosen so that it holds.
  ///   - rounding: the absolute error of either side; 1e-12 of the larger one comes on top.
  public init(
    _ name: String, _ smaller: Double, _ larger: Double, applies: Bool = true,
    isFitted: Bool = false, rounding: Double
  ) {
    self.name = name
    self.smaller = smaller
    self.larger = larger
    holdsByConstruction = isFitted
    let holds = smaller <= larger + rounding + 1e-12 * larger.magnitude
    verdict = holds ? .holds : applies ? .violated : .noClaim
  }
}
