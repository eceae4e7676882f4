/// What a solver had proved of the least cost when it stopped before its end.
public struct PartialBracket: Sendable, Hashable {
  /// The proved bracket of the least cost, W^p.
  public let costBounds: ProvedBounds
  /// What proved it, in a phrase.
  public let origin: String

  /// A bracket and its origin.
  public init(costBounds: ProvedBounds, origin: String) {
    self.costBounds = costBounds
    self.origin = origin
  }

  /// The intersection of several brackets; `nil` of none.
  init?(joining brackets: [PartialBracket]) {
    guard let first = brackets.first else { return nil }
    let bounds = brackets.reduce(first.costBounds) { $0.intersection($1.costBounds) }
    let useful = brackets.filter {
      $0.costBounds.lower == bounds.lower && bounds.lower > 0 || $0.costBounds.upper == bounds.upper
    }
    var origins: [String] = []
    for bracket in useful where !origins.contains(bracket.origin) { origins.append(bracket.origin) }
    self.init(costBounds: bounds, origin: origins.joined(separator: "; "))
  }
}
