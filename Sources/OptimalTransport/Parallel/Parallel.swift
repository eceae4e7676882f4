import Dispatch
import Synchronization

/// Runs independent pieces of a loop on the processors of the machine.
package enum Parallel {
  /// Calls `body` for consecutive chunks that cover `0..<count`, at the same time where the work
  /// pays for it, on as many threads as `ThreadLimit` allows here. The chunks depend on `count` alone.
  ///
  /// - Parameters:
  ///   - costPerItem: roughly how many nanoseconds one item takes; loops shorter than about
  ///     200 µs run on the calling thread.
  ///   - body: must write only to what belongs to its own chunk.
  package static func forEachChunk(
    of count: Int, costPerItem: Double, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 1, Double(count) * costPerItem > 200_000 else {
      if count > 0 { body(0..<count) }
      return
    }
    let chunks = min(64, count)
    forEach(of: chunks) { chunk in
      body(count * chunk / chunks..<count * (chunk + 1) / chunks)
    }
  }

  /// Calls `body` for each of the numbers `0..<count`, several at the same time. What starts loops of its own in
  /// `body` shares the threads with the others.
  package static func forEach(of count: Int, _ body: @Sendable (Int) -> Void) {
    let threads = ThreadLimit.current
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic(0)
    let share = ThreadShare(threads: threads, workers: workers)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      ThreadLimit.with(share) {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count else { break }
          body(index)
        }
      }
      share.leave()
    }
  }

  /// An array whose elements are computed independently of each other.
  package static func map<Element: Sendable>(
    count: Int, costPerItem: Double, _ element: @Sendable (Int) -> Element
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let start = buffer.baseAddress
      forEachChunk(of: count, costPerItem: costPerItem) { range in
        guard let start else { return }
        for index in range { (start + index).initialize(to: element(index)) }
      }
      initialized = count
    }
  }

  /// What long independent pieces of work give, or throw, in their order.
  package static func results<Value: Sendable, Failure: Error>(
    count: Int, _ body: @Sendable (Int) throws(Failure) -> Value
  ) -> [Result<Value, Failure>] {
    var results = [Result<Value, Failure>?](repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      forEach(of: count) { index in
        do throws(Failure) { buffer[index] = .success(try body(index)) } catch {
          buffer[index] = .failure(error)
        }
      }
    }
    return results.compactMap(\.self)
  }

  // MARK: Loops that can be stopped

  /// `forEachChunk` for long loops: before each piece of some milliseconds the watch in force is asked
  /// whether to go on.
  ///
  /// - Throws: `SolverError.cancelled`; what was written is then incomplete.
  package static func forEachStoppableChunk(
    of count: Int, costPerItem: Double, _ body: @Sendable (Range<Int>) -> Void
  ) throws(SolverError) {
    guard let watch = SolverWatch.current, Double(count) * costPerItem > pieceNanoseconds else {
      forEachChunk(of: count, costPerItem: costPerItem, body)
      return
    }
    let piece = max(1, Int(min(Double(count), pieceNanoseconds / max(costPerItem, 0.1))))
    let isStopped = Atomic(false)
    forEachChunk(of: count, costPerItem: costPerItem) { range in
      var start = range.lowerBound
      while start < range.upperBound, !isStopped.load(ordering: .relaxed) {
        guard watch.goesOn else {
          isStopped.store(true, ordering: .relaxed)
          return
        }
        let end = min(range.upperBound, start + piece)
        body(start..<end)
        start = end
      }
    }
    if isStopped.load(ordering: .relaxed) { throw .cancelled(nil) }
  }

  /// `map` for long loops, which the watch in force can stop.
  ///
  /// - Throws: `SolverError.cancelled`.
  package static func stoppableMap<Element: Sendable>(
    count: Int, costPerItem: Double, _ element: @Sendable (Int) -> Element
  ) throws(SolverError) -> [Element] {
    guard SolverWatch.current != nil, Double(count) * costPerItem > pieceNanoseconds else {
      return map(count: count, costPerItem: costPerItem, element)
    }
    var elements = [Element?](repeating: nil, count: count)
    try elements.withUnsafeMutableBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let start = buffer.baseAddress
      try forEachStoppableChunk(of: count, costPerItem: costPerItem) { range in
        guard let start else { return }
        for index in range { start[index] = element(index) }
      }
    }
    return elements.compactMap(\.self)
  }

  /// So long no watch is asked: far below what a user notices, far above what asking costs.
  private static let pieceNanoseconds = 10e6
}
