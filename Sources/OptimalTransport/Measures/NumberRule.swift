import Synchronization

/// What numbers of a measure must be.
package enum NumberRule: Sendable {
  /// Neither infinite nor not a number.
  case finite
  /// Finite, and not below 0.
  case finiteNonnegative

  /// Whether a number is as it must be.
  package func allows(_ number: Double) -> Bool {
    number.isFinite && (self == .finite || number >= 0)
  }

  /// The place of the first number that is not as it must be.
  ///
  /// - Complexity: O(n), several numbers at a time and many of them on several processors.
  package func firstViolation(in numbers: [Double]) -> Int? {
    numbers.withUnsafeBufferPointer { firstViolationInParallel($0) }
  }

  func firstViolationInParallel(_ numbers: UnsafeBufferPointer<Double>) -> Int? {
    nonisolated(unsafe) let numbers = numbers
    let first = Atomic(Int.max)
    Parallel.forEachChunk(of: numbers.count, costPerItem: 0.5) { range in
      if let place = firstViolation(in: UnsafeBufferPointer(rebasing: numbers[range])) {
        first.min(range.lowerBound + place, ordering: .relaxed)
      }
    }
    let place = first.load(ordering: .relaxed)
    return place < numbers.count ? place : nil
  }

  /// The place of the first number that is not as it must be, found by this thread alone.
  package func firstViolation(in numbers: UnsafeBufferPointer<Double>) -> Int? {
    // So few that what is searched again is still in the cache.
    let blockSize = 2048
    var start = 0
    while start < numbers.count {
      let end = min(start + blockSize, numbers.count)
      let block = UnsafeBufferPointer(rebasing: numbers[start..<end])
      if !allowsAll(block), let place = block.firstIndex(where: { !allows($0) }) {
        return start + place
      }
      start = end
    }
    return nil
  }

  private func allowsAll(_ block: UnsafeBufferPointer<Double>) -> Bool {
    typealias Lanes = SIMD8<Double>
    let bytes = UnsafeRawBufferPointer(block)
    // A product with 0 is 0 only for a finite number, and a sum keeps what is not a number.
    var (sums, leasts) = ((Lanes.zero, Lanes.zero), (Lanes.zero, Lanes.zero))
    let step = 2 * Lanes.scalarCount
    let whole = block.count & ~(step - 1)
    for index in stride(from: 0, to: whole, by: step) {
      let start = index * MemoryLayout<Double>.stride
      let first = bytes.loadUnaligned(fromByteOffset: start, as: Lanes.self)
      let second = bytes.loadUnaligned(
        fromByteOffset: start + MemoryLayout<Lanes>.stride, as: Lanes.self)
      sums.0 += first * Lanes.zero
      sums.1 += second * Lanes.zero
      if self == .finiteNonnegative {
        leasts.0.replace(with: first, where: first .< leasts.0)
        leasts.1.replace(with: second, where: second .< leasts.1)
      }
    }
    let isFinite = sums.0 + sums.1 == Lanes.zero
    let isNonnegative = leasts.0 == Lanes.zero && leasts.1 == Lanes.zero
    return isFinite && isNonnegative && block[whole...].allSatisfy { allows($0) }
  }
}
