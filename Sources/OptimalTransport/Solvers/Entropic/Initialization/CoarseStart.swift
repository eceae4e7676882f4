/// Potentials from which to start, found on coarser clouds or at a larger regularisation.
struct SinkhornStart: Sendable {
  /// One number for each source point, in the problem's own unit.
  let source: [Double]
  /// About the same for the target, which follows from the source.
  let target: [Double]
  /// The regularisation to which it belongs, in the problem's own unit.
  let regularization: Double
  let iterations: Int
}

extension SinkhornStart {
  /// The solution of the same problem at another regularisation.
  init(_ point: SinkhornFixedPoint) {
    source = point.iteration.source
    target = point.iteration.target
    regularization = 1.4426950408889634 / point.kernel.scale
    iterations = point.iterations
  }
}

/// A problem between clouds in which groups of neighbours are merged into their centres of mass.
///
/// Merging moves points by a mean cost δ. At regularisations well above δ the plan is blurred more
/// than that, and the potentials of the coarse problem, extended to all points by a half-step, are as
/// good a start as those of a larger regularisation; there are 64 times fewer pairs. "Well above" is
/// a factor of 20, because outliers move farther than the mean and are what takes long to correct:
/// measured on Gaussian clouds of 5,000 and 20,000 points, 10 to 40 is best. Source: the multiscale
/// scheme of B. Schmitzer (2019), section 3.3, doi:10.1137/16M1106018.
struct CoarseProblem {
  /// The merged clouds.
  let problem: TransportProblem
  /// The mean cost of merging, of both measures together, in the unit of the cost.
  let mergingCost: Double
  /// The least regularisation at which the coarse potentials are a good start, in the unit of the
  /// cost.
  var finestRegularization: Double { 20 * mergingCost }

  private let fineUnit: Int
  private let blocks: BlockedGeometry
  /// The source points themselves and the merged target.
  private let mixed: TransportProblem

  /// The number of pairs from which on a coarser problem is solved first.
  private static let leastPairs = 2_000_000

  /// The coarse problem; `nil` for small problems and costs that are not blocks.
  init?(of problem: TransportProblem, _ blocks: BlockedGeometry?) {
    guard problem.pairCount >= Self.leastPairs, let blocks,
      let source = problem.source.merged(blocks.source, in: problem.domain),
      let target = problem.target.merged(blocks.target, in: problem.domain),
      let coarse = problem.with(source, target),
      let mixed = problem.with(problem.source, target),
      let sourceShift = problem.mergingCost(problem.source, source, blocks.source),
      let targetShift = problem.mergingCost(problem.target, target, blocks.target)
    else { return nil }
    self.problem = coarse
    self.mixed = mixed
    self.blocks = blocks
    fineUnit = problem.pairCosts.unitExponent
    mergingCost = sourceShift + targetShift
  }

  /// The marginal error at which to stop, for one that is wanted of the fine problem.
  ///
  /// What is slow, like the exchange of little mass between beams far apart, is the same with fewer
  /// points: better done here, where it costs a 64th, so that all points only need what is quick.
  static func tolerance(for wanted: Double) -> Double { max(wanted / 4, min(wanted, 1e-8)) }

  /// The inverse of `tolerance(for:)`.
  static func wantedTolerance(of tolerance: Double) -> Double { 4 * tolerance }

  /// A start for the fine problem from a solution of the coarse one: one half-step against the
  /// coarse target gives every source point its potential.
  func start(from point: SinkhornFixedPoint) throws(SolverError) -> SinkhornStart {
    let shift = problem.pairCosts.unitExponent - mixed.pairCosts.unitExponent
    var extended = SinkhornIteration(problem: mixed)
    extended.target = point.iteration.target.map { $0.scaled(by: shift) }
    extended.source = spread(point.iteration.source, over: blocks.source).map {
      $0.scaled(by: shift)
    }
    let regularization = point.kernel.regularization.scaled(by: shift)
    let unit = mixed.pairCosts.unitExponent - fineUnit
    return SinkhornStart(
      source: try extended.halfStep(.source, extended.kernel(regularization)).potential.map {
        $0.scaled(by: unit)
      },
      target: spread(point.iteration.target, over: blocks.target).map {
        $0.scaled(by: shift + unit)
      },
      regularization: regularization.scaled(by: unit), iterations: point.iterations)
  }

  /// The number of each group for all its points.
  private func spread(_ values: [Double], over blocks: SpatialBlocks) -> [Double] {
    blocks.positions.map { values[$0 / SpatialBlocks.groupSize] }
  }
}

extension SinkhornSolver {
  /// The start from coarser clouds.
  ///
  /// - Parameter isSymmetric: whether the two measures are the same and their potentials shall be.
  /// - Returns: `nil` where there is no coarser problem, and where it could not be solved.
  func coarseStart(
    _ problem: TransportProblem, _ iteration: SinkhornIteration, isSymmetric: Bool = false,
    _ progress: ProgressHandler?
  ) throws(SolverError) -> SinkhornStart? {
    guard let coarse = CoarseProblem(of: problem, iteration.blocks) else { return nil }
    var solver = self
    solver.regularization = max(regularization, coarse.finestRegularization)
    solver.marginalTolerance = CoarseProblem.tolerance(for: marginalTolerance)
    do throws(SolverError) {
      return try coarse.start(
        from: isSymmetric
          ? solver.symmetricFixedPoint(coarse.problem, progress: progress.forAnotherProblem)
          : solver.fixedPoint(coarse.problem, progress: progress.forAnotherProblem))
    } catch {
      // What was proved of the coarse problem is no bracket of this one.
      if case .cancelled = error { throw .cancelled(nil) }
      return nil
    }
  }
}

extension TransportProblem {
  /// The same problem for other measures; `nil` where they make none.
  fileprivate func with(_ source: DiscreteMeasure, _ target: DiscreteMeasure) -> TransportProblem? {
    try? TransportProblem(
      from: source, to: target, domain: domain, cost: cost, exponent: exponent)
  }

  /// The mean cost between the points of a measure and those into which they were merged.
  fileprivate func mergingCost(
    _ measure: DiscreteMeasure, _ merged: DiscreteMeasure, _ blocks: SpatialBlocks
  ) -> Double? {
    guard let moves = with(measure, merged) else { return nil }
    var sum = CompensatedSum()
    for (position, index) in blocks.order.enumerated() where measure.masses[index] > 0 {
      sum.add(
        measure.masses[index] * moves.cost(from: index, to: position / SpatialBlocks.groupSize))
    }
    return sum.value
  }
}

extension DiscreteMeasure {
  /// Groups of neighbours merged into their centres of mass.
  fileprivate func merged(_ blocks: SpatialBlocks, in domain: ProductDomain) -> DiscreteMeasure? {
    let size = SpatialBlocks.groupSize
    let groups = (count + size - 1) / size
    var coordinates = [Double](repeating: 0, count: groups * dimension)
    var merged = [Double](repeating: 0, count: groups)
    for group in 0..<groups {
      let members = blocks.order[group * size..<min((group + 1) * size, count)]
      merged[group] = members.reduce(0) { $0 + masses[$1] }
      for axis in 0..<dimension {
        let kind = domain.axes[axis]
        var (sum, weight) = (0.0, 0.0)
        for index in members {
          // Without mass the plain mean will do; no mass is ever moved from there.
          let mass = merged[group] > 0 ? masses[index] / merged[group] : 1
          // As in the geometry by which neighbours were found: a group lies on one side of its cut.
          sum += mass * kind.centred(self.coordinates[axis * count + index])
          weight += mass
        }
        coordinates[axis * groups + group] = sum / weight
      }
    }
    return try? DiscreteMeasure(coordinates: coordinates, dimension: dimension, masses: merged)
  }
}
