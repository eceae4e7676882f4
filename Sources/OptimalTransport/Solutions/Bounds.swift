/// A proved bracket: the true value lies in [lower, upper].
public struct Bounds: Sendable, Hashable {
  /// A number that the true value is not below.
  public let lower: Double
  /// A number that the true value is not above.
  public let upper: Double

  /// A bracket.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The width of the bracket over its upper end; 0 when both are 0.
  public var relativeWidth: Double { upper > 0 ? (upper - lower) / upper : 0 }

  /// Whether a value lies inside.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
