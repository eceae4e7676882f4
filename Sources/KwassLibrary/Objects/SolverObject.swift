import CKwass
import OptimalTransport
import PhaseSpace
import Synchronization

/// A `kwass_solver`: a metric, options, and the last solution.
final class SolverObject: LibraryObject {
  static let name = "kwass_solver"

  let choice: MetricChoice
  let options: OptionsChoice
  private let isBusy = Atomic<Bool>(false)
  private let previous = Mutex<TransportSolution?>(nil)

  init(_ choice: MetricChoice, _ options: OptionsChoice) {
    self.choice = choice
    self.options = options
  }

  /// Runs work on the last solution, one call at a time.
  func exclusively<Result>(
    _ body: (inout TransportSolution?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      throw Failure(
        KWASS_ERROR_BUSY,
        "The kwass_solver works on another call; use one for each thread, and none within its own "
          + "progress function.")
    }
    defer { isBusy.store(false, ordering: .releasing) }
    var solution = previous.withLock { $0 }
    defer { previous.withLock { $0 = solution } }
    return try body(&solution)
  }
}
