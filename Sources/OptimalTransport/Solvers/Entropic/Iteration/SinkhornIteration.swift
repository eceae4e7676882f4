import Libc

/// The potentials of Sinkhorn's iteration and its half-steps.
///
/// The plan of potentials (f, g) at regularisation ε is π_ij = a_i b_j 2^{λ(f_i + g_j − c_ij)} with
/// λ = log₂(e)/ε. A half-step replaces one potential by the one that makes its marginal exact, or as
/// right as the condition on the marginals says. Everything is in the problem's own unit and in
/// logarithms; masses of zero are logarithms of −∞ and never multiply anything.
struct SinkhornIteration: Sendable {
  /// f and g.
  var source: [Double]
  var target: [Double]
  /// η, what both potentials together lack in the exponent of the plan; 0 unless the moved mass is given.
  var multiplier = 0.0

  private let kernels: KernelKind
  private let sourceMasses: [Double]
  private let targetMasses: [Double]
  private let sourceLogarithms: [Double]
  private let targetLogarithms: [Double]

  /// The iteration at its start, f = g = 0.
  ///
  /// - Parameters:
  ///   - kernels: how sums over the pairs of the problem are made; `nil` where that is still to be decided.
  ///   - loops: who shares them out then.
  /// - Throws: `SolverError`: `cancelled`, where a watch is in force, and `exchange`.
  /// - Complexity: O((n + m) log(n + m)) where there are many points.
  init(
    problem: TransportProblem, kernels: KernelKind? = nil, _ loops: SharedLoops = .alone
  ) throws(SolverError) {
    self.kernels = if let kernels { kernels } else { try KernelKind(problem, loops) }
    sourceMasses = problem.source.masses
    targetMasses = problem.target.masses
    sourceLogarithms = sourceMasses.map(log2)
    targetLogarithms = targetMasses.map(log2)
    source = Array(repeating: 0, count: sourceMasses.count)
    target = Array(repeating: 0, count: targetMasses.count)
  }

  /// The points in blocks, where there are many.
  var blocks: BlockedGeometry? { kernels.blocks }

  /// The Gibbs kernel for a regularisation.
  ///
  /// - Parameter tolerance: the marginal error that is wanted; a millionth of it may come from what
  ///   is left out.
  func kernel(
    _ regularization: OwnRegularization, tolerance: Double = 0
  ) -> any GibbsKernel {
    kernels.kernel(regularization, omission: 1e-6 * tolerance)
  }

  /// The potential of a side.
  func potential(_ side: TransportSide) -> [Double] { side == .source ? source : target }

  /// Both potentials in the unit of the ground cost.
  func potentials(in unit: CostUnit) -> Potentials {
    Potentials(source: unit.stated(source), target: unit.stated(target))
  }

  /// The masses of a side.
  func masses(_ side: TransportSide) -> [Double] {
    side == .source ? sourceMasses : targetMasses
  }

  /// λ · potential + log₂ mass of a side: what the other side's sums take as offsets.
  func offsets(_ side: TransportSide, _ kernel: any GibbsKernel) -> [Double] {
    let (logarithms, scale) = (
      side == .source ? sourceLogarithms : targetLogarithms, kernel.scale
    )
    return zip(potential(side), logarithms).map { scale * $0 + $1 }
  }

  /// λ (f + η) of the source: what makes the sums of its rows those of the plan.
  func rowShifts(_ kernel: any GibbsKernel) -> [Double] {
    let scale = kernel.scale
    return source.map { ($0 + multiplier) * scale }
  }

  /// For each point of a side, log₂ of the other side's sum of 2^{λ(potential − cost)} with its masses.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  func logSums(_ side: TransportSide, _ kernel: any GibbsKernel) throws(SolverError) -> [Double] {
    let scale = kernel.scale
    return try kernel.logSums(
      side, offsets: offsets(side.opposite, kernel), guesses: potential(side).map { -scale * $0 })
  }

  /// What a half-step on a side would do that makes its marginal exact, and how far the plan's marginal on
  /// that side is off now.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  func halfStep(
    _ side: TransportSide, _ kernel: any GibbsKernel
  ) throws(SolverError) -> HalfStep {
    let scale = kernel.scale
    let logSums = try logSums(side, kernel)
    return HalfStep(
      potential: logSums.map { -$0 / scale },
      logRatios: zip(potential(side), logSums).map { scale * $0 + $1 }, masses: masses(side))
  }

  /// About the error of marginals that the rounding of the potentials causes by itself, relative to them.
  func roundingError(_ kernel: any GibbsKernel) -> Double {
    let largest = (source + target).reduce(1) { max($0, abs($1)) }
    return 16 * CostRounding.unit * kernel.scale * largest
  }
}
