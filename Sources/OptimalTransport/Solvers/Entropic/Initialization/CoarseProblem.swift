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

  private let fineUnit: CostUnit
  private let blocks: BlockedGeometry
  /// The source points themselves and the merged target.
  private let mixed: TransportProblem

  /// The number of pairs from which on a coarser problem is solved first.
  private static let leastPairs = 2_000_000

  /// The coarse problem; `nil` for small problems and costs that are not blocks.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  init?(of problem: TransportProblem, _ blocks: BlockedGeometry?) throws(SolverError) {
    guard problem.pairCount >= Self.leastPairs, let blocks,
      let source = try problem.source.merged(blocks.source, in: problem.domain),
      let target = try problem.target.merged(blocks.target, in: problem.domain),
      let coarse = try problem.with(source, target),
      let mixed = try problem.with(problem.source, target),
      let sourceShift = try problem.mergingCost(problem.source, source, blocks.source),
      let targetShift = try problem.mergingCost(problem.target, target, blocks.target)
    else { return nil }
    self.problem = coarse
    self.mixed = mixed
    self.blocks = blocks
    fineUnit = problem.pairCosts.unit
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
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  func start<Step>(from point: FixedPoint<Step>) throws(SolverError) -> SinkhornStart {
    let (coarseUnit, mixedUnit) = (problem.pairCosts.unit, mixed.pairCosts.unit)
    let target = coarseUnit.converted(point.iteration.target, to: mixedUnit)
    let regularization = point.kernel.regularization.converted(from: coarseUnit, to: mixedUnit)
    var extended = try SinkhornIteration(problem: mixed, point.kernel.loops)
    extended.target = target
    extended.source = spread(
      coarseUnit.converted(point.iteration.source, to: mixedUnit), over: blocks.source)
    let step = try extended.halfStep(.source, extended.kernel(regularization))
    return SinkhornStart(
      source: mixedUnit.converted(step.potential, to: fineUnit),
      target: spread(
        coarseUnit.converted(point.iteration.target, to: fineUnit), over: blocks.target),
      regularization: regularization.converted(from: mixedUnit, to: fineUnit),
      iterations: point.iterations)
  }

  /// The start from what a solver finds for the merged clouds.
  ///
  /// - Returns: `nil` where it finds nothing.
  /// - Throws: `SolverError`, as `SinkhornStart.finding`.
  func start<Step>(
    solving solve: (TransportProblem) throws(SolverError) -> FixedPoint<Step>
  ) throws(SolverError) -> SinkhornStart? {
    try SinkhornStart.finding { () throws(SolverError) in try start(from: try solve(problem)) }
  }

  /// The number of each group for all its points.
  private func spread(_ values: [Double], over blocks: SpatialBlocks) -> [Double] {
    blocks.positions.map { values[$0 / SpatialBlocks.groupSize] }
  }
}

extension TransportProblem {
  /// The same problem for other measures; `nil` where they make none.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  fileprivate func with(
    _ source: DiscreteMeasure, _ target: DiscreteMeasure
  ) throws(SolverError) -> TransportProblem? {
    try SolverWatch.check()
    return try? TransportProblem(
      from: source, to: target, domain: domain, cost: cost, exponent: exponent)
  }

  /// The mean cost between the points of a measure and those into which they were merged; `nil` where that
  /// is no problem.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  fileprivate func mergingCost(
    _ measure: DiscreteMeasure, _ merged: DiscreteMeasure, _ blocks: SpatialBlocks
  ) throws(SolverError) -> Double? {
    guard let moves = try with(measure, merged) else { return nil }
    let costs = try Parallel.stoppableMap(count: measure.count, costPerItem: 30) { position in
      let index = blocks.order[position]
      return measure.masses[index]
        * moves.cost(from: index, to: position / SpatialBlocks.groupSize)
    }
    return CompensatedSum(costs).value
  }
}

extension DiscreteMeasure {
  /// Groups of neighbours merged into their centres of mass; `nil` where they make no measure.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  fileprivate func merged(
    _ blocks: SpatialBlocks, in domain: ProductDomain
  ) throws(SolverError) -> DiscreteMeasure? {
    let size = SpatialBlocks.groupSize
    let groups = (count + size - 1) / size
    var coordinates = [Double](repeating: 0, count: groups * dimension)
    var merged = [Double](repeating: 0, count: groups)
    for group in 0..<groups {
      if group.isMultiple(of: 1 << 14) { try SolverWatch.check() }
      let members = blocks.order[group * size..<min((group + 1) * size, count)]
      merged[group] = members.reduce(0) { $0 + masses[$1] }
      for axis in 0..<dimension {
        let kind = domain.axes[axis]
        var (sum, weight) = (0.0, 0.0)
        for index in members {
          // Without mass the plain mean will do; no mass is ever moved from there.
          let mass = merged[group] > 0 ? masses[index] / merged[group] : 1
          // As in the geometry by which neighbours were found: a group lies on one side of its cut.
          sum += mass * kind.centered(self.coordinates[axis * count + index])
          weight += mass
        }
        coordinates[axis * groups + group] = sum / weight
      }
    }
    return try? DiscreteMeasure(coordinates: coordinates, dimension: dimension, masses: merged)
  }
}
