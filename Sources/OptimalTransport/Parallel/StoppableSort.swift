extension Array where Element: Sendable {
  /// So many elements are sorted at once.
  private static var runLength: Int { 1 << 15 }

  /// The elements in order, by a sort that the watch in force can stop: short runs, and then pairs of them
  /// merged, on all processors.
  ///
  /// Stable: what an order does not tell apart stays as it was. So the result is the same for any number of
  /// threads.
  ///
  /// - Throws: `SolverError.cancelled`.
  /// - Complexity: O(n log n) time, memory for twice the elements.
  func stoppablySorted(
    by precedes: @Sendable (Element, Element) -> Bool
  ) throws(SolverError) -> [Element] {
    guard count > Self.runLength else { return sorted(by: precedes) }
    var (sorted, merged) = (self, self)
    let count = count
    try sorted.withUnsafeMutableBufferPointer { sorted throws(SolverError) in
      try merged.withUnsafeMutableBufferPointer { merged throws(SolverError) in
        var (from, to) = (sorted, merged)
        var length = Self.runLength
        // About what comparing and moving an element takes.
        let costPerElement = 8.0
        nonisolated(unsafe) let all = sorted
        try Parallel.forEachStoppableChunk(
          of: (count + length - 1) / length, costPerItem: 16 * costPerElement * Double(length)
        ) { [length] runs in
          for run in runs {
            let range = run * length..<Swift.min((run + 1) * length, count)
            var part = UnsafeMutableBufferPointer(rebasing: all[range])
            part.sort(by: precedes)
          }
        }
        while length < count {
          let size = 2 * length
          nonisolated(unsafe) let (input, output) = (from, to)
          try Parallel.forEachStoppableChunk(
            of: (count + size - 1) / size, costPerItem: costPerElement * Double(size)
          ) { [length] pairs in
            for pair in pairs {
              let (low, high) = (pair * size, Swift.min((pair + 1) * size, count))
              Self.merge(
                input, low..<Swift.min(low + length, high), high, into: output, by: precedes)
            }
          }
          (from, to) = (to, from)
          length = size
        }
        if from.baseAddress != sorted.baseAddress { _ = sorted.update(from: from) }
      }
    }
    return sorted
  }

  /// Merges two runs that stand one behind the other; of elements that are equal the first run's come first.
  private static func merge(
    _ from: UnsafeMutableBufferPointer<Element>, _ first: Range<Int>, _ end: Int,
    into to: UnsafeMutableBufferPointer<Element>, by precedes: (Element, Element) -> Bool
  ) {
    var (i, j) = (first.lowerBound, first.upperBound)
    for place in first.lowerBound..<end {
      if j == end || (i < first.upperBound && !precedes(from[j], from[i])) {
        to[place] = from[i]
        i += 1
      } else {
        to[place] = from[j]
        j += 1
      }
    }
  }
}
