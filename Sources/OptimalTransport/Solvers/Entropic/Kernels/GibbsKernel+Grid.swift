import Libc
import TransportKernels

/// The sums of the Gibbs kernel on tensor grids: convolutions axis by axis, in logarithms.
extension GibbsKernel {
  /// For each node of a side, log₂ of the sum over the other side of 2^{offset − λ cost}.
  func gridLogSums(
    _ side: TransportSide, _ costs: SeparableCosts, offsets: [Double]
  ) throws(SolverError) -> [Double] {
    try costs.passes(side, offsets) { line, costs in
      var exponents = tk_exponents(
        cost: nil, point: nil, targets: nil, stride: 0, costs: costs, count: line.count,
        scale: scale, offsets: line.baseAddress)
      return tk_log2_sum_exp2(&exponents, .nan)
    }
  }

  /// The logarithm of a sum of terms of the plan and their mean cost so far.
  private struct Moment: Sendable {
    var logSum: Double
    var cost: Double
  }

  /// For each source node, Σ_j 2^{shift + offset_j − λ c_j} and the same with c_j as a factor.
  ///
  /// The mean cost over the axes done so far travels along with the logarithm: in the next pass it
  /// is averaged with the weights of that pass, and the cost of the axis is added.
  func gridRowSums(
    _ costs: SeparableCosts, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    let moments = try costs.passes(.source, offsets.map { Moment(logSum: $0, cost: 0) }) {
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
