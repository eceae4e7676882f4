extension TransportSolution {
  /// A solution with its bracket, from a plan and a certificate.
  ///
  /// - Complexity: O(plan entries).
  package init(
    problem: TransportProblem, method: String, ending: SolutionEnding = .optimal,
    plan: TransportPlan, certificate: Certificate, effort: SolverEffort,
    basis: SpanningBasis? = nil
  ) {
    let exponent = problem.pairCosts.unitExponent
    let coupling = CouplingCost(plan, of: problem)
    self.problem = problem
    self.method = method
    self.ending = ending
    self.plan = plan
    self.potentials = Potentials(
      source: certificate.potentials.source.map { $0.scaled(by: exponent) },
      target: certificate.potentials.target.map { $0.scaled(by: exponent) })
    self.cost = coupling.value.scaled(by: exponent)
    self.costBounds = problem.costBounds(
      lower: min(certificate.lower, coupling.value), upper: coupling.upper)
    self.effort = effort
    self.basis = basis
  }
}

extension TransportProblem {
  /// Proved ends in the problem's own unit as a bracket in the unit of the ground cost.
  package func costBounds(lower: Double, upper: Double) -> ProvedBounds {
    ProvedBounds(lower: lower, upper: upper).scaled(by: pairCosts.unitExponent)
  }

  /// The bracket that a coupling and potentials prove, in the unit of the ground cost.
  package func costBounds(
    of coupling: CouplingCost, _ certificate: Certificate
  ) -> ProvedBounds {
    costBounds(lower: min(certificate.lower, coupling.upper), upper: coupling.upper)
  }
}
