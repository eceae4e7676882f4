import Libc

extension EntropicSolution {
  /// A proved bracket of the *unregularised* least cost min ⟨π, c⟩, without storing a plan.
  ///
  /// Upper end: the entropic plan is scaled down, first its rows and then its columns, until no
  /// marginal exceeds its mass, and what is then missing is moved by the north-west rule (J.
  /// Altschuler, J. Weed, P. Rigollet (2017), Algorithm 2, arXiv:1705.09634). Only the plan's sums
  /// and costs are ever computed. Lower end: hard c-transforms over all pairs, of the potential as
  /// it is and of the debiased one f − f_μμ, with f_μμ the potential of μ against itself, whose
  /// error is of second order in ε; the better of the two counts. Rounding is bounded and included.
  ///
  /// - Parameter progress: may stop the proof.
  /// - Throws: `SolverError.cancelled`.
  /// - Complexity: O(nm + n²) time, a few sweeps; O(n + m) memory.
  public func unregularizedCostBounds(
    progress: ProgressHandler? = nil
  ) throws(SolverError) -> ProvedBounds {
    let isShared = point.kernel.loops.isShared
    return try SolverWatch.watching(
      progress, isShared: isShared, fallback: problem.quickBracket
    ) { progress throws(SolverError) in
      try progress.report(.provingBracket(.end))
      return try EntropicBracket(problem: problem, point: point).prove(progress: progress)
        .costBounds
    }
  }
}

/// Proves a bracket of the unregularised least cost from the potentials of an entropic problem.
struct EntropicBracket {
  let problem: TransportProblem
  let point: SinkhornFixedPoint

  /// The bracket, and the part of its upper end that comes from marginals that are not right.
  ///
  /// - Parameter debiased: whether the lower end may be that of the debiased potential, for which μ
  ///   is transported to itself.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  func prove(
    debiased: Bool = true, progress: ProgressHandler? = nil
  ) throws(SolverError) -> (costBounds: ProvedBounds, repairCost: Double) {
    let plan = try summedPlan()
    let upper = plan.upper(problem.transformRounding)
    try progress.report(
      .boundingFromBelow, costBounds: problem.costBounds(lower: 0, upper: upper))
    let lower = try certificate(debiased: debiased).lower
    return (
      problem.costBounds(lower: lower, upper: max(lower, upper)),
      problem.pairCosts.unit.stated(plan.rest.value)
    )
  }

  // MARK: Lower bound

  /// The certificate of the potential as it is, or the better of that and the debiased one's.
  func certificate(debiased: Bool = true) throws(SolverError) -> Certificate {
    func certificate(_ source: [Double]) throws(SolverError) -> Certificate {
      let loops = point.kernel.loops
      return try Certificate(
        problem: problem,
        targetPotentials: try problem.cTransform(.target, of: source, loops), loops)
    }
    let plain = try certificate(point.iteration.source)
    // A solver that is content with little: any potential gives a bound.
    let solver = SinkhornSolver(
      regularization: point.kernel.regularization.stated(in: problem.pairCosts.unit),
      marginalTolerance: 0.02, maximumIterations: 100, group: point.kernel.loops.group)
    guard debiased, case .blocks = problem.cost,
      let own = try? problem.withItself(.source),
      let selfPoint = try solver.selfTransportPoint(own)
    else { return plain }
    let other = try certificate(
      zip(
        point.iteration.source,
        own.pairCosts.unit.converted(selfPoint.iteration.source, to: problem.pairCosts.unit)
      ).map { $0 - $1 })
    return other.lower > plain.lower ? other : plain
  }

  // MARK: The plan

  /// What is left out of the sums here counts as a rounding error: far below those of the potentials.
  private static let omission = 0x1p-44

  /// The plan, scaled down until it exceeds no marginal, and what it then lacks.
  private func summedPlan() throws(SolverError) -> SummedPlan {
    let iteration = point.iteration
    let kernel = point.kernel.omitting(Self.omission)
    let sourceMasses = iteration.masses(.source)
    let targetMasses = iteration.masses(.target)
    // log₂ of the factors ≤ 1 of the rows, then of the columns.
    let rowFactors = point.sourceStep.logRatios.map { min(0, -$0) }
    var scaled = iteration
    scaled.source = zip(iteration.source, rowFactors).map { $0 + $1 / kernel.scale }
    let columns = try scaled.halfStep(.target, kernel)
    let columnFactors = columns.logRatios.map { min(0, -$0) }
    scaled.target = zip(iteration.target, columnFactors).map { $0 + $1 / kernel.scale }

    let offsets = scaled.offsets(.target, kernel)
    let shifts = scaled.source.map { $0 * kernel.scale }
    let rows = try kernel.rowSums(offsets: offsets, shifts: shifts)
    let relativeError = kernel.relativeError(
      offsets: offsets, shifts: shifts, problem.transformRounding)
    var (cost, excess) = (CompensatedSum(), CompensatedSum())
    var missingSource = sourceMasses
    for (index, row) in rows.enumerated() where sourceMasses[index] > 0 {
      cost.add(sourceMasses[index] * row.cost)
      missingSource[index] = max(0, sourceMasses[index] * (1 - row.mass))
      excess.add(sourceMasses[index] * max(0, row.mass - 1 - relativeError))
    }
    let missingTarget = zip(targetMasses, zip(columns.logRatios, columnFactors)).map {
      max(0, $0 - $0 * exp2($1.0 + $1.1))
    }
    // In an order in which neighbours stand together, where there is one, what is missing here and
    // there need not go far.
    let (sourceOrder, targetOrder) = (kernel.spatialOrder(.source), kernel.spatialOrder(.target))
    let rest = MarginalRepair.northWest(
      sourceOrder.map { missingSource[$0] }, targetOrder.map { missingTarget[$0] })
    var coupling = CouplingCost(of: problem)
    for entry in 0..<rest.count {
      coupling.add(
        rest.masses[entry], from: sourceOrder[Int(rest.sources[entry])],
        to: targetOrder[Int(rest.targets[entry])])
    }
    // The factors of the rows come from sums that may have left out more than these. What a row then has
    // too much is taken from it, and can go where it is missing at the largest cost, 1.
    return SummedPlan(
      cost: cost.value + excess.value, relativeError: relativeError, rest: coupling)
  }
}

extension SinkhornSolver {
  /// The potentials of a measure and itself; `nil` where they cannot be found.
  ///
  /// - Throws: `SolverError.cancelled`.
  fileprivate func selfTransportPoint(
    _ own: TransportProblem
  ) throws(SolverError) -> SinkhornFixedPoint? {
    do throws(SolverError) {
      return try symmetricFixedPoint(own, progress: nil)
    } catch {
      if error.endsAllWork { throw error }
      return nil
    }
  }
}
