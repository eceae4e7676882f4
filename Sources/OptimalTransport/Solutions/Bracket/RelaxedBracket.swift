import Libc

/// The bracket of an unbalanced or partial problem without regularisation: of ⟨π, c⟩ + D(π1 | α)
/// + D(πᵀ1 | β) over all π ≥ 0, or of ⟨π, c⟩ over all plans that move the given mass and exceed no
/// marginal.
///
/// Upper end: a plan as it is. Where the moved mass is given, what the plan carries too much in
/// rows and columns is taken away at no cost, and what is then missing can be moved at the
/// largest cost at most. Lower end: the dual objective without regularisation, at f and its hard
/// transform over all pairs.
package struct RelaxedBracket: Sendable {
  /// α and β are its measures with the masses that they were given.
  let problem: TransportProblem
  /// D, or the mass that is moved.
  let relaxation: MarginalRelaxation

  /// Brackets of a relaxed problem.
  package init(of problem: TransportProblem, relaxation: MarginalRelaxation) {
    (self.problem, self.relaxation) = (problem, relaxation)
  }

  /// A plan that is not stored, by sums over its entries.
  package struct Plan: Sendable {
    /// ⟨π, c⟩ + D(π1 | α) + D(πᵀ1 | β) in the problem's own unit, as computed; without D where the moved
    /// mass is given.
    let cost: Double
    /// Σ_j π_ij and Σ_i π_ij.
    let sourceMarginal: [Double]
    let targetMarginal: [Double]
    /// A bound for the relative error of each of these sums.
    let relativeError: Double

    package init(
      cost: Double, sourceMarginal: [Double], targetMarginal: [Double], relativeError: Double
    ) {
      self.cost = cost
      self.sourceMarginal = sourceMarginal
      self.targetMarginal = targetMarginal
      self.relativeError = relativeError
    }
  }

  /// The bracket of a plan and of potentials.
  ///
  /// - Parameter potentials: f at the sources, in the problem's own unit.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: that of a c-transform.
  package func bounds(
    _ plan: Plan, sourcePotentials potentials: [Double]
  ) throws(SolverError) -> ProvedBounds {
    try bounds(plan, sourcePotentials: potentials, .alone)
  }

  /// The same, with a c-transform that processes share out.
  func bounds(
    _ plan: Plan, sourcePotentials potentials: [Double], _ loops: SharedLoops
  ) throws(SolverError) -> ProvedBounds {
    let upper = upper(plan)
    let lower = max(0, try lower(potentials, loops))
    return problem.costBounds(lower: lower, upper: max(lower, upper))
  }

  /// What the plan alone proves.
  package func bounds(_ plan: Plan) -> ProvedBounds {
    problem.costBounds(lower: 0, upper: upper(plan))
  }

  /// The cost of moving nothing, or of moving the given mass as dearly as can be.
  package var trivial: PartialBracket {
    // A few roundings of the sum and the product; the largest cost is at most 1 but for its own.
    let slack = 1 + 8 * Double.ulpOfOne
    let upper =
      switch relaxation {
      case .kullbackLeibler(let strength), .totalVariation(let strength):
        strength * (problem.source.rawMass + problem.target.rawMass) * slack
      case .movedMass(let mass):
        problem.costBounds(lower: 0, upper: mass * slack * 1.0625).upper
      }
    return PartialBracket(
      costBounds: ProvedBounds(lower: 0, upper: upper),
      origin: "the cost of leaving all mass, or of the longest ways")
  }

  private func own(_ strength: Double) -> Double {
    strength.scaled(by: -problem.pairCosts.unitExponent)
  }

  private func masses(_ measure: DiscreteMeasure) -> [Double] {
    measure.masses.map { $0 * measure.rawMass }
  }

  // MARK: Upper end

  private func upper(_ plan: Plan) -> Double {
    let sides = [(problem.source, plan.sourceMarginal), (problem.target, plan.targetMarginal)]
    var (missing, sensitivity) = (CompensatedSum(), CompensatedSum())
    for (measure, marginal) in sides {
      for (mass, reached) in zip(masses(measure), marginal) where mass > 0 {
        switch relaxation {
        case .kullbackLeibler(let strength):
          let slope = reached > 0 ? abs(log(reached / mass)) + 4 : 0
          sensitivity.add(own(strength) * (reached * slope + mass))
        case .totalVariation(let strength):
          sensitivity.add(own(strength) * (reached + mass))
        case .movedMass:
          missing.add(max(0, reached - mass))
          sensitivity.add(reached + mass)
        }
      }
    }
    let moved = CompensatedSum(plan.sourceMarginal).value
    if case .movedMass(let mass) = relaxation { missing.add(max(0, mass - moved)) }
    let rounding = problem.transformRounding
    return plan.cost * (1 + plan.relativeError + rounding.relativeError(besides: 8))
      + missing.value + plan.relativeError * sensitivity.value + 2 * moved * rounding.underflow
  }

  // MARK: Lower end

  private func lower(_ f: [Double], _ loops: SharedLoops) throws(SolverError) -> Double {
    let hard = try problem.cTransform(.target, of: f, loops)
    // `largest` bounds the costs too, which are at most about 1; with that ω, which is far below a
    // rounding of 1, is counted as well.
    let rounding = problem.transformRounding
    let unit = rounding.relativeError(besides: rounding.potentialUnits + 16)
    let largest = (f + hard).reduce(1) { max($0, abs($1)) }
    var (sum, magnitude) = (CompensatedSum(), CompensatedSum())
    /// Adds w and notes that w and its derivative with respect to a potential may be rounded.
    func add(_ value: Double, slope: Double) {
      sum.add(value)
      magnitude.add(abs(value) + slope * largest)
    }
    let (sources, targets) = (masses(problem.source), masses(problem.target))
    switch relaxation {
    case .kullbackLeibler(let strength):
      let own = own(strength)
      for (mass, potential) in zip(sources + targets, f + hard) where mass > 0 {
        add(-own * mass * expm1(-potential / own), slope: mass * exp(-potential / own))
      }
    case .totalVariation(let strength):
      // Costs are nonnegative and f at most τ, so that no hard transform is below −τ.
      let own = own(strength)
      for (mass, potential) in zip(sources + targets, f + hard) where mass > 0 {
        add(mass * min(potential, own), slope: mass)
      }
    case .movedMass(let moved):
      // The best η for this f: m η + Σ b min(0, h − η) rises until b below η adds up to m.
      var (multiplier, below) = (0.0, 0.0)
      for index in hard.indices.sorted(by: { hard[$0] < hard[$1] }) {
        multiplier = hard[index]
        below += targets[index]
        if below >= moved { break }
      }
      add(moved * multiplier, slope: moved)
      for (mass, potential) in zip(sources, f) { add(mass * potential, slope: mass) }
      for (mass, potential) in zip(targets, hard) {
        add(mass * min(0, potential - multiplier), slope: mass)
      }
    }
    let value = sum.value - unit * magnitude.value
    return value.isFinite ? value : 0
  }
}
