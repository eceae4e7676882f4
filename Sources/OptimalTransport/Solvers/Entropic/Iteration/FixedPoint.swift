/// Potentials at which a run has ended.
struct FixedPoint<Step: MarginalStep>: Sendable {
  let iteration: SinkhornIteration
  let kernel: any GibbsKernel
  /// Both sides of the plan as they are.
  let sourceStep: Step
  let targetStep: Step
  let iterations: Int

  /// How far both marginals together are from what they should be.
  var error: Double { sourceStep.error + targetStep.error }

  /// For each source point the sum of its row of the plan over its mass, and the row's costs.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  func rowSums() throws(SolverError) -> [(mass: Double, cost: Double)] {
    try kernel.rowSums(
      offsets: iteration.offsets(.target, kernel), shifts: iteration.rowShifts(kernel))
  }

  /// What the plan's moves cost on some axes: Σ_ij π_ij s_ij with the shares s_ij that they have in the
  /// costs, in the unit of the ground cost.
  ///
  /// - Parameter scale: by what all masses of the plan are to be multiplied.
  /// - Returns: `nil` unless blocks of positive weight cover all axes.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs that matter.
  func transportCost(
    _ problem: TransportProblem, ofAxes axes: Range<Int>, scale: Double
  ) throws(SolverError) -> Double? {
    guard let share = AxisShare(problem, axes: axes) else { return nil }
    let rows = try kernel.shareSums(
      share, offsets: iteration.offsets(.target, kernel), shifts: iteration.rowShifts(kernel))
    var sum = CompensatedSum()
    for (mass, row) in zip(problem.source.masses, rows) where mass > 0 {
      sum.add(mass * scale * row)
    }
    return problem.pairCosts.unit.stated(sum.value)
  }
}
