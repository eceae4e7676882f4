import Libc

/// Where iterations converge slowly and the plan is sparse, Newton's method is quicker.
extension SinkhornRun {
  /// Up to so many pairs, all of them enter the Newton equations.
  private static var smallProblem: Int { 500_000 }
  /// In larger problems, the part of a_i b_j below which an entry does not enter, and the most
  /// entries, 12 bytes each, with which the equations are solved.
  private static var newtonThreshold: Double { 1e-8 }
  private static var newtonEntries: Int { 4_000_000 }
  /// So many Newton steps must lower the error by a fifth at least.
  private static var newtonTrial: Int { 40 }
  /// The first shift of the Newton equations, over the marginal error.
  private static var newtonDamping: Double { 0.01 }

  /// Newton steps as long as they help and the plan is sparse. The damping falls after steps
  /// that help, even if little, for it is the damping that holds them back; it rises after others,
  /// which are not taken.
  ///
  /// - Parameter step: the half-step of the source at the potentials as they are.
  /// - Returns: `false` where the condition on the marginals does not allow for them.
  mutating func newton(_ step: inout Condition.Step) throws(SolverError) -> Bool {
    guard condition.newtonGradient(step, iteration) != nil else { return false }
    let start = step.error
    var damping = Self.newtonDamping
    var (steps, reference) = (0, start)
    while step.error > monitor.tolerance, damping <= 10 {
      guard let gradient = condition.newtonGradient(step, iteration),
        let next = try newtonStep(gradient, error: step.error, damping: damping)
      else { break }
      let ratio = next.step.error / step.error
      if ratio < 1 { (iteration, step) = next }
      damping *= ratio < 0.5 ? 0.1 : ratio < 1 ? 0.3 : 5
      journal.iterations += 1
      monitor.add(next.step.error)
      if next.step.error > monitor.tolerance { try account(for: next.step.error) }
      steps += 1
      guard steps % Self.newtonTrial == 0 else { continue }
      guard step.error < 0.8 * reference else { break }
      reference = step.error
    }
    monitor.restart(longer: !(step.error < 0.5 * start))
    return true
  }

  /// The iteration and its next half-step after a Newton step; `nil` when the plan is not sparse.
  private func newtonStep(
    _ gradient: [Double], error: Double, damping: Double
  ) throws(SolverError) -> (iteration: SinkhornIteration, step: Condition.Step)? {
    guard kernel.sweepsPairs else { return nil }
    let pairs = kernel.count(.source) * kernel.count(.target)
    let isSmall = pairs <= Self.smallProblem
    let coupling = try SparseCoupling(
      iteration, kernel, threshold: isSmall ? 1e-200 : Self.newtonThreshold,
      limit: max(Self.smallProblem, min(pairs / 8, Self.newtonEntries)))
    guard let coupling else { return nil }
    let newton = try NewtonStep(
      coupling, gradient: gradient, columns: kernel.count(.target), shift: damping * error,
      tolerance: 0.03)
    // A flow that is too small by a factor k needs a change of log k, for which the equations say
    // k − 1.
    let unit = kernel.regularization.value
    var next = iteration
    next.source = zip(iteration.source, newton.change).map { potential, change in
      let size = abs(change)
      let shortened = size <= 1 ? size : 1 + log(size)
      return potential + unit * (change < 0 ? -shortened : shortened)
    }
    guard next.source.allSatisfy(\.isFinite) else { return nil }
    next.target = try condition.halfStep(.target, next, kernel).potential
    return (next, try condition.halfStep(.source, next, kernel))
  }
}
