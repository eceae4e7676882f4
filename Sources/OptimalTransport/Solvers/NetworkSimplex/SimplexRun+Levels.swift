import Libc

extension SimplexRun {
  /// Solves level after level, each from the plan of the one before.
  ///
  /// A cost that is linear along rays has ties, exact or nearly so, in which candidate arcs are a
  /// random choice and potentials swing. So all levels are solved with a strictly convex cost, and
  /// only at the points themselves it is led back to the true one, from the same tree.
  func solveCoarseToFine(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    var basis = BasisArcs.northWest(
      supplies: levels[0].sources.supplies, demands: levels[0].targets.supplies)
    var pivots = 0
    var prediction: NodePotentials?
    var stages = RegularizationStages.none
    var nextLook = firstLook
    var outlook: Outlook?
    for (index, level) in levels.enumerated() {
      let isLast = index == levels.count - 1
      var pair = stages.costs(of: level)
      var tree = SpanningTree(
        sources: basis.sources, targets: basis.targets,
        costs: zip(basis.sources, basis.targets).map { pair.cost(Int($0), Int($1)) },
        supplies: level.sources.supplies, demands: level.targets.supplies)
      let phase = SolverStage.SimplexPhase.level(index + 1, of: levels.count)
      guard let known = prediction else {
        var arcs = CandidateArcs(
          allPairsOf: level.sources.count, level.targets.count, cost: pair.cost)
        try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
        if isLast { return try finish(tree, arcs, makeSearch(), pivots: 0, progress: progress) }
        stages = RegularizationStages(
          for: level.geometry, cost: tree.cost,
          tolerance: solver.goal.isExact ? 0 : solver.goal.relativeWidth)
        if !stages.isDone {
          pair = stages.costs(of: level)
          arcs.setCosts(pair.cost)
          tree.setCosts(pair.cost)
          try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
        }
        pivots += tree.pivotCount
        let start = refined(
          tree, NodePotentials(tree), from: pair, to: stages.costs(of: levels[index + 1]))
        (basis, prediction) = (start.basis, start.potentials)
        continue
      }
      let search = TreeArcSearch(pair)
      var arcs = CandidateArcs()
      let found = try stopping(tree, at: index) { () throws(SolverError) in
        try search.candidates(
          known,
          perPoint: isLast ? solver.candidatesPerPoint : NetworkSimplex.coarseCandidatesPerPoint)
      }
      arcs.insert(found, sourceCount: level.sources.count)
      if isLast {
        return try finish(
          tree, arcs, search, stages: stages, known: outlook?.dual, pivots: pivots,
          progress: progress)
      }
      try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
      // Potentials that are wrong here mislead the choice of candidates on all finer levels; one
      // search makes them right but for a few points.
      let potentials = NodePotentials(tree)
      let pricing = try stopping(tree, at: index) { () throws(SolverError) in
        try search.price(potentials, perPoint: solver.violationsPerPoint, skippingTies: true)
      }
      if pricing.violations.count > level.sources.count / 10 {
        arcs.insert(pricing.violations, sourceCount: level.sources.count)
        try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
      }
      pivots += tree.pivotCount
      let start = refined(
        tree, NodePotentials(tree), from: pair, to: stages.costs(of: levels[index + 1]))
      (basis, prediction) = (start.basis, start.potentials)
      guard index >= nextLook else { continue }
      let seen = try stopping(tree, at: index) { () throws(SolverError) in
        try look(from: start, at: index + 1, arcs: arcs, pivots: pivots)
      }
      if isEnough(seen.costBounds) { return seen.outcome }
      try stopping(tree, at: index) { () throws(SolverError) in
        try progress.report(
          .levelEnded(
            index + 1, of: levels.count, relativeWidth: seen.distanceBounds.relativeWidth),
          costBounds: seen.costBounds)
      }
      outlook = seen
      nextLook = index + levelsToGo(from: seen.distanceBounds)
    }
    preconditionFailure("there is always a last level")
  }

  /// What a level is started from.
  private struct Start {
    var basis: BasisArcs
    var potentials: NodePotentials
  }

  private func refined(
    _ tree: borrowing SpanningTree, _ potentials: NodePotentials, from pair: CloudPair,
    to finer: CloudPair
  ) -> Start {
    Start(
      basis: BasisRefinement(from: pair, to: finer, axisScales: axisScales).refined(tree),
      potentials: PotentialPrediction(from: pair, to: finer).predicted(potentials))
  }

  // MARK: Tolerances

  /// What a coarse level's plan and potentials give for the points themselves.
  private struct Outlook {
    var dual: FeasiblePotentials
    var costBounds: ProvedBounds
    var distanceBounds: ProvedBounds
    var outcome: Outcome
  }

  /// The first level whose outlook is worth its price, which is that of a search of all pairs.
  private var firstLook: Int {
    guard !solver.goal.isExact else { return .max }
    let count = levels[levels.count - 1].sources.count
    return levels.firstIndex { $0.sources.count >= max(32, count / 256) } ?? 0
  }

  /// After how many levels a bracket will be narrow enough: its width falls about like the square of
  /// the distance between neighbours.
  private func levelsToGo(from bounds: ProvedBounds) -> Int {
    var wanted = solver.goal.relativeWidth
    if let threshold = solver.goal.threshold, bounds.upper > 0 {
      let middle = bounds.lower / 2 + bounds.upper / 2
      wanted = min(wanted, 2 * abs(threshold - middle) / bounds.upper)
    }
    let ratio = bounds.relativeWidth / max(wanted, 1e-9)
    return max(1, Int((log2(max(ratio, 1)) * Double(axisScales.count) / 2).rounded()))
  }

  /// Carries the start of a level over to the points, without a pivot on the way.
  private func look(
    from start: Start, at index: Int, arcs: CandidateArcs, pivots: Int
  ) throws(SolverError) -> Outlook {
    var start = start
    var level = index
    while true {
      let pair = levels[level]
      let tree = SpanningTree(
        sources: start.basis.sources, targets: start.basis.targets,
        costs: zip(start.basis.sources, start.basis.targets).map { pair.cost(Int($0), Int($1)) },
        supplies: pair.sources.supplies, demands: pair.targets.supplies)
      if level < levels.count - 1 {
        start = refined(tree, start.potentials, from: pair, to: levels[level + 1])
        level += 1
        continue
      }
      let search = TreeArcSearch(pair)
      let dual = feasible(try search.transform(start.potentials), start.potentials.target)
      var outcome = outcome(tree, CandidateArcs(), dual, solver.goal.ending, pivots: pivots)
      outcome.effort.arcs = arcs.count
      let bounds = bracket(tree, dual)
      return Outlook(
        dual: dual, costBounds: bounds, distanceBounds: bounds.root(problem.exponent),
        outcome: outcome)
    }
  }

  // MARK: The last level

  /// Leads the regularized cost of the points themselves back to the true one, and finishes.
  private func finish(
    _ start: consuming SpanningTree, _ startArcs: CandidateArcs, _ startSearch: TreeArcSearch,
    stages: RegularizationStages, known: FeasiblePotentials?, pivots: Int,
    progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    var tree = start
    var (arcs, search, stages, best) = (startArcs, startSearch, stages, known)
    let points = levels[levels.count - 1]
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
    return try finish(tree, arcs, search, known: best, pivots: pivots, progress: progress)
  }
}
