import KineticTransport

extension KineticMetricError {
  /// What a solver had proved of the cost when it ended early; `nil` where there is no upper end.
  var provedBracket: PartialBracket? {
    guard case .solver(let reason) = self, let bracket = reason.bracket,
      bracket.costBounds.upper.isFinite
    else { return nil }
    return bracket
  }
}

extension CommandFailure {
  /// Why there is no distance; where the time was up, how far the solver had come.
  init(_ error: KineticMetricError, _ limit: TimeLimit) {
    switch error {
    case .solver(.cancelled):
      let stage = limit.interrupted.map { "; the solver had come to: \($0.stage)" } ?? ""
      self.init(
        .timeLimit,
        "The time limit of \(plain(limit.seconds)) s was reached\(stage). More time, less "
          + "accuracy, a larger regularization, or fewer particles would help.")
    case .solver(.goalNotReached(_, let reason, _)):
      self.init(.inaccurate, "The accuracy that was asked for was not reached: \(reason)")
    default:
      self.init(error)
    }
  }
}
