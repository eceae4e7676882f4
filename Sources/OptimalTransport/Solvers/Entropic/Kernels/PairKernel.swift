import TransportKernels

/// The Gibbs kernel with sums over all pairs, for costs of any kind.
struct PairKernel: GibbsKernel {
  let costs: PairCosts
  let scale: Double
  var loops = SharedLoops.alone

  var omission: Double { 0 }
  var sweepsPairs: Bool { true }

  func omitting(_ part: Double) -> PairKernel { self }

  func logSums(
    _ side: TransportSide, offsets: [Double], guesses: [Double]
  ) throws(SolverError) -> [Double] {
    try sweep(side, offsets: offsets, costPerPair: 0.6, empty: -.infinity) { index, exponents in
      tk_log2_sum_exp2(&exponents, guesses[index])
    }
  }

  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)] {
    try sweep(.source, offsets: offsets, costPerPair: 1, empty: (mass: 0, cost: 0)) {
      index, exponents in
      let sums = tk_sums_with_costs(&exponents, shifts[index])
      return (mass: sums.mass, cost: sums.cost)
    }
  }
}
