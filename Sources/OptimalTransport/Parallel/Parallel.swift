import Dispatch

/// Runs independent pieces of a loop on the processors of the machine.
package enum Parallel {
  /// Calls `body` for consecutive chunks that cover `0..<count`, at the same time where the work
  /// pays for it.
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
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      body(count * chunk / chunks..<count * (chunk + 1) / chunks)
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
}
