/// Potentials with the lower end of the bracket of the least cost that they prove.
///
/// f is replaced by the c-transform f_i = min_j (c_ij − g_j), taken over **all** pairs,
/// which makes (f, g) feasible up to rounding; Σ a f + Σ b g minus a bound of every rounding error
/// on the way cannot exceed the least cost. The upper end is that of a `CouplingCost` or a
/// `SummedPlan`. Both ends are for the masses as the plan has them, which are the measures'
/// masses to rounding. Documentation/Mathematics.md has the argument.
package struct Certificate: Sendable {
  /// Potentials in the problem's own unit, feasible to rounding.
  package let potentials: Potentials
  /// The proved lower bound in the problem's own unit.
  package let lower: Double

  /// Certifies target potentials over all pairs.
  ///
  /// - Parameter targetPotentials: g in the problem's own unit; any numbers are allowed, good ones
  ///   give a good bound.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: that of the c-transform, on all processors.
  package init(problem: TransportProblem, targetPotentials: [Double]) throws(SolverError) {
    try self.init(problem: problem, targetPotentials: targetPotentials, .alone)
  }

  /// The same, with a c-transform that processes share out.
  init(
    problem: TransportProblem, targetPotentials: [Double], _ loops: SharedLoops
  ) throws(SolverError) {
    self.init(
      problem: problem, transformed: try problem.cTransform(.source, of: targetPotentials, loops),
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
    let rounding = rounding ?? problem.pairCosts.rounding
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

    let unit = CostRounding.unit
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
    let bound = (sum.value - slack * 1.0625) * (1 - rounding.relativeError(besides: 2))
    potentials = Potentials(source: f, target: g)
    // What costs or products below the normal numbers may be too large by; no bound that is larger than
    // that by a rounding changes.
    let underflow = rounding.underflow + Double(f.count + g.count) * .leastNonzeroMagnitude
    lower = max(0, bound - underflow)
  }
}
