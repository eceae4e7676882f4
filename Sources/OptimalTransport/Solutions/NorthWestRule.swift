/// The north-west rule: what leaves one sequence of points arrives at another in order, each time as much as
/// the two points at hand still have.
enum NorthWestRule {
  /// Calls `body` for each pair of positions that the rule comes by, with what it moves; that is nothing where
  /// both points were used up at once, so that the pairs form a staircase from the first to the last ones.
  ///
  /// Where one side has more than the other, the rest stays.
  ///
  /// - Parameters:
  ///   - supply: what the source at a position has, nonnegative.
  ///   - demand: what the target at a position takes.
  /// - Complexity: O(sources + targets).
  @inline(__always)
  static func forEachPair<Mass: Comparable & AdditiveArithmetic>(
    _ sources: Int, _ targets: Int, supply: (Int) -> Mass, demand: (Int) -> Mass,
    _ body: (_ source: Int, _ target: Int, _ moved: Mass) -> Void
  ) {
    guard sources > 0, targets > 0 else { return }
    var (i, j) = (0, 0)
    var (left, right) = (supply(0), demand(0))
    while true {
      let moved = min(left, right)
      body(i, j, moved)
      left -= moved
      right -= moved
      if left == .zero, i + 1 < sources {
        i += 1
        left = supply(i)
      } else if j + 1 < targets {
        j += 1
        right = demand(j)
      } else {
        return
      }
    }
  }
}
