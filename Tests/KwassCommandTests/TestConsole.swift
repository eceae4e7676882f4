import KwassCommand
import Synchronization

/// Keeps what a command writes.
final class TestConsole: Console {
  private let texts = Mutex((output: "", report: ""))
  let isInteractive: Bool
  let isOutputTerminal: Bool
  /// What the system says when the output cannot be written.
  let outputFailure: String?

  init(
    isInteractive: Bool = false, isOutputTerminal: Bool = false, outputFailure: String? = nil
  ) {
    self.isInteractive = isInteractive
    self.isOutputTerminal = isOutputTerminal
    self.outputFailure = outputFailure
  }

  var output: String { texts.withLock { $0.output } }
  var report: String { texts.withLock { $0.report } }

  func write(_ text: String) throws(ConsoleError) {
    if let outputFailure { throw ConsoleError(reason: outputFailure) }
    texts.withLock { $0.output += text }
  }

  func report(_ text: String) { texts.withLock { $0.report += text } }
}

/// What a command did.
struct Outcome {
  let status: ExitCode
  let output: String
  let report: String
}

/// Runs a command line in this process.
func kwass(_ arguments: String...) -> Outcome { kwass(arguments) }

/// The same with arguments that are at hand.
func kwass(_ arguments: [String]) -> Outcome {
  let console = TestConsole()
  let status = Kwass.run(arguments: arguments, console: console)
  return Outcome(status: status, output: console.output, report: console.report)
}
