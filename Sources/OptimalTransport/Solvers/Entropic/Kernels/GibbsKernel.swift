/// The Gibbs kernel 2^{−λ c_ij} of a problem, computed when asked for and never stored.
///
/// Sums over all pairs throw `SolverError.cancelled` where a watch is in force that says to stop.
///
/// Powers of two instead of e: λ = log₂(e)/ε, with ε in the problem's own unit. The kernel then
/// reduces its arguments exactly.
protocol GibbsKernel: Sendable {
  /// The costs, in the problem's own unit.
  var costs: PairCosts { get }
  /// λ.
  var scale: Double { get }
  /// The part of a sum that may be left out; 0 where nothing is.
  var omission: Double { get }
  /// Who shares out the sums.
  var loops: SharedLoops { get }
  /// Whether a sweep over all pairs costs about as much as writing them out, so that storing the entries of
  /// a sparse plan can save time.
  var sweepsPairs: Bool { get }

  /// The same kernel, leaving out another part of its sums where it leaves out any.
  func omitting(_ part: Double) -> Self

  /// The points of a side in an order in which neighbours stand together, where there is one.
  func spatialOrder(_ side: TransportSide) -> [Int]

  /// For each point of a side, log₂ of the sum over the other side of 2^{offset − λ cost}.
  ///
  /// - Parameters:
  ///   - offsets: one for each point of the other side, finite or −∞.
  ///   - guesses: about the result; a good guess saves a second sweep.
  /// - Complexity: one sweep over all pairs on all processors, or less; O(n + m) memory.
  func logSums(
    _ side: TransportSide, offsets: [Double], guesses: [Double]
  ) throws(SolverError) -> [Double]

  /// For each source point, Σ_j 2^{shift + offset_j − λ c_j} and the same with c_j as a factor.
  ///
  /// - Parameter shifts: about minus the logarithms of the sums without them; good ones save time.
  /// - Complexity: that of `logSums`.
  func rowSums(
    offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [(mass: Double, cost: Double)]

  /// For each source point, Σ_j s_j 2^{shift + offset_j − λ c_j} with the shares s_j that axes have in the
  /// costs.
  ///
  /// - Complexity: one sweep over all pairs that matter.
  func shareSums(
    _ share: AxisShare, offsets: [Double], shifts: [Double]
  ) throws(SolverError) -> [Double]

  /// For each of some source points, the terms 2^{shift + offset_j − λ c_j} above limits of their targets.
  ///
  /// - Parameters:
  ///   - positions: those of the points in the spatial order of the source.
  ///   - shifts: one for each source point, needed or not; −∞ where a point has no entries.
  ///   - limits: one for each target, not negative.
  /// - Complexity: a sweep over all pairs of these points, or less; memory for the entries.
  func entries(
    at positions: Range<Int>, offsets: [Double], shifts: [Double], limits: [Double]
  ) throws(SolverError) -> [[KernelEntry]]
}

/// A term of a source point that matters, and its target.
struct KernelEntry: BitwiseCopyable, Sendable {
  let target: Int32
  let term: Double
}

extension GibbsKernel {
  /// ε.
  var regularization: OwnRegularization { OwnRegularization(scale: scale) }

  /// The number of points on a side.
  func count(_ side: TransportSide) -> Int {
    side == .source ? costs.sourceCount : costs.targetCount
  }

  func spatialOrder(_ side: TransportSide) -> [Int] { Array(0..<count(side)) }

  /// A bound for the relative error of a sum of terms 2^{shift + offset − λ cost}.
  ///
  /// - Parameter rounding: that of the problem's costs.
  func relativeError(
    offsets: [Double], shifts: [Double], _ rounding: CostRounding
  ) -> Double {
    func largest(_ values: [Double]) -> Double {
      values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    }
    return rounding.relativeError(
      ofSumsOf: max(offsets.count, shifts.count),
      largestExponent: largest(offsets) + largest(shifts), omission: omission)
  }
}

/// Which kernel a problem has, at every regularisation.
enum KernelKind: Sendable {
  /// Sums over all pairs.
  case pairs(PairCosts, SharedLoops)
  /// Sums that leave out pairs of blocks of points far apart.
  case blocks(PairCosts, BlockedGeometry, SharedLoops)
  /// Sums axis by axis.
  case grids(PairCosts, SeparableCosts, SharedLoops)

  /// The number of pairs from which on blocks are made.
  private static let blockedPairs = 1_000_000

  /// To leave out less than about a rounding would be of no use.
  private static let leastOmission = 0x1p-54

  /// The kind that fits a problem best.
  ///
  /// - Parameter loops: who shares out the sums; all must call this, with the same problem.
  /// - Throws: `SolverError`: `cancelled`, where a watch is in force, and `exchange`.
  init(_ problem: TransportProblem, _ loops: SharedLoops = .alone) throws(SolverError) {
    if loops.isShared { try loops.check(problem.characteristicNumbers) }
    let costs = problem.pairCosts
    if let grids = problem.separableCosts {
      self = .grids(costs, grids, loops)
    } else if problem.pairCount >= Self.blockedPairs, let geometry = costs.geometry {
      self = .blocks(costs, try BlockedGeometry(geometry), loops)
    } else {
      self = .pairs(costs, loops)
    }
  }

  /// The points in blocks, where there are many.
  var blocks: BlockedGeometry? {
    if case .blocks(_, let blocks, _) = self { blocks } else { nil }
  }

  /// The kernel for a regularisation.
  ///
  /// - Parameter omission: the part of its sums that may be left out.
  func kernel(_ regularization: OwnRegularization, omission: Double) -> any GibbsKernel {
    let scale = regularization.scale
    return switch self {
    case .pairs(let costs, let loops): PairKernel(costs: costs, scale: scale, loops: loops)
    case .blocks(let costs, let blocks, let loops):
      BlockKernel(
        costs: costs, scale: scale, loops: loops, blocks: blocks,
        omission: max(omission, Self.leastOmission))
    case .grids(let costs, let grids, let loops):
      GridKernel(costs: costs, scale: scale, loops: loops, grids: grids)
    }
  }
}

extension TransportProblem {
  /// Numbers that differ where problems do: all points and masses, and the costs of some pairs.
  fileprivate var characteristicNumbers: [Double] {
    let samples = 64
    return source.masses + target.masses + source.coordinates + target.coordinates
      + (0..<samples).map { sample in
        cost(
          from: source.count * sample / samples, to: target.count * (samples - 1 - sample) / samples
        )
      }
  }
}
