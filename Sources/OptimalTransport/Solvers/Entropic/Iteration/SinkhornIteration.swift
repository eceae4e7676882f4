import Libc

/// The potentials of Sinkhorn's iteration and its half-steps.
///
/// The plan of potentials (f, g) at regularisation ε is π_ij = a_i b_j 2^{λ(f_i + g_j − c_ij)} with
/// λ = log₂(e)/ε. A half-step replaces one potential by the one that makes its marginal exact.
/// Everything is in the problem's own unit and in logarithms; masses of zero are logarithms of −∞
/// and never multiply anything.
struct SinkhornIteration: Sendable {
  /// f and g.
  var source: [Double]
  var target: [Double]

  private let costs: PairCosts
  /// The points in blocks, where there are many.
  let blocks: BlockedGeometry?
  private let grid: SeparableCosts?
  private let sourceMasses: [Double]
  private let targetMasses: [Double]
  private let sourceLogarithms: [Double]
  private let targetLogarithms: [Double]

  /// The iteration at its start, f = g = 0.
  init(problem: TransportProblem) {
    costs = problem.pairCosts
    grid = problem.separableCosts
    blocks =
      grid == nil && problem.pairCount >= GibbsKernel.blockedPairs
      ? problem.pairCosts.geometry.map(BlockedGeometry.init) : nil
    sourceMasses = problem.source.masses
    targetMasses = problem.target.masses
    sourceLogarithms = sourceMasses.map(log2)
    targetLogarithms = targetMasses.map(log2)
    source = Array(repeating: 0, count: sourceMasses.count)
    target = Array(repeating: 0, count: targetMasses.count)
  }

  /// λ for a regularisation in the problem's own unit.
  static func scale(_ regularization: Double) -> Double { 1.4426950408889634 / regularization }

  /// The Gibbs kernel for a regularisation in the problem's own unit.
  ///
  /// - Parameter tolerance: the marginal error that is wanted; a millionth of it may come from what
  ///   is left out.
  func kernel(_ regularization: Double, tolerance: Double = 0) -> GibbsKernel {
    GibbsKernel(
      costs: costs, scale: Self.scale(regularization), blocks: blocks, grid: grid,
      omission: max(1e-6 * tolerance, GibbsKernel.leastOmission))
  }

  /// The potential of a side.
  func potential(_ side: TransportSide) -> [Double] { side == .source ? source : target }

  /// The masses of a side.
  func masses(_ side: TransportSide) -> [Double] {
    side == .source ? sourceMasses : targetMasses
  }

  /// λ · potential + log₂ mass of a side: what the other side's sums take as offsets.
  func offsets(_ side: TransportSide, _ kernel: GibbsKernel) -> [Double] {
    let logarithms = side == .source ? sourceLogarithms : targetLogarithms
    return zip(potential(side), logarithms).map { kernel.scale * $0 + $1 }
  }

  /// What a half-step on a side would do, and how far the plan's marginal on that side is off now.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs.
  func halfStep(_ side: TransportSide, _ kernel: GibbsKernel) throws(SolverError) -> HalfStep {
    let old = potential(side)
    let logSums = try kernel.logSums(
      side, offsets: offsets(side.opposite, kernel), guesses: old.map { -kernel.scale * $0 })
    return HalfStep(
      potential: logSums.map { -$0 / kernel.scale },
      logRatios: zip(old, logSums).map { kernel.scale * $0 + $1 }, masses: masses(side))
  }
}

/// The outcome of looking at one side of the plan.
struct HalfStep: Sendable {
  /// The potential that would make the marginal exact.
  let potential: [Double]
  /// log₂ of marginal over mass, point by point.
  let logRatios: [Double]
  /// Σ |marginal − mass|.
  let marginalError: Double
  /// Σ (marginal − mass).
  let excessMass: Double

  /// Marginal over mass at one point.
  func ratio(_ index: Int) -> Double { exp2(logRatios[index]) }

  /// Marginal over mass at one point, minus 1.
  func excessRatio(_ index: Int) -> Double { expm1(logRatios[index] * 0.6931471805599453) }

  init(potential: [Double], logRatios: [Double], masses: [Double]) {
    self.potential = potential
    self.logRatios = logRatios
    var (error, excess) = (CompensatedSum(), CompensatedSum())
    for (mass, logRatio) in zip(masses, logRatios) where mass > 0 {
      let difference = mass * expm1(logRatio * 0.6931471805599453)
      error.add(abs(difference))
      excess.add(difference)
    }
    // A sum that overflowed has become NaN by its compensation.
    marginalError = error.value.isNaN ? .infinity : error.value
    excessMass = excess.value
  }
}
