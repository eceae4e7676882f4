/// The c-transform on a line in O((n + m) log(n + m)): for every x the least of h(x − y) − φ(y).
///
/// For sorted x and y and convex h the matrix h(x_i − y_j) − φ_j has the Monge property, so the
/// position of the least entry does not decrease from row to row: the middle row's position splits
/// the search for the others. A position that is wrong by rounding excludes columns that are better
/// by at most that rounding; over the levels of the recursion these add up, and `errorLevels` says
/// to how many roundings.
struct MonotoneTransform {
  /// For each x the least value.
  private(set) var values: [Double]
  /// The least values are right to this many roundings of one evaluation.
  let errorLevels: Int

  /// The transform at sorted points x of φ at sorted points y.
  init(at x: [Double], of potentials: [Double], at y: [Double], cost: ConvexCost) {
    values = Array(repeating: .infinity, count: x.count)
    errorLevels = x.count.bitWidth - x.count.leadingZeroBitCount + 1
    var pending = [(rows: 0..<x.count, low: 0, high: y.count - 1)]
    while let (rows, low, high) = pending.popLast() {
      guard !rows.isEmpty else { continue }
      let row = (rows.lowerBound + rows.upperBound) / 2
      var (best, position) = (Double.infinity, low)
      for column in low...high {
        let value = cost(x[row] - y[column]) - potentials[column]
        if value < best { (best, position) = (value, column) }
      }
      values[row] = best
      pending.append((rows.lowerBound..<row, low, position))
      pending.append((row + 1..<rows.upperBound, position, high))
    }
  }
}
