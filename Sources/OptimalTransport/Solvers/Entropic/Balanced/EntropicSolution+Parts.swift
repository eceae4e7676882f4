import TransportKernels

extension EntropicSolution {
  /// The part of `transportCost` that some axes make: all of a block of the cost whose axes are among
  /// them, and of one that has others too the part of each pair's cost that their squared distance is of
  /// the block's.
  ///
  /// - Returns: `nil` unless blocks of positive weight cover all axes.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs that matter.
  public func transportCost(ofAxes axes: Range<Int>) throws(SolverError) -> Double? {
    try point.kernel.transportCost(
      problem, axes, masses: problem.source.masses,
      offsets: point.iteration.offsets(.target, point.kernel),
      shifts: point.iteration.source.map { $0 * point.kernel.scale })
  }
}

extension UnbalancedSolution {
  /// The part of `transportCost` that some axes make, as `EntropicSolution.transportCost(ofAxes:)`.
  ///
  /// - Returns: `nil` unless blocks of positive weight cover all axes.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs that matter.
  public func transportCost(ofAxes axes: Range<Int>) throws(SolverError) -> Double? {
    let rawMass = problem.source.rawMass * problem.target.rawMass
    return try point.kernel.transportCost(
      problem, axes, masses: problem.source.masses.map { $0 * rawMass },
      offsets: point.iteration.offsets(.target, point.kernel),
      shifts: point.iteration.source.map { ($0 + point.multiplier) * point.kernel.scale })
  }
}

extension GibbsKernel {
  /// Σ_i m_i Σ_j s_ij 2^{shift_i + offset_j − λ c_ij} with the shares s_ij that axes have in the costs, in the
  /// unit of the cost.
  fileprivate func transportCost(
    _ problem: TransportProblem, _ axes: Range<Int>, masses: [Double], offsets: [Double],
    shifts: [Double]
  ) throws(SolverError) -> Double? {
    guard let share = AxisShare(problem, axes: axes) else { return nil }
    var sum = CompensatedSum()
    for (mass, row) in zip(masses, try rowShares(share, offsets: offsets, shifts: shifts))
    where mass > 0 { sum.add(mass * row) }
    return sum.value.scaled(by: problem.pairCosts.unitExponent)
  }

  private func rowShares(
    _ share: AxisShare, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [Double] {
    if let blocks {
      return try reduceNear(.source, blocks, offsets: offsets, guesses: shifts.map { -$0 }) {
        guess, ranges, exponents in
        ranges.reduce(0) { $0 + share.sum(exponents($1), shift: -guess) }
      }
    }
    let others = costs.targetCount
    return try offsets.withUnsafeBufferPointer { buffer throws(SolverError) in
      nonisolated(unsafe) let offsets = buffer.baseAddress
      return try Parallel.stoppableMap(count: costs.sourceCount, costPerItem: Double(others)) {
        index in
        guard let offsets else { return 0 }
        return withExponents(.source, index, 0..<others, offsets: offsets) { exponents in
          share.sum(exponents, shift: shifts[index])
        }
      }
    }
  }
}
