/// Where a run of Sinkhorn's iteration is to end: the options of a solver, checked once and in the unit of
/// a problem.
struct SinkhornGoal: Sendable {
  /// The name of the solver, for errors.
  let solver: String
  /// The regularisation, in the problem's own unit.
  let regularization: OwnRegularization
  /// The same as its user gave it.
  let statedRegularization: Regularization
  /// The error of the marginals at which to stop.
  let tolerance: Double
  /// The most iterations, all levels counted.
  let maximumIterations: Int

  /// A goal.
  ///
  /// - Parameter toleranceName: what the solver calls its tolerance.
  /// - Throws: `SolverError.badOption` for options that make no sense.
  init(
    solver: String, regularization: Regularization, tolerance: Double, toleranceName: String,
    maximumIterations: Int, problem: TransportProblem
  ) throws(SolverError) {
    let number = regularization.number
    guard number > 0, number.isFinite else {
      throw .badOption(
        name: "regularization", value: "\(number)", requirement: "positive and finite")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw .badOption(
        name: toleranceName, value: "\(tolerance)",
        requirement: "above 0 and below 1, the total mass")
    }
    guard maximumIterations > 0 else {
      throw .badOption(
        name: "maximumIterations", value: "\(maximumIterations)", requirement: "at least 1")
    }
    let unit = problem.pairCosts.unit
    let own = regularization.own(in: unit)
    guard own.value > 1e-200, own.value < 1e200 else {
      throw .badOption(
        name: "regularization", value: "\(number)",
        requirement: "within a factor of 1e200 of the largest cost, about "
          + unit.stated(1).twoDigits)
    }
    self.solver = solver
    self.regularization = own
    statedRegularization = regularization
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Why a run ends short of it.
  ///
  /// - Parameter rounding: about the error that rounding alone causes.
  func missed(
    by error: Double, named name: String, iterations: Int, rounding: Double
  ) -> SolverError {
    let advice =
      error < rounding
      ? "At this regularization rounding alone causes errors up to about \(rounding.twoDigits): a "
        + "larger tolerance or a larger regularization would help."
      : "More iterations, a larger regularization or a larger tolerance would help."
    return .notConverged(
      solver: solver,
      reason: "after \(iterations) iterations towards regularization "
        + "\(statedRegularization.number) \(name) was \(error.twoDigits), above the tolerance "
        + "\(tolerance.twoDigits). \(advice)")
  }
}
