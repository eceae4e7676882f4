import Synchronization

/// A number of threads, and the pieces of a loop among which it is divided.
///
/// A thread that finds no more work leaves its share to the others, so that a long last piece of an outer loop
/// can use them in its own loops. Shares only grow, so the threads of all pieces never exceed the number.
final class ThreadShare: Sendable {
  private let total: Int
  private let workers: Atomic<Int>

  /// Threads for so many workers, which all start at once.
  init(threads: Int, workers: Int = 1) {
    total = threads
    self.workers = Atomic(workers)
  }

  /// How many threads each worker may use for itself.
  var threads: Int { max(1, total / max(1, workers.load(ordering: .relaxed))) }

  /// Leaves the share of one worker to the others.
  func leave() { workers.subtract(1, ordering: .relaxed) }
}
