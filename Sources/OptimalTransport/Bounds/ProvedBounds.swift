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

  /// upper − lower.
  public var width: Double { upper - lower }

  /// The width of the bracket over its upper end; 0 when both are 0.
  public var relativeWidth: Double { upper > 0 ? (upper - lower) / upper : 0 }

  /// Whether a value lies inside.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// What both brackets say together: the larger lower and the smaller upper end.
  public func intersection(_ other: Bounds) -> Bounds {
    let lower = max(lower, other.lower)
    return Bounds(lower: lower, upper: max(lower, min(upper, other.upper)))
  }
}

/// What a solver had proved of the least cost when it stopped before its end.
public struct PartialBracket: Sendable, Hashable {
  /// The proved bracket of the least cost, W^p.
  public let bounds: Bounds
  /// What proved it, in a phrase.
  public let origin: String

  /// A bracket and its origin.
  public init(bounds: Bounds, origin: String) {
    self.bounds = bounds
    self.origin = origin
  }

  /// The intersection of several brackets; `nil` of none.
  init?(joining brackets: [PartialBracket]) {
    guard let first = brackets.first else { return nil }
    let bounds = brackets.reduce(first.bounds) { $0.intersection($1.bounds) }
    let useful = brackets.filter {
      $0.bounds.lower == bounds.lower && bounds.lower > 0 || $0.bounds.upper == bounds.upper
    }
    var origins: [String] = []
    for bracket in useful where !origins.contains(bracket.origin) { origins.append(bracket.origin) }
    self.init(bounds: bounds, origin: origins.joined(separator: "; "))
  }
}
