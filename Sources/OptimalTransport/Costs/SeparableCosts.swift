/// Costs between two tensor grids that are sums over the axes, c = Σ_k C_k[i_k, j_k].
///
/// Sums of exponentials and minima over all nodes of a grid then factor into one pass for each axis,
/// O(N n_k) for N nodes instead of O(N²). Source for the factorisation: J. Solomon et al.,
/// "Convolutional Wasserstein distances" (2015), doi:10.1145/2766963; the passes are in logarithms
/// here, so that no regularisation underflows.
package struct SeparableCosts: Sendable {
  /// For each axis the costs in the problem's own unit, row-major, a row for each source node.
  let rows: [[Double]]
  /// The same with a row for each target node.
  let columns: [[Double]]
  let sourceShape: [Int]
  let targetShape: [Int]

  /// The relative error of the cost of an axis, in units of 2^-53.
  private let axisRoundingUnits: Double
  /// What the costs of all axes may lack together by underflow.
  private let underflow: Double

  /// What rounding makes of the costs and the potentials in the passes of `minima`.
  ///
  /// Each pass rounds cost − offset of one axis, a number that is at most as large as the whole cost
  /// and the offset together.
  var rounding: CostRounding {
    let passes = Double(sourceShape.count)
    return CostRounding(
      costUnits: axisRoundingUnits + passes, potentialUnits: passes, underflow: underflow)
  }

  /// The costs of two grids.
  ///
  /// - Parameter unit: the exponent of the unit of the problem.
  /// - Returns: `nil` unless every block of the cost is a square or has a single axis.
  init?(
    from source: TensorGrid, to target: TensorGrid, domain: ProductDomain, cost: GroundCost,
    unit: Int
  ) {
    guard case .blocks(let blocks) = cost else { return nil }
    guard blocks.allSatisfy({ $0.exponent == 2 || $0.axes.count == 1 || $0.weight == 0 }) else {
      return nil
    }
    (sourceShape, targetShape) = (source.shape, target.shape)
    var (rows, columns): ([[Double]], [[Double]]) = ([], [])
    var (roundingUnits, underflow) = (0.0, 0.0)
    for axis in source.nodes.indices {
      let (n, m) = (source.shape[axis], target.shape[axis])
      guard let block = blocks.first(where: { $0.axes.contains(axis) && $0.weight > 0 }) else {
        rows.append(Array(repeating: 0, count: n * m))
        columns.append(Array(repeating: 0, count: n * m))
        continue
      }
      guard let from = try? DiscreteMeasure(axes: [source.nodes[axis]]),
        let to = try? DiscreteMeasure(axes: [target.nodes[axis]]),
        let costs = try? PairCosts(
          source: from, target: to, domain: ProductDomain(uncheckedAxes: [domain.axes[axis]]),
          cost: .blocks([CostBlock(axes: 0..<1, weight: block.weight, exponent: block.exponent)]))
      else { return nil }
      let shift = costs.unitExponent - unit
      roundingUnits = max(roundingUnits, costs.roundingUnits)
      rows.append(
        (0..<n * m).map { costs.cost($0 / m, $0 % m).scaled(by: shift) })
      columns.append(
        (0..<n * m).map { costs.cost($0 % n, $0 / n).scaled(by: shift) })
      // Where all nodes agree nothing is lost, and the axis has no unit of its own.
      if rows[axis].contains(where: { $0 > 0 }) {
        underflow += costs.rounding.underflow.scaled(by: shift) + .leastNonzeroMagnitude
      }
    }
    (self.rows, self.columns) = (rows, columns)
    axisRoundingUnits = roundingUnits
    self.underflow = underflow
  }

  /// For each node of a side the least of cost − offset over all nodes of the other side.
  ///
  /// - Complexity: O(N Σ n_k).
  func minima(_ side: TransportSide, offsets: [Double]) throws(SolverError) -> [Double] {
    let greatest = try passes(side, offsets) { line, costs in
      var best = -Double.infinity
      for index in 0..<line.count {
        let value = line[index] - costs[index]
        if value > best { best = value }
      }
      return best
    }
    return greatest.map { -$0 }
  }

  /// Applies a reduction of a line of nodes and a row of costs on every axis, from the last to the
  /// first.
  ///
  /// Each pass takes the last axis of the tensor and puts it before the first, so that after all
  /// passes the order is the old one, and lines are always contiguous.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Parameters:
  ///   - values: one for each node of the other side.
  ///   - reduce: is given the values of a line of the other side and the costs to them from a node.
  func passes<Value: Sendable>(
    _ side: TransportSide, _ values: [Value],
    _ reduce: @Sendable (UnsafeBufferPointer<Value>, UnsafePointer<Double>) -> Value
  ) throws(SolverError) -> [Value] {
    let shape = side == .source ? sourceShape : targetShape
    let others = side == .source ? targetShape : sourceShape
    let costs = side == .source ? rows : columns
    var values = values
    for axis in shape.indices.reversed() {
      let (length, other) = (shape[axis], others[axis])
      let lines = values.count / other
      let input = values
      guard let any = input.first else { return [] }
      values = [Value](repeating: any, count: lines * length)
      try values.withUnsafeMutableBufferPointer { buffer throws(SolverError) in
        nonisolated(unsafe) let output = buffer.baseAddress
        try input.withUnsafeBufferPointer { input throws(SolverError) in
          try costs[axis].withUnsafeBufferPointer { costs throws(SolverError) in
            nonisolated(unsafe) let (input, costs) = (input, costs.baseAddress)
            try Parallel.forEachStoppableChunk(
              of: lines, costPerItem: Double(length * other)
            ) { range in
              guard let output, let costs else { return }
              for line in range {
                let part = UnsafeBufferPointer(rebasing: input[line * other..<(line + 1) * other])
                for node in 0..<length {
                  output[node * lines + line] = reduce(part, costs + node * other)
                }
              }
            }
          }
        }
      }
    }
    return values
  }
}
