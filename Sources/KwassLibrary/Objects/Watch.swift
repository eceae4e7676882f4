import CKwass
import Libc
import OptimalTransport
import Synchronization

/// Tells the caller how far a call has come, and stops it when the caller or the clock says so.
///
/// Solvers ask from any of their threads; the caller's function is called on the caller's thread only.
final class Watch: @unchecked Sendable {
  /// Why the work was stopped.
  enum Reason: Int, Sendable {
    case none, listener, abandoned, clock
  }

  // Set before the work starts, except for what only the caller's thread touches.
  private let listener: OptionsChoice.Listener?
  private let timeLimit: Double?
  private let stopwatch = Stopwatch()
  private let caller = pthread_self()
  private let stop = Atomic<Int>(Reason.none.rawValue)
  private var lastCall: Double?
  private var share: (done: Int, of: Int)?

  /// The seconds between two calls of the caller's function.
  private static let interval = 0.01

  /// A watch that starts now.
  init(_ options: OptionsChoice) {
    listener = options.listener
    timeLimit = options.timeLimit
  }

  /// Why the work was stopped.
  var reason: Reason { Reason(rawValue: stop.load(ordering: .relaxed)) ?? .none }

  /// How many of the parts of the work are done; heard on the caller's thread only.
  func report(_ done: Int, of count: Int) {
    if isOnCallersThread { share = (done, count) }
  }

  private var isOnCallersThread: Bool { pthread_equal(pthread_self(), caller) != 0 }

  /// What solvers ask; `nil` where nobody wants to know.
  var handler: ProgressHandler? {
    guard listener != nil || timeLimit != nil else { return nil }
    return { [self] progress in goesOn(progress) }
  }

  /// Whether the caller wants to know what stopped work has come to.
  var allowsProof: @Sendable () -> Bool { { [self] in reason != .abandoned } }

  private func goesOn(_ progress: SolverProgress) -> Bool {
    guard reason == .none else { return false }
    let seconds = stopwatch.seconds
    if let timeLimit, seconds >= timeLimit {
      stop.store(Reason.clock.rawValue, ordering: .relaxed)
      return false
    }
    guard let listener, isOnCallersThread,
      lastCall.map({ seconds - $0 >= Self.interval }) ?? true
    else { return true }
    lastCall = seconds
    let fraction =
      share.map { Double($0.done) / Double($0.of) } ?? progress.fraction ?? .nan
    let answer = progress.stage.description.withCString {
      listener.function(listener.context, $0, fraction)
    }
    guard answer != KWASS_GO_ON else { return true }
    let reason: Reason = answer == KWASS_ABANDON ? .abandoned : .listener
    stop.store(reason.rawValue, ordering: .relaxed)
    return false
  }
}
