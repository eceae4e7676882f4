import Libc

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
    let unit = problem.pairCosts.unitExponent
    let upper = upperBound()
    let easy = PartialBracket(
      costBounds: ProvedBounds(lower: 0, upper: upper.scaled(by: unit)), origin: "the plan as it is"
    )
    return try SolverWatch.watching(progress, fallback: { easy }) {
      progress throws(SolverError) in
      try progress.report(.provingBracket(.end))
      let lower = max(0, try lowerBound())
      return ProvedBounds(lower: lower.scaled(by: unit), upper: max(lower, upper).scaled(by: unit))
    }
  }

  private var sides: [(masses: [Double], marginal: [Double])] {
    [(problem.source, sourceMarginal), (problem.target, targetMarginal)].map { measure, marginal in
      (measure.masses.map { $0 * measure.rawMass }, marginal)
    }
  }

  private func upperBound() -> Double {
    let unit = problem.pairCosts.unitExponent
    let kernel = point.kernel
    // Marginals and costs are sums of terms of the plan, each wrong by this part.
    let part = kernel.relativeError(
      offsets: point.iteration.offsets(.target, kernel),
      shifts: point.iteration.source.map { ($0 + point.multiplier) * kernel.scale })
    var (missing, sensitivity) = (CompensatedSum(), CompensatedSum())
    for (masses, marginal) in sides {
      for (mass, reached) in zip(masses, marginal) where mass > 0 {
        switch solver.relaxation {
        case .kullbackLeibler(let strength):
          let slope = reached > 0 ? abs(log(reached / mass)) + 4 : 0
          sensitivity.add(strength.scaled(by: -unit) * (reached * slope + mass))
        case .totalVariation(let strength):
          sensitivity.add(strength.scaled(by: -unit) * (reached + mass))
        case .movedMass:
          missing.add(max(0, reached - mass))
          sensitivity.add(reached + mass)
        }
      }
    }
    if case .movedMass(let mass) = solver.relaxation {
      missing.add(max(0, mass - movedMass))
    }
    let costRounding = (problem.transformRounding.costUnits + 8) * Certificate.roundingUnit
    return relaxedCost.scaled(by: -unit) * (1 + part + costRounding) + missing.value
      + part * sensitivity.value
  }

  private func lowerBound() throws(SolverError) -> Double {
    let unit = problem.pairCosts.unitExponent
    let f = point.iteration.source
    let hard = try problem.cTransform(.target, of: f)
    // `largest` bounds the costs too, which are at most about 1.
    let units = problem.transformRounding
    let rounding = Certificate.roundingUnit * (units.costUnits + units.potentialUnits + 16)
    let largest = (f + hard).reduce(1) { max($0, abs($1)) }
    var (sum, magnitude) = (CompensatedSum(), CompensatedSum())
    /// Adds w and notes that w and its derivative with respect to a potential may be rounded.
    func add(_ value: Double, slope: Double) {
      sum.add(value)
      magnitude.add(abs(value) + slope * largest)
    }
    let masses = sides.map(\.masses)
    switch solver.relaxation {
    case .kullbackLeibler(let strength):
      let own = strength.scaled(by: -unit)
      for (mass, potential) in zip(masses[0] + masses[1], f + hard) where mass > 0 {
        add(-own * mass * expm1(-potential / own), slope: mass * exp(-potential / own))
      }
    case .totalVariation(let strength):
      // Costs are nonnegative and f at most τ, so that no hard transform is below −τ.
      let own = strength.scaled(by: -unit)
      for (mass, potential) in zip(masses[0] + masses[1], f + hard) where mass > 0 {
        add(mass * min(potential, own), slope: mass)
      }
    case .movedMass(let moved):
      // The best η for this f: m η + Σ b min(0, h − η) rises until b below η adds up to m.
      var (multiplier, below) = (0.0, 0.0)
      for index in hard.indices.sorted(by: { hard[$0] < hard[$1] }) {
        multiplier = hard[index]
        below += masses[1][index]
        if below >= moved { break }
      }
      add(moved * multiplier, slope: moved)
      for (mass, potential) in zip(masses[0], f) { add(mass * potential, slope: mass) }
      for (mass, potential) in zip(masses[1], hard) {
        add(mass * min(0, potential - multiplier), slope: mass)
      }
    }
    let value = sum.value - rounding * magnitude.value
    return value.isFinite ? value : 0
  }
}
