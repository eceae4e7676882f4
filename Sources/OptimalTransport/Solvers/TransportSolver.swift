/// A configured method that solves transport problems.
public protocol TransportSolver: Sendable {
  /// A short name, as the command line and the solution state it.
  var name: String { get }

  /// Solves a problem, or throws; nothing half-done is returned.
  ///
  /// - Parameters:
  ///   - problem: what to solve.
  ///   - progress: is told now and then how far the work has come, and may stop it.
  /// - Throws: `SolverError`.
  func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution
}

extension TransportSolver {
  /// Solves a problem, or throws; nothing half-done is returned.
  ///
  /// - Throws: `SolverError`.
  public func solve(_ problem: TransportProblem) throws(SolverError) -> TransportSolution {
    try solve(problem, progress: nil)
  }
}

/// How far a solver has come.
public struct SolverProgress: Sendable {
  /// What it is doing, in a few words.
  public let stage: String
  /// How much of the stage is done, from 0 to 1; `nil` when that cannot be told.
  public let fraction: Double?

  /// A report.
  public init(stage: String, fraction: Double? = nil) {
    self.stage = stage
    self.fraction = fraction
  }
}

/// Is told of progress; returns whether to go on.
public typealias ProgressHandler = @Sendable (SolverProgress) -> Bool

extension Optional where Wrapped == ProgressHandler {
  /// Reports progress.
  ///
  /// - Throws: `SolverError.cancelled` when the handler says to stop.
  package func report(_ stage: String, fraction: Double? = nil) throws(SolverError) {
    guard let handler = self else { return }
    guard handler(SolverProgress(stage: stage, fraction: fraction)) else { throw .cancelled }
  }
}

/// Why a solver gave no solution.
public enum SolverError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The solver is not made for such a problem; the text says for which it is.
  case unsuitable(solver: String, reason: String)
  /// An option of the solver has an impossible value.
  case badOption(name: String, value: String, requirement: String)
  /// The solver stopped short of its stopping criterion.
  case notConverged(solver: String, reason: String)
  /// The problem needs more memory than the solver may take.
  case tooLarge(solver: String, reason: String)
  /// An outside library failed.
  case library(name: String, message: String)
  /// The progress handler stopped the work.
  case cancelled

  /// A full sentence.
  public var description: String {
    switch self {
    case .unsuitable(let solver, let reason):
      "The \(solver) solver does not fit this problem: \(reason)"
    case .badOption(let name, let value, let requirement):
      "The option \(name) is \(value); it must be \(requirement)."
    case .notConverged(let solver, let reason):
      "The \(solver) solver did not converge: \(reason)"
    case .tooLarge(let solver, let reason):
      "The problem is too large for the \(solver) solver: \(reason)"
    case .library(let name, let message):
      "\(name) failed: \(message)"
    case .cancelled:
      "The computation was stopped."
    }
  }
}
