import Dispatch
import OptimalTransport
import Synchronization

/// A line on a terminal that says what is being done, once it has taken more than a second.
final class ProgressLine: Sendable {
  private struct State {
    var stage: String
    var fraction: Double?
    var isShown = false
    var isFinished = false
  }

  private let console: any Console
  private let state: Mutex<State>
  private let stopwatch = Stopwatch()

  /// A line that appears by itself after a delay, if the console is a terminal.
  init(_ stage: String, on console: any Console, after delay: Double = 1) {
    self.console = console
    state = Mutex(State(stage: stage))
    if console.isInteractive { show(after: delay) }
  }

  private func show(after delay: Double) {
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + delay) { [weak self] in
      guard let self, show() else { return }
      show(after: 0.2)
    }
  }

  /// Says what is being done now.
  func begin(_ stage: String) {
    state.withLock {
      $0.stage = stage
      $0.fraction = nil
    }
  }

  /// Takes the reports of a solver; never stops it.
  var handler: ProgressHandler {
    { [self] progress in
      state.withLock {
        $0.stage = progress.stage.description
        $0.fraction = progress.fraction
      }
      return true
    }
  }

  /// Writes the line anew; false when the work is done.
  private func show() -> Bool {
    state.withLock { state in
      guard !state.isFinished else { return false }
      state.isShown = true
      let seconds = Int(stopwatch.seconds)
      let percent = state.fraction.flatMap { 0...1 ~= $0 ? " \(Int(100 * $0)) %" : nil } ?? ""
      // A line that the terminal breaks could not be taken away again.
      console.report("\r\u{1b}[K\(state.stage.suffix(60))\(percent), \(seconds) s")
      return true
    }
  }

  /// Takes the line away. Nothing is shown afterwards.
  func finish() {
    state.withLock { state in
      if state.isShown { console.report("\r\u{1b}[K") }
      state.isFinished = true
    }
  }
}
