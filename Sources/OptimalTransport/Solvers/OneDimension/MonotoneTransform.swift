import TransportKernels

/// The c-transform of a one-dimensional problem over all pairs, f_i ≤ min_j (c_ij − g_j), in
/// O((n + m) log n). The roles may be exchanged, for the cost is even.
///
/// On a line the matrix A_ij = c_ij − g_j of sorted points has the Monge property,
/// A_ij + A_kl ≤ A_il + A_kj for i < k and j < l, because the cost is a convex function of the
/// difference. So the column of a row's least entry does not decrease from row to row, and the
/// middle row's column splits the search for the others.
///
/// On a circle the columns are repeated on three turns. Each row has a band of m columns that begins
/// half a circle before its point, in which every column stands once and on the image that is
/// nearest to the row's point. The beginning does not decrease from row to row; a matrix that is
/// infinite outside such a band still has the property, for with A_il and A_kj also A_ij and A_kl
/// lie inside.
///
/// *Rounding.* Column j is given up for l in the rows beyond k when the computed A_kl is at most the
/// computed A_kj. If each is wrong by at most ε, then A_kl ≤ A_kj + 2ε, and the property gives
/// A_il ≤ A_ij + 2ε for those rows i: what is left to row i holds an entry that is larger than its
/// least one by at most the 2ε of the halvings before it together, and that much is subtracted. When
/// A_kl is the larger one, both costs are below the computed A_kl plus the largest g in reach, up to
/// ε, which bounds ε: a relative error of that cost, and a rounding of the subtraction. The entries
/// themselves are the kernel's, as in a sweep over all pairs.
struct MonotoneTransform {
  private let geometry: CostGeometry
  /// The rows' coordinates.
  private let rows: [Double]
  /// The columns' coordinates and potentials, on each turn.
  private let columns: [Double]
  private let offsets: [Double]
  /// For each row the column at which its band begins, and the number of columns in it.
  private let bandStarts: [Int]
  private let bandWidth: Int

  /// As few rows as are swept directly; small blocks are cheap and spare halvings.
  private static let blockSize = 16
  /// After about so many columns the watch in force is asked: some milliseconds of work.
  private static let columnsBetweenQuestions = 1 << 20

  /// The transform, at points in increasing order, of the potentials of others in increasing order.
  init(
    at rows: [Double], of potentials: [Double], at columns: [Double], geometry: CostGeometry
  ) {
    self.geometry = geometry
    self.rows = rows
    bandWidth = columns.count
    let length = geometry.lengths[0]
    guard length.isFinite else {
      self.columns = columns
      offsets = potentials
      bandStarts = Array(repeating: 0, count: rows.count)
      return
    }
    self.columns = Array(repeatElement(columns, count: 3).joined())
    offsets = Array(repeatElement(potentials, count: 3).joined())
    // The comparisons are exact: where a difference is rounded, its sign is not in doubt.
    let half = length / 2
    var start = 0
    bandStarts = rows.map { x in
      while start < 2 * columns.count,
        start < columns.count
          ? columns[start] - half < x : columns[start - columns.count] < x - half
      {
        start += 1
      }
      return start
    }
  }

  /// For each row a number that is at most its least entry, and less by rounding only.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  func values() throws(SolverError) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count)
    let end = bandStarts[rows.count - 1] + bandWidth
    var pending = [Block(rows: 0..<rows.count, columns: 0..<end, excess: 0)]
    var unquestioned = 0
    while let block = pending.popLast() {
      unquestioned += block.columns.count
      if unquestioned > Self.columnsBetweenQuestions {
        try SolverWatch.check()
        unquestioned = 0
      }
      guard block.rows.count > Self.blockSize else {
        for row in block.rows { result[row] = least(row, block.columns).value - block.excess }
        continue
      }
      let middle = (block.rows.lowerBound + block.rows.upperBound) / 2
      let (value, column) = least(middle, block.columns)
      result[middle] = value - block.excess
      let excess = block.excess + 2 * error(middle, value, block.columns)
      pending.append(
        Block(
          rows: block.rows.lowerBound..<middle,
          columns: block.columns.lowerBound..<column + 1, excess: excess))
      pending.append(
        Block(
          rows: middle + 1..<block.rows.upperBound,
          columns: column..<block.columns.upperBound, excess: excess))
    }
    return result
  }

  /// Rows, the columns among which their least entries are sought, and by how much an entry there
  /// may be larger than the least of all.
  private struct Block {
    let rows: Range<Int>
    let columns: Range<Int>
    let excess: Double
  }

  /// The columns of a range that are in a row's band.
  ///
  /// There is at least one: the first column of the range is in the band of an earlier row or the
  /// first of all, and the last in that of a later one or the last of all.
  private func columnsInBand(_ row: Int, _ range: Range<Int>) -> Range<Int> {
    let start = bandStarts[row]
    return max(range.lowerBound, start)..<min(range.upperBound, start + bandWidth)
  }

  /// A bound for the error of the entries that may be the least of a row.
  private func error(_ row: Int, _ least: Double, _ range: Range<Int>) -> Double {
    let highest = offsets[columnsInBand(row, range)].reduce(-.infinity, max)
    // One unit more each for what is of second order.
    let rounding = geometry.rounding
    let cost = rounding.relativeError(besides: 1) * max(least + highest, 0)
    return cost + 2 * CostRounding.unit * abs(least) + rounding.underflow
  }

  /// The least entry of a row among the columns of a range that are in its band.
  private func least(_ row: Int, _ range: Range<Int>) -> (value: Double, column: Int) {
    let range = columnsInBand(row, range)
    var point = rows[row]
    var index = 0
    let value = columns.withUnsafeBufferPointer { columns in
      offsets.withUnsafeBufferPointer { offsets in
        tk_minimum_reduced_cost(
          geometry.kernel, &point, columns.baseAddress.map { $0 + range.lowerBound }, columns.count,
          range.count, offsets.baseAddress.map { $0 + range.lowerBound }, &index)
      }
    }
    return (value, range.lowerBound + index)
  }
}
