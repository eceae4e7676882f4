import Synchronization

/// Watches a solver from its start to its end: passes its reports on, remembers the best bracket in
/// them, and lets the loops between two reports ask whether to stop.
///
/// The watch that is in force belongs to everything that is called within `watching`, like the
/// cancellation of a task: half-steps, c-transforms and proofs need no argument for it.
package final class SolverWatch: Sendable {
  /// The watch in force; `nil` where nothing can stop the work.
  @TaskLocal package static var current: SolverWatch?

  /// Whether a solver that is stopped may still prove what it has come to; see `with(proofs:_:)`.
  @TaskLocal private static var allowsProof: @Sendable () -> Bool = { true }

  private struct State {
    var last = SolverProgress(stage: .starting)
    var costBounds: ProvedBounds?
    /// The seconds after which the work was first told to stop.
    var stop: Double?
  }

  private let progress: ProgressHandler
  /// Whether several processes work together: then this one does not stop by itself, but says where they exchange
  /// something that it wants to.
  private let isShared: Bool
  /// The watch in force around this one, where processes work together.
  private let outer: SolverWatch?
  // Threads of a loop do not see the values of the task.
  private let allowsProof = SolverWatch.allowsProof
  private let stopwatch = Stopwatch()
  private let state = Mutex(State())

  private init(
    isShared: Bool = false, within outer: SolverWatch? = nil, _ progress: @escaping ProgressHandler
  ) {
    (self.isShared, self.outer, self.progress) = (isShared, outer, progress)
  }

  /// Whether the work may go on, by the last report.
  var goesOn: Bool { isShared || !wantsToStop }

  /// Whether this process is to stop, whatever others say.
  private var wantsToStop: Bool {
    let (last, isStopped) = state.withLock { ($0.last, $0.stop != nil) }
    return isStopped || !noting(progress(last) && !(outer?.wantsToStop ?? false))
  }

  /// Whether this process wants the work to end that it shares with others.
  static var wantsToStop: Bool { current?.wantsToStop ?? false }

  /// Runs what this process does by itself before it exchanges something with others, and which may be stopped for
  /// that reason.
  static func answering(_ body: () throws(SolverError) -> Void) throws(SolverError) {
    guard let current, current.isShared else { return try body() }
    try with(SolverWatch { _ in !current.wantsToStop }, body)
  }

  private func noting(_ goesOn: Bool) -> Bool {
    if !goesOn { state.withLock { $0.stop = $0.stop ?? stopwatch.seconds } }
    return goesOn
  }

  /// Takes a report.
  private func handle(_ report: SolverProgress) -> Bool {
    state.withLock { state in
      state.last = report
      guard let bounds = report.costBounds else { return }
      state.costBounds = state.costBounds.map { $0.intersection(bounds) } ?? bounds
    }
    return noting(progress(report)) || isShared
  }

  /// Asks whether to go on.
  ///
  /// - Throws: `SolverError.cancelled` where the watch in force says to stop.
  package static func check() throws(SolverError) {
    if let current, !current.goesOn { throw .cancelled(nil) }
  }

  /// Whether the watch in force says to go on.
  package static var allowsWork: Bool { current?.goesOn ?? true }

  /// Runs a solver under a watch.
  ///
  /// - Parameters:
  ///   - progress: what is told, and may stop the work; without it there is no watch.
  ///   - isShared: whether other processes take part in the work, so that all must stop together.
  ///   - fallback: a bracket that costs little, for a solver that was stopped before it had one.
  ///   - body: the work; it reports to the handler that it is given.
  /// - Throws: what `body` throws; where it was stopped, with the best bracket that was proved.
  package static func watching<Result>(
    _ progress: ProgressHandler?, isShared: Bool = false, fallback: () -> PartialBracket?,
    _ body: (ProgressHandler?) throws(SolverError) -> Result
  ) throws(SolverError) -> Result {
    // Others may be told to stop.
    guard isShared || progress != nil else { return try body(nil) }
    let progress: ProgressHandler = progress ?? { _ in true }
    let watch = SolverWatch(isShared: isShared, within: isShared ? current : nil, progress)
    let handler: ProgressHandler = { watch.handle($0) }
    do throws(SolverError) {
      return try with(watch) { () throws(SolverError) in try body(handler) }
    } catch {
      guard case .cancelled(let found) = error else { throw error }
      throw .cancelled(watch.best(found, fallback))
    }
  }

  /// Runs a part of the work on another thread under the watch that is in force on the calling one.
  static func under<Result>(
    _ watch: SolverWatch?, _ body: () throws(SolverError) -> Result
  ) throws(SolverError) -> Result {
    guard let watch else { return try body() }
    return try with(watch, body)
  }

  /// The intersection of all brackets that are known when the work stops.
  private func best(
    _ found: PartialBracket?, _ fallback: () -> PartialBracket?
  ) -> PartialBracket? {
    let reported = state.withLock { $0.costBounds }.map {
      PartialBracket(costBounds: $0, origin: "the solver's last proof")
    }
    let known = [found, reported].compactMap(\.self)
    let isNeeded = known.allSatisfy { !$0.costBounds.upper.isFinite } && allowsProof()
    guard isNeeded || isInGrace else { return PartialBracket(joining: known) }
    return PartialBracket(joining: known + [fallback()].compactMap(\.self))
  }

  /// Whether a stopped solver may still make a proof of what it has come to: for seven tenths of a second more,
  /// or a twentieth of the time so far.
  private var isInGrace: Bool {
    guard allowsProof() else { return false }
    guard let stop = state.withLock({ $0.stop }) else { return true }
    return stopwatch.seconds < stop + max(0.7, stop / 20)
  }

  /// Whether there is time left for that.
  package static var hasGrace: Bool { current?.isInGrace ?? true }

  /// Runs what makes such a proof.
  ///
  /// - Returns: what it gives; `nil` when that would take too long.
  package static func finally<Result>(
    _ body: () throws(SolverError) -> Result
  ) -> Result? {
    guard let current else { return try? body() }
    return try? with(SolverWatch(isShared: current.isShared) { _ in current.isInGrace }, body)
  }

  /// Runs work whose caller may want nothing but its end when it is stopped.
  ///
  /// - Parameter allowsProof: asked when the work is stopped, from any thread: whether it may still prove what
  ///   it has come to.
  package static func with<Result, Failure: Error>(
    proofs allowsProof: @escaping @Sendable () -> Bool, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The closure of `withValue` cannot throw an error of a stated type.
    let outcome = $allowsProof.withValue(allowsProof) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  private static func with<Result>(
    _ watch: SolverWatch, _ body: () throws(SolverError) -> Result
  ) throws(SolverError) -> Result {
    // The closure of `withValue` cannot throw an error of a stated type.
    let outcome = $current.withValue(watch) { () -> Swift.Result<Result, SolverError> in
      do throws(SolverError) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
