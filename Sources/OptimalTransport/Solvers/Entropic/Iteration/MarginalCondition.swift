/// What is asked of the marginals of an entropic plan: that they are those of the problem, or that they
/// cost little. It decides what a half-step is, and when an iteration may stop.
protocol MarginalCondition: Sendable {
  /// What a half-step does.
  associatedtype Step: MarginalStep

  /// The name of the solver, for errors.
  var solver: String { get }
  /// What `MarginalStep.error` is, in words, for errors.
  var errorName: String { get }
  /// Whether the error never rises in a half-step that is not accelerated.
  var plainStepsNeverRaiseErrors: Bool { get }

  /// What a half-step on a side would do.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  func halfStep(
    _ side: TransportSide, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel
  ) throws(SolverError) -> Step

  /// The marginal error of which a small part may come from what kernels leave out.
  func omissionTolerance(_ tolerance: Double) -> Double

  /// A potential of the source brought back to where the dual objective is finite, which acceleration may
  /// leave.
  func admissible(_ potential: [Double]) -> [Double]

  /// The derivative of the dual objective with respect to the potential of each source point, where Newton's
  /// method is to follow it; `nil` where it is not.
  func newtonGradient(_ step: Step, _ iteration: SinkhornIteration) -> [Double]?

  /// Both sides where an iteration may stop; `nil` where it must go on.
  ///
  /// - Parameter step: that of the source, not taken.
  func settled(
    _ step: Step, _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, tolerance: Double
  ) throws(SolverError) -> SettledSteps<Step>?

  /// What progress is told of an iteration.
  func stage(iteration: Int, error: Double, bracket: ProvedBounds?) -> SolverStage

  /// What the potentials prove of the unregularised least cost, amid the iterations.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: a few sweeps over all pairs.
  func bracket(
    _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, iterations: Int
  ) throws(SolverError) -> ProvedBounds
}

/// What a half-step does.
protocol MarginalStep: Sendable {
  /// The potential after it.
  var potential: [Double] { get }
  /// How far the marginal of its side is from what it should be; 0 at the solution.
  var error: Double { get }
  /// η after it; see `SinkhornIteration.multiplier`.
  var multiplier: Double { get }
}

/// Half-steps that were looked at where an iteration stopped, not taken.
struct SettledSteps<Step: MarginalStep>: Sendable {
  /// That of the source.
  let source: Step
  /// That of the target, where the condition wanted to know.
  let target: Step?
}
