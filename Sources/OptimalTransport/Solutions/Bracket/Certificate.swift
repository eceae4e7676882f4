/// Turns a plan and potentials into a proved bracket of the least cost.
///
/// Lower end: f is replaced by the c-transform f_i = min_j (c_ij − g_j), taken over **all** pairs,
/// which makes (f, g) feasible up to rounding; Σ a f + Σ b g minus a bound of every rounding error
/// on the way cannot exceed the least cost. Upper end: the cost of the plan plus the rounding error
/// of computing it. Both ends are for the masses as the plan has them, which are the measures'
/// masses to rounding. Documentation/Mathematics.md has the argument.
package struct Certificate: Sendable {
  /// Potentials in the problem's own unit, feasible to rounding.
  package let potentials: Potentials
  /// The proved lower bound in the problem's own unit.
  package let lower: Double

  /// Half the distance from 1 to the next double.
  static let roundingUnit = Double.ulpOfOne / 2

  /// Certifies target potentials over all pairs.
  ///
  /// - Parameter targetPotentials: g in the problem's own unit; any numbers are allowed, good ones
  ///   give a good bound.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: that of the c-transform, on all processors.
  package init(problem: TransportProblem, targetPotentials: [Double]) throws(SolverError) {
    self.init(
      problem: problem, transformed: try problem.cTransform(.source, of: targetPotentials),
      targetPotentials: targetPotentials, rounding: problem.transformRounding)
  }

  /// Certifies potentials of which it is already known that every f_i is at most, to one rounding,
  /// the computed minimum over all j of c_ij − g_j.
  ///
  /// - Parameter rounding: how that minimum was computed; `nil` for pair by pair.
  package init(
    problem: TransportProblem, transformed sourcePotentials: [Double], targetPotentials: [Double],
    rounding: CostRounding? = nil
  ) {
    let rounding = rounding ?? problem.pairRounding
    // f + s, g − s is as feasible as (f, g); potentials that are small where the mass is have small
    // rounding errors. The mean is at most twice as far from all of them as the best s.
    var moment = CompensatedSum()
    var mass = CompensatedSum()
    for (weight, value) in zip(problem.source.masses, sourcePotentials) {
      moment.add(-weight * value)
      mass.add(weight)
    }
    for (weight, value) in zip(problem.target.masses, targetPotentials) {
      moment.add(weight * value)
      mass.add(weight)
    }
    let shift = moment.value / mass.value
    let f = sourcePotentials.map { $0 + shift }
    let g = targetPotentials.map { $0 - shift }

    let unit = Self.roundingUnit
    var sum = CompensatedSum()
    var magnitude = CompensatedSum()
    for (mass, value) in zip(problem.source.masses, f) {
      sum.add(mass * value)
      magnitude.add(mass * abs(value))
    }
    for (mass, value) in zip(problem.target.masses, g) {
      sum.add(mass * value)
      magnitude.add(mass * abs(value))
    }
    // The subtraction of g from a cost, the shifts, masses, products and the sum itself add a few
    // roundings of the potentials, and the passes of a tensor grid theirs. The error of a computed
    // cost is relative to the cost, and with that to the bound.
    let passes = rounding.potentialUnits
    let slack = unit * ((10 + passes) * magnitude.value + (4 + passes) * abs(shift))
    let bound = (sum.value - slack * 1.0625) * (1 - (rounding.costUnits + 2) * unit)
    potentials = Potentials(source: f, target: g)
    lower = max(0, bound)
  }
}

extension TransportSolution {
  /// A solution with its bracket, from a plan and a certificate.
  ///
  /// - Complexity: O(plan entries).
  package init(
    problem: TransportProblem, method: String, ending: SolutionEnding = .optimal,
    plan: TransportPlan, certificate: Certificate, effort: SolverEffort,
    basis: SpanningBasis? = nil
  ) {
    let costs = problem.pairCosts
    let least = costs.underflow
    var (sum, lost) = (CompensatedSum(), 0.0)
    for entry in 0..<plan.count {
      let (source, target) = (Int(plan.sources[entry]), Int(plan.targets[entry]))
      let cost = costs.cost(source, target)
      sum.add(plan.masses[entry] * cost)
      // Above that, what was lost is less than a rounding.
      if cost < least * 0x1p62, !problem.coincide(source, target) { lost += plan.masses[entry] }
    }
    let cost = sum.value
    // The compensated sum of nonnegative terms adds two roundings, the product and the mass one; the
    // mass whose costs may have underflowed costs at most so much more.
    let upper =
      cost * (1 + (costs.roundingUnits + 6) * Certificate.roundingUnit) + (2 * lost) * least
    let exponent = costs.unitExponent
    self.problem = problem
    self.method = method
    self.ending = ending
    self.plan = plan
    self.potentials = Potentials(
      source: certificate.potentials.source.map { $0.scaled(by: exponent) },
      target: certificate.potentials.target.map { $0.scaled(by: exponent) })
    self.cost = cost.scaled(by: exponent)
    self.costBounds = ProvedBounds(
      lower: min(certificate.lower, cost).scaled(by: exponent), upper: upper.scaled(by: exponent))
    self.effort = effort
    self.basis = basis
  }
}

extension PairCosts {
  /// What a cost may be too small by because a square or a power fell below the least number that a
  /// double holds with its full precision; 0 for costs that were given.
  ///
  /// Squares below 2⁻¹⁰²² belong to differences below 2⁻⁵¹¹, whose costs are at most weight · 2^(−511 p)
  /// for an exponent p, and a power that underflows is itself below 2⁻¹⁰²².
  fileprivate var underflow: Double {
    guard let geometry else { return 0 }
    return geometry.blocks.reduce(0) { sum, block in
      sum + max(1, block.weight) * (block.exponent < 2 ? 0x1p-511 : 0x1p-1021)
    }
  }
}

extension TransportProblem {
  /// Whether a source point has the same coordinates as a target point.
  fileprivate func coincide(_ source: Int, _ target: Int) -> Bool {
    (0..<self.source.dimension).allSatisfy { axis in
      self.source.coordinates[axis * self.source.count + source]
        == self.target.coordinates[axis * self.target.count + target]
    }
  }
}
