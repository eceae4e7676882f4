/// An order of points in which every index range [lo, hi) that arises by halving is a box-shaped
/// cluster: the points are split at the median of the widest axis, again and again.
enum KdOrder {
  /// The order of points, as indices into the given coordinates.
  ///
  /// - Parameters:
  ///   - coordinates: coordinate k of point i at `k * count + i`.
  ///   - axisScales: by what an axis' extent counts when the widest is sought.
  ///   - leafSize: ranges of at most this size are not split.
  ///   - units: falling sizes; a range is split where a multiple of the first one that is smaller
  ///     than the range ends.
  /// - Complexity: O(n log n) on average.
  static func order(
    coordinates: UnsafePointer<Double>, count: Int, axisScales: [Double], leafSize: Int,
    units: [Int] = [1]
  ) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    _ = sort(&order, coordinates, axisScales, leafSize: leafSize, units: units) { true }
    return order
  }

  /// `order` for many points, which the watch in force can stop.
  ///
  /// - Throws: `SolverError.cancelled`.
  static func stoppableOrder(
    coordinates: UnsafePointer<Double>, count: Int, axisScales: [Double], leafSize: Int,
    units: [Int] = [1]
  ) throws(SolverError) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    let isComplete = sort(&order, coordinates, axisScales, leafSize: leafSize, units: units) {
      SolverWatch.allowsWork
    }
    guard isComplete else { throw .cancelled(nil) }
    return order
  }

  /// So many points are looked at on an axis between two questions whether to go on: some milliseconds of work.
  private static let pointsBetweenQuestions = 1 << 18

  /// Puts indices in order.
  ///
  /// - Parameter goesOn: is asked now and then.
  /// - Returns: `false` where the answer was no.
  private static func sort(
    _ order: inout [Int32], _ coordinates: UnsafePointer<Double>, _ axisScales: [Double],
    leafSize: Int, units: [Int], goesOn: () -> Bool
  ) -> Bool {
    let count = order.count
    return order.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return true }
      var pending = [(0, count)]
      var unquestioned = 0
      while let (low, high) = pending.popLast() {
        guard high - low > leafSize else { continue }
        unquestioned += high - low
        if unquestioned > pointsBetweenQuestions {
          guard goesOn() else { return false }
          unquestioned = 0
        }
        let (axis, width) = widestAxis(base, low..<high, coordinates, count, axisScales)
        let unit = units.first { $0 < high - low } ?? 1
        let middle = low + (high - low + unit - 1) / unit / 2 * unit
        if width > 0 {
          select(base, low, high, middle, by: coordinates + axis * count)
        }
        pending.append((low, middle))
        pending.append((middle, high))
      }
      return true
    }
  }

  /// The axis on which points extend most, and how far.
  private static func widestAxis(
    _ base: UnsafeMutablePointer<Int32>, _ range: Range<Int>,
    _ coordinates: UnsafePointer<Double>, _ count: Int, _ axisScales: [Double]
  ) -> (axis: Int, width: Double) {
    var (widest, width) = (0, -1.0)
    for (axis, scale) in axisScales.enumerated() {
      let values = coordinates + axis * count
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for position in range {
        let value = values[Int(base[position])]
        least = min(least, value)
        greatest = max(greatest, value)
      }
      if (greatest - least) * scale > width { (widest, width) = (axis, (greatest - least) * scale) }
    }
    return (widest, width)
  }

  /// Puts into position `k` what a sort would put there, smaller elements before it and larger ones
  /// after it. Ties are broken by index, so the result does not depend on the start.
  private static func select(
    _ base: UnsafeMutablePointer<Int32>, _ first: Int, _ end: Int, _ k: Int,
    by key: UnsafePointer<Double>
  ) {
    func precedes(_ a: Int32, _ b: Int32) -> Bool {
      let (x, y) = (key[Int(a)], key[Int(b)])
      return x < y || (x == y && a < b)
    }
    var (low, high) = (first, end - 1)
    while low < high {
      // Median of three against sorted input; elements are distinct, so every step makes progress.
      let middle = (low + high) / 2
      if precedes(base[middle], base[low]) { swap(base, middle, low) }
      if precedes(base[high], base[low]) { swap(base, high, low) }
      if precedes(base[high], base[middle]) { swap(base, high, middle) }
      let pivot = base[middle]
      var (i, j) = (low, high)
      while i <= j {
        while precedes(base[i], pivot) { i += 1 }
        while precedes(pivot, base[j]) { j -= 1 }
        if i <= j {
          swap(base, i, j)
          i += 1
          j -= 1
        }
      }
      if k <= j {
        high = j
      } else if k >= i {
        low = i
      } else {
        return
      }
    }
  }

  @inline(__always)
  private static func swap(_ base: UnsafeMutablePointer<Int32>, _ i: Int, _ j: Int) {
    let value = base[i]
    base[i] = base[j]
    base[j] = value
  }
}
