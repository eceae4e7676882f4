/// How far a solver has come.
public struct SolverProgress: Sendable {
  /// What it is doing.
  public let stage: SolverStage
  /// How much of the stage is done, from 0 to 1; `nil` when that cannot be told.
  public let fraction: Double?
  /// A bracket of the least cost W^p that it has just proved; `nil` for none since the last report.
  public let costBounds: ProvedBounds?

  /// A report.
  public init(stage: SolverStage, fraction: Double? = nil, costBounds: ProvedBounds? = nil) {
    self.stage = stage
    self.fraction = fraction
    self.costBounds = costBounds
  }
}

/// Is told of progress; returns whether to go on.
///
/// Long loops ask between two reports as well, with the last report and from any thread.
public typealias ProgressHandler = @Sendable (SolverProgress) -> Bool

extension Optional where Wrapped == ProgressHandler {
  /// The handler for work on another problem, whose brackets are not those of this one.
  package var forAnotherProblem: ProgressHandler? {
    guard let handler = self else { return nil }
    return { handler(SolverProgress(stage: $0.stage, fraction: $0.fraction)) }
  }

  /// Reports progress.
  ///
  /// - Throws: `SolverError.cancelled` when the handler says to stop.
  package func report(
    _ stage: SolverStage, fraction: Double? = nil, costBounds: ProvedBounds? = nil
  ) throws(SolverError) {
    guard let handler = self else { return }
    guard handler(SolverProgress(stage: stage, fraction: fraction, costBounds: costBounds)) else {
      throw .cancelled(nil)
    }
  }
}
