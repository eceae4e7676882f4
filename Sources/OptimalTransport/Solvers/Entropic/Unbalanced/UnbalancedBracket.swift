extension UnbalancedSolution {
  /// A proved bracket of the *unregularised* least cost: of ⟨π, c⟩ + D(π1 | α) + D(πᵀ1 | β) over all
  /// π ≥ 0, or of ⟨π, c⟩ over all plans that move the given mass and exceed no marginal.
  ///
  /// Upper end: the plan as it is. Where the moved mass is given, what the plan carries too much in
  /// rows and columns is taken away at no cost, and what is then missing can be moved at the
  /// largest cost at most. Lower end: the dual objective without regularisation, at f and its hard
  /// transform over all pairs. Rounding is bounded and included.
  ///
  /// - Parameter progress: may stop the proof.
  /// - Throws: `SolverError.cancelled`.
  /// - Complexity: O(nm) time, one sweep; O(n + m) memory.
  public func unregularizedCostBounds(
    progress: ProgressHandler? = nil
  ) throws(SolverError) -> ProvedBounds {
    let bracket = RelaxedBracket(of: problem, relaxation: relaxation)
    let plan = summedPlan
    let easy = PartialBracket(costBounds: bracket.bounds(plan), origin: "the plan as it is")
    let loops = point.kernel.loops
    return try SolverWatch.watching(progress, isShared: loops.isShared, fallback: { easy }) {
      progress throws(SolverError) in
      try progress.report(.provingBracket(.end))
      return try bracket.bounds(plan, sourcePotentials: point.iteration.source, loops)
    }
  }

  private var summedPlan: RelaxedBracket.Plan {
    let kernel = point.kernel
    return RelaxedBracket.Plan(
      cost: problem.pairCosts.unit.own(relaxedCost),
      sourceMarginal: sourceMarginal, targetMarginal: targetMarginal,
      relativeError: kernel.relativeError(
        offsets: point.iteration.offsets(.target, kernel),
        shifts: point.iteration.rowShifts(kernel), problem.transformRounding))
  }
}
