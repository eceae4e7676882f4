import Foundation
import KineticTransport

/// Many small problems made to break the exact solver, each checked against its certificate.
enum Breaker {
  /// Solves problems until all are done.
  ///
  /// - Returns: the process's status: 1 when any problem failed.
  static func run(problems: Int, seed: UInt64) throws -> Int32 {
    print("Breaker: \(problems) problems, seed \(seed). \(try Machine.current().summary)")
    let shards = ProcessInfo.processInfo.activeProcessorCount
    let lock = NSLock()
    nonisolated(unsafe) var failures: [String] = []
    nonisolated(unsafe) var worst = 0.0
    let stopwatch = Stopwatch()
    DispatchQueue.concurrentPerform(iterations: shards) { shard in
      for index in stride(from: shard, to: problems, by: shards) {
        // Every problem has a stream of its own: a failure can be repeated alone.
        var generator = SeededGenerator(seed: seed &+ UInt64(index) &* 0x9e37_79b9)
        // Most are tiny; one in a hundred is large enough for the coarse-to-fine path.
        let points = index % 100 == 99 ? 129...200 : 1...12
        let outcome = Self.outcome(&generator, index, points)
        lock.withLock {
          worst = max(worst, outcome.width)
          if let failure = outcome.failure { failures.append(failure) }
        }
      }
    }
    let seconds = stopwatch.seconds
    for failure in failures.prefix(20) { print("- \(failure)") }
    print(
      "\(problems - failures.count) problems stood their certificate, \(failures.count) did not; "
        + "widest bracket \(worst.short) of the largest potential or cost; \(seconds.short) s")
    return failures.isEmpty ? 0 : 1
  }

  private static func outcome(
    _ generator: inout SeededGenerator, _ index: Int, _ points: ClosedRange<Int>
  ) -> (width: Double, failure: String?) {
    var description = "problem \(index)"
    do {
      let pathological = try PathologicalProblem(
        &generator, index: index, points: points, extremes: -150...150)
      description = pathological.description
      let solution = try NetworkSimplex().solve(pathological.problem)
      let verification = try solution.verify()
      // Where potentials are larger than the cost, their own rounding is what limits the bracket.
      let size = (solution.potentials.source + solution.potentials.target)
        .reduce(solution.costBounds.upper) { max($0, abs($1)) }
      let width = size > 0 ? (solution.costBounds.upper - solution.costBounds.lower) / size : 0
      if !verification.isConfirmed {
        return (width, "\(description): not confirmed: \(verification)")
      }
      if !solution.costBounds.contains(solution.cost) {
        return (width, "\(description): cost \(solution.cost) outside \(solution.costBounds)")
      }
      return (width, width <= 1e-12 ? nil : "\(description): bracket \(solution.costBounds)")
    } catch {
      return (0, "\(description): \(error)")
    }
  }
}
