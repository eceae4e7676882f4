/// Where a solver stopped.
public enum SolutionEnding: Sendable, Hashable {
  /// At an optimal plan; the bracket shows roundings only.
  case optimal
  /// As soon as the bracket was as tight as wanted, relative to the distance.
  case withinTolerance(Double)
  /// As soon as the bracket lay on one side of a threshold of the distance.
  case decided(threshold: Double)
  /// When it was both.
  case withinToleranceAndDecided(Double, threshold: Double)
  /// At an approximate plan; the bracket tells how far it is from an optimal one.
  case approximate
  /// Nothing was solved; the plan was given.
  case given

  /// What was done, in a phrase; `nil` where there is nothing to say.
  public var phrase: String? {
    switch self {
    case .optimal, .approximate, .given: nil
    case .withinTolerance(let tolerance): "stopped at a bracket within \(tolerance) of W"
    case .decided(let threshold): "stopped when the bracket decided about \(threshold)"
    case .withinToleranceAndDecided(let tolerance, let threshold):
      "stopped at a bracket within \(tolerance) of W that decided about \(threshold)"
    }
  }
}
