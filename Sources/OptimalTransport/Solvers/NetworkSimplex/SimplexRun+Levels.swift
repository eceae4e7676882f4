extension SimplexRun {
  /// Solves level after level, each from the plan of the one before.
  ///
  /// A cost that is linear along rays has ties, exact or nearly so, in which candidate arcs are a
  /// random choice and potentials swing. So all levels are solved with a strictly convex cost, and
  /// only at the points themselves it is led back to the true one, from the same tree. There are at least
  /// two levels, for more than `NetworkSimplex.flatPairs` pairs.
  func solveCoarseToFine(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    var descent = try solveCoarsest(progress: progress)
    for index in 1..<levels.count - 1 where !descent.isAtPoints {
      if let outcome = try solveLevel(index, &descent, progress: progress) { return outcome }
    }
    return try solvePoints(consume descent, progress: progress)
  }

  /// What a level is started from.
  struct Start {
    var basis: BasisArcs
    var potentials: NodePotentials
  }

  /// How far a run from coarse to fine has come.
  struct Descent {
    /// What the next level is started from.
    var start: Start
    var stages: RegularizationStages
    var pivots: Int
    /// The first level whose outlook is worth its price.
    var nextLook: Int
    var outlook: Outlook?
    /// Whether the start is that of the points, because the lower bound is good enough: only the plan
    /// has to become better, and that goes fastest there.
    var isAtPoints = false
  }

  /// Solves the coarsest level with all its pairs: with the true cost, which tells how much of a convex
  /// one is little, and then with that.
  private func solveCoarsest(progress: ProgressHandler?) throws(SolverError) -> Descent {
    let level = levels[0]
    let phase = SolverStage.SimplexPhase.level(1, of: levels.count)
    var tree = SpanningTree(
      .northWest(supplies: level.sources.supplies, demands: level.targets.supplies), of: level)
    var arcs = CandidateArcs(
      allPairsOf: level.sources.count, level.targets.count, cost: level.cost)
    try optimize(&tree, over: arcs, at: 0, progress: progress, phase: phase)
    let stages = RegularizationStages(
      for: level.geometry, cost: tree.cost,
      tolerance: solver.goal.isExact ? 0 : solver.goal.relativeWidth)
    let pair = stages.costs(of: level)
    if !stages.isDone {
      arcs.setCosts(pair.cost)
      tree.setCosts(pair.cost)
      try optimize(&tree, over: arcs, at: 0, progress: progress, phase: phase)
    }
    return Descent(
      start: refined(
        tree, NodePotentials(tree), from: pair, to: stages.costs(of: levels[1])),
      stages: stages, pivots: tree.pivotCount, nextLook: firstLook)
  }

  /// Solves a level between the coarsest one and the points.
  ///
  /// - Returns: what its plan and potentials give for the points, where that is enough.
  private func solveLevel(
    _ index: Int, _ descent: inout Descent, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome? {
    let pair = descent.stages.costs(of: levels[index])
    let count = pair.sources.count
    let phase = SolverStage.SimplexPhase.level(index + 1, of: levels.count)
    var tree = SpanningTree(descent.start.basis, of: pair)
    let search = TreeArcSearch(pair)
    let predicted = descent.start.potentials
    var arcs = try stopping(tree, at: index) { () throws(SolverError) in
      try search.candidates(predicted, perPoint: NetworkSimplex.coarseCandidatesPerPoint)
    }
    try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
    // Potentials that are wrong here mislead the choice of candidates on all finer levels; one
    // search makes them right but for a few points. For a lower bound that does not do: a single
    // potential that is too large lowers those of all points that it can be reached from.
    let looks = index >= descent.nextLook
    for _ in 0..<(looks ? Self.roundsBeforeLook : 1) {
      let potentials = NodePotentials(tree)
      let pricing = try stopping(tree, at: index) { () throws(SolverError) in
        try search.price(potentials, perPoint: solver.violationsPerPoint, skippingTies: true)
      }
      guard pricing.violations.count > (looks ? 0 : count / 10) else { break }
      arcs.insert(pricing.violations, sourceCount: count)
      try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
    }
    descent.pivots += tree.pivotCount
    let potentials = NodePotentials(tree)
    descent.start = refined(
      tree, potentials, from: pair, to: descent.stages.costs(of: levels[index + 1]))
    return looks
      ? try lookAhead(
        tree, potentials, at: index, arcCount: arcs.count, &descent, progress: progress) : nil
  }

  private func refined(
    _ tree: borrowing SpanningTree, _ potentials: NodePotentials, from pair: CloudPair,
    to finer: CloudPair
  ) -> Start {
    Start(
      basis: BasisRefinement(from: pair, to: finer, axisScales: axisScales).refined(tree),
      potentials: PotentialPrediction(from: pair, to: finer).predicted(potentials))
  }

  // MARK: The last level

  /// Leads the regularized cost of the points themselves back to the true one, and finishes.
  private func solvePoints(
    _ descent: consuming Descent, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    let (pivots, points) = (descent.pivots, levels[levels.count - 1])
    var (stages, best) = (descent.stages, descent.outlook?.dual)
    descent.outlook = nil
    var search = TreeArcSearch(stages.costs(of: points))
    let known = descent.start.potentials
    var tree = SpanningTree(descent.start.basis, of: stages.costs(of: points))
    _ = consume descent
    var arcs = try stopping(tree, at: levels.count - 1) { [search] () throws(SolverError) in
      try search.candidates(known, perPoint: solver.candidatesPerPoint)
    }
    while !stages.isDone {
      // Where a tolerance is given, the plan may be good enough at any time.
      var limit = best == nil ? Int.max : tree.nodeCount / 4
      while try !optimize(
        &tree, over: arcs, at: levels.count - 1, limit: limit, progress: progress,
        phase: .regularizedCost)
      {
        if let best, isEnough(bracket(tree, best)) {
          return outcome(tree, arcs, best, solver.goal.ending, pivots: pivots)
        }
        limit *= 2
      }
      let potentials = NodePotentials(tree)
      if let former = best {
        let exact = TreeArcSearch(points)
        let transformed = try stopping(tree, at: levels.count - 1) { () throws(SolverError) in
          try exact.transform(potentials)
        }
        let dual = feasible(transformed, potentials.target)
        let better = dual.value > former.value ? dual : former
        if isEnough(bracket(tree, better)) {
          return outcome(tree, arcs, better, solver.goal.ending, pivots: pivots)
        }
        best = better
      }
      let here = search
      let pricing = try stopping(tree, at: levels.count - 1) { () throws(SolverError) in
        try here.price(potentials, perPoint: solver.violationsPerPoint, skippingTies: true)
      }
      arcs.insert(pricing.violations, sourceCount: search.sourceCount)
      stages.advance()
      search = TreeArcSearch(stages.costs(of: points))
      arcs.setCosts(search.cost)
      tree.setCosts(search.cost)
    }
    return try finish(
      tree, consume arcs, search, known: best, pivots: pivots, progress: progress)
  }
}
