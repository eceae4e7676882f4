import Libc
import TransportKernels

/// The Gibbs kernel between tensor grids: its sums are convolutions axis by axis, in logarithms.
///
/// A sweep takes O(N Σ n_k) time for N nodes. Processes that share the work of other kernels all do each pass
/// of this one.
struct GridKernel: GibbsKernel {
  let costs: PairCosts
  let scale: Double
  let loops: SharedLoops
  /// The costs axis by axis.
  let grids: SeparableCosts

  var omission: Double { 0 }
  var sweepsPairs: Bool { false }

  func omitting(_ part: Double) -> GridKernel { self }

  func logSums(
    _ side: TransportSide, offsets: [Double], guesses: [Double]
  ) throws(SolverError) -> [Double] {
    try loops.together(offsets + [scale]) { () throws(SolverError) in
      try grids.passes(side, offsets) { line, costs in
        var exponents = tk_exponents(
          cost: nil, point: nil, targets: nil, stride: 0, costs: costs, count: line.count,
          scale: scale, offsets: line.baseAddress)
        return tk_log2_sum_exp2(&exponents, .nan)
      }
    }
  }

  /// The logarithm of a sum of terms of the plan and their mean cost so far.
  private struct Moment: Sendable {
    var logSum: Double
    var cost: Double
  }

  /// The mean cost over the axes done so far travels along with the logarithm: in the next pass it
  /// is averaged with the weights of that pass, and the cost of the axis is added.
  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    let moments = try grids.passes(.source, offsets.map { Moment(logSum: $0, cost: 0) }) {
      line, costs in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * line.count) { scratch in
        guard let logSums = scratch.baseAddress else { return Moment(logSum: -.infinity, cost: 0) }
        for index in 0..<line.count { logSums[index] = line[index].logSum }
        var exponents = tk_exponents(
          cost: nil, point: nil, targets: nil, stride: 0, costs: costs, count: line.count,
          scale: scale, offsets: logSums)
        let logSum = tk_log2_sum_exp2(&exponents, .nan)
        guard logSum > -.infinity else { return Moment(logSum: logSum, cost: 0) }
        let weights = logSums + line.count
        tk_exp2(&exponents, -logSum, weights)
        var mean = 0.0
        for index in 0..<line.count where weights[index] > 0 {
          mean += weights[index] * (line[index].cost + costs[index])
        }
        return Moment(logSum: logSum, cost: mean)
      }
    }
    return zip(moments, shifts).map { moment, shift in
      let mass = exp2(shift + moment.logSum)
      return (mass, mass * moment.cost)
    }
  }
}
