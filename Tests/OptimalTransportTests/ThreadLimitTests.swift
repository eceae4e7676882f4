import Libc
import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// A limit on threads reaches every loop, and loops within loops share it.
@Suite(.serialized)
struct ThreadLimitTests {
  /// Counts how many bodies run at the same time.
  private final class Meter: Sendable {
    private let running = Atomic(0)
    private let most = Atomic(0)
    private let calls = Atomic(0)

    var peak: Int { most.load(ordering: .relaxed) }
    var count: Int { calls.load(ordering: .relaxed) }

    /// A body that is long enough to meet others.
    func run() {
      let now = running.add(1, ordering: .sequentiallyConsistent).newValue
      most.max(now, ordering: .relaxed)
      usleep(1000)
      calls.add(1, ordering: .relaxed)
      running.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  private static let cost = 1e9

  @Test func loopsKeepTheLimit() {
    for limit in [1, 2, 3] {
      let meter = Meter()
      ThreadLimit.with(limit) {
        #expect(ThreadLimit.current <= limit)
        Parallel.forEachChunk(of: 64, costPerItem: Self.cost) { _ in meter.run() }
        _ = Parallel.map(count: 64, costPerItem: Self.cost) { _ in meter.run() }
        Parallel.forEach(of: 64) { _ in meter.run() }
      }
      #expect(meter.peak <= limit)
      #expect(meter.count == 3 * 64)
    }
  }

  @Test(.enabled(if: ThreadLimit.current > 1, "needs two processors"))
  func loopsUseTheProcessors() {
    // Other tests may keep the threads busy for a while.
    let (meter, patience) = (Meter(), Stopwatch())
    while meter.peak < 2, patience.seconds < 60 {
      Parallel.forEachChunk(of: 64, costPerItem: Self.cost) { _ in meter.run() }
    }
    #expect(meter.peak > 1)
  }

  @Test func aLimitOnlyNarrowsWithinAnother() {
    ThreadLimit.with(1) {
      #expect(ThreadLimit.current == 1)
      ThreadLimit.with(1000) { #expect(ThreadLimit.current == 1) }
    }
    ThreadLimit.with(-3) { #expect(ThreadLimit.current == 1) }
  }

  /// While all pieces of an outer loop are at work, an inner loop stays on the thread of its piece.
  @Test func innerLoopsRunWithinTheThreadOfTheirPiece() {
    let threads = ThreadLimit.current
    let arrived = Atomic(0)
    let strays = Atomic(0)
    Parallel.forEach(of: threads) { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      let patience = Stopwatch()
      while arrived.load(ordering: .sequentiallyConsistent) < threads, patience.seconds < 10 {
        usleep(100)
      }
      let outer = pthread_self()
      Parallel.forEachChunk(of: 64, costPerItem: Self.cost) { _ in
        if pthread_equal(pthread_self(), outer) == 0 { strays.add(1, ordering: .relaxed) }
      }
      // No piece ends before all inner loops are done, so that no share becomes free.
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 2 * threads, patience.seconds < 20 {
        usleep(100)
      }
    }
    #expect(arrived.load(ordering: .relaxed) == 2 * threads)
    #expect(strays.load(ordering: .relaxed) == 0)
  }

  @Test func nestedLoopsDoNotMultiply() {
    let meter = Meter()
    ThreadLimit.with(2) {
      Parallel.forEach(of: 8) { _ in
        Parallel.forEach(of: 8) { _ in
          Parallel.forEach(of: 4) { _ in meter.run() }
        }
      }
    }
    #expect(meter.peak <= 2)
    #expect(meter.count == 256)
  }

  /// A thread that is done leaves its share to the others.
  @Test func sharesGrow() {
    let share = ThreadShare(threads: 8, workers: 3)
    #expect(share.threads == 2)
    share.leave()
    #expect(share.threads == 4)
    share.leave()
    #expect(share.threads == 8)
    share.leave()
    #expect(share.threads == 8)
    #expect(ThreadShare(threads: 2, workers: 5).threads == 1)
  }

  @Test func bitsDoNotDependOnTheLimit() throws {
    var generator = SeededGenerator(seed: 5)
    let problem = try TransportProblem(
      from: generator.measure(count: 900, dimension: 2, masses: .random),
      to: generator.measure(count: 800, dimension: 2, masses: .random), exponent: 2)
    let solver = SinkhornSolver(regularization: 0.05)
    let all = try solver.solve(problem)
    let one = try ThreadLimit.with(1) { () throws(SolverError) in try solver.solve(problem) }
    #expect(all.costBounds == one.costBounds)
    #expect(all.potentials == one.potentials)
  }
}
