import Synchronization

/// Stops a solver when its time is up, and keeps how far it had come.
///
/// ```swift
/// let limit = TimeLimit(seconds: 60)
/// do {
///   let solution = try solver.solve(problem, progress: limit.handler)
/// } catch SolverError.cancelled(let bracket) {
///   print("stopped at: \(limit.interrupted?.stage ?? .starting)")
///   print("proved: \(bracket?.costBounds as Any)")
/// }
/// ```
public final class TimeLimit: Sendable {
  /// The time that a solver has, counted from when this value was made.
  public let seconds: Double

  private let stopwatch = Stopwatch()
  private let progress: ProgressHandler?
  private let stopped = Mutex<SolverProgress?>(nil)

  /// A limit.
  ///
  /// - Parameters:
  ///   - seconds: the time from now on.
  ///   - progress: is told what the solver reports, and may stop it earlier.
  public init(seconds: Double, progress: ProgressHandler? = nil) {
    self.seconds = seconds
    self.progress = progress
  }

  /// What to give to a solver, which then throws `SolverError.cancelled` as soon as it notices that the
  /// time is up. Every solver asks several times a second; making a proof of what it has come to takes
  /// at most seven tenths of a second more, or a twentieth of the time.
  public var handler: ProgressHandler {
    { [self] report in
      guard stopwatch.seconds < seconds else {
        stopped.withLock { $0 = $0 ?? report }
        return false
      }
      return progress?(report) ?? true
    }
  }

  /// The report at which the time was up; `nil` as long as it is not.
  public var interrupted: SolverProgress? { stopped.withLock { $0 } }
}
