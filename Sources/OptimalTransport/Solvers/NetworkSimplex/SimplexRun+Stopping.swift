/// What can be proved when a run is stopped before its end.
extension SimplexRun {
  /// For so many points a basis of clusters is refined in a part of a second; a bracket for more of them that
  /// takes no basis is there sooner.
  private static let refinedPoints = 300_000

  /// Pivots on a level; where that is stopped, with the bracket that the level proves.
  @discardableResult
  func optimize(
    _ tree: inout SpanningTree, over arcs: CandidateArcs, at level: Int,
    limit: Int = .max, progress: ProgressHandler?, phase: SolverStage.SimplexPhase
  ) throws(SolverError) -> Bool {
    do throws(SolverError) {
      return try tree.optimize(over: arcs, limit: limit, progress: progress, phase: phase)
    } catch {
      throw stopped(error, tree, at: level)
    }
  }

  /// Runs something that does not change the tree of a level.
  func stopping<Result>(
    _ tree: borrowing SpanningTree, at level: Int, _ body: () throws(SolverError) -> Result
  ) throws(SolverError) -> Result {
    do throws(SolverError) { return try body() } catch { throw stopped(error, tree, at: level) }
  }

  private func stopped(
    _ error: SolverError, _ tree: borrowing SpanningTree, at level: Int
  ) -> SolverError {
    guard case .cancelled(nil) = error else { return error }
    // A closure cannot hold on to a borrowed tree.
    let potentials = NodePotentials(tree)
    var upper = Double.infinity
    if level < 0 || level == levels.count - 1 {
      upper = coupling(tree).upper
    } else if SolverWatch.hasGrace, supplies.count + demands.count <= Self.refinedPoints {
      upper = refinedCost(of: tree, at: level)
    }
    let lower = SolverWatch.finally { () throws(SolverError) in
      try certificate(potentials, at: level).lower
    }
    guard upper.isFinite || lower != nil else { return error }
    return .cancelled(
      PartialBracket(
        costBounds: problem.costBounds(lower: lower ?? 0, upper: max(lower ?? 0, upper)),
        origin: "the network simplex's last basis"))
  }

  /// What the plan costs at most that a basis of clusters becomes for the points themselves.
  private func refinedCost(of tree: borrowing SpanningTree, at level: Int) -> Double {
    let finer = levels[level + 1]
    let refined = SpanningTree(
      BasisRefinement(from: levels[level], to: finer, axisScales: axisScales).refined(tree),
      of: finer)
    return level + 1 == levels.count - 1
      ? coupling(refined).upper : refinedCost(of: refined, at: level + 1)
  }

  /// What the potentials of a level prove: as they are, searched for better partners, or the c-transform
  /// of those of the coarse sources at all targets.
  private func certificate(
    _ known: NodePotentials, at level: Int
  ) throws(SolverError) -> Certificate {
    if level < 0 || level == levels.count - 1 {
      let pricing = try makeSearch().price(known, perPoint: 1, skippingTies: true)
      let found = inOrderOfProblem(pricing.feasibleSourcePotentials, known.target)
      return Certificate(
        problem: problem, transformed: found.source, targetPotentials: found.target)
    }
    let (coarse, points) = (levels[level], levels[levels.count - 1].targets)
    let tree = PotentialTree(cloud: coarse.sources, geometry: coarse.geometry)
    tree.setPotentials(known.source, partners: known.sourcePartners, in: coarse.targets)
    var target = [Double](repeating: 0, count: targetOrder.count)
    for (index, value) in zip(targetOrder, try tree.minima(over: points).values) {
      target[Int(index)] = value
    }
    return try Certificate(problem: problem, targetPotentials: target)
  }
}
