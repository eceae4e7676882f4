/// One solution of a transport problem by the network simplex method, from coarse to fine.
struct SimplexRun {
  /// The levels from coarse to fine; empty for costs without a geometry, and for small problems.
  let levels: [CloudPair]
  let axisScales: [Double]
  /// The original index of each source and target of the finest level.
  let sourceOrder: [Int32]
  let targetOrder: [Int32]
  let supplies: [Int128]
  let demands: [Int128]
  let problem: TransportProblem
  let solver: NetworkSimplex

  /// What a run gives, in the order of the problem.
  struct Outcome {
    /// Potentials that are feasible over all pairs, one choice or two.
    var potentials: [Potentials]
    var basis: SpanningBasis
    /// The mass on each arc of the basis.
    var masses: [Double]
    var effort: SolverEffort
    /// Whether the plan is optimal or the bracket was enough.
    var ending: SolutionEnding
  }

  /// A run for a block cost: levels of clusters, arcs from search trees.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  static func multilevel(
    _ problem: TransportProblem, _ geometry: CostGeometry, _ masses: PerturbedMasses,
    solver: NetworkSimplex
  ) throws(SolverError) -> SimplexRun {
    let scales = geometry.axisScales
    let left = try PointHierarchy(
      coordinates: geometry.sources, supplies: masses.supplies, axisScales: scales,
      coarsest: NetworkSimplex.coarsestPoints)
    let right = try PointHierarchy(
      coordinates: geometry.targets, supplies: masses.demands, axisScales: scales,
      coarsest: NetworkSimplex.coarsestPoints)
    let depth = max(left.clouds.count, right.clouds.count)
    // Both sides start from their coarsest cloud; the shorter hierarchy stays at its points.
    let levels = (0..<depth).map { level in
      CloudPair(
        sources: left.clouds[min(level, left.clouds.count - 1)],
        targets: right.clouds[min(level, right.clouds.count - 1)], geometry: geometry)
    }
    return SimplexRun(
      levels: levels, axisScales: scales,
      sourceOrder: left.order, targetOrder: right.order, supplies: left.points.supplies,
      demands: right.points.supplies, problem: problem, solver: solver)
  }

  /// A run for any cost: a single level, arcs from sweeps.
  static func flat(
    _ problem: TransportProblem, _ masses: PerturbedMasses, solver: NetworkSimplex
  ) -> SimplexRun {
    let costs = problem.pairCosts
    return SimplexRun(
      levels: [], axisScales: [],
      sourceOrder: (0..<Int32(costs.sourceCount)).map { $0 },
      targetOrder: (0..<Int32(costs.targetCount)).map { $0 }, supplies: masses.supplies,
      demands: masses.demands, problem: problem, solver: solver)
  }

  /// The arcs of the problem itself, in the order of the clouds.
  func makeSearch() -> any ArcSearch {
    levels.last.map { TreeArcSearch($0) } ?? SweepArcSearch(problem.pairCosts)
  }

  /// Solves, from a basis in the order of the problem when one is given and feasible.
  func solve(
    from basis: SpanningBasis?, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    if let basis {
      let search = makeSearch()
      let tree = tree(from: basis, search)
      if tree.isPrimalFeasible {
        // Where plans hardly change, the arcs that mattered before are those that matter now.
        let arcs =
          basis.candidates.sources.isEmpty
          ? try search.candidates(NodePotentials(tree), perPoint: solver.candidatesPerPoint)
          : candidates(of: basis, search)
        return try finish(
          tree, arcs, search, pivots: 0, startsAfreshOnceLong: !levels.isEmpty, progress: progress)
      }
    }
    return try solveAfresh(progress: progress)
  }

  /// Checks, and mends where rounding needs it, a tree that is optimal already.
  func solve(
    from start: AssignmentStart, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    let search = makeSearch()
    let costs = zip(start.sources, start.targets).map { search.cost(Int($0), Int($1)) }
    let tree = SpanningTree(
      sources: start.sources, targets: start.targets, costs: costs, supplies: supplies,
      demands: demands)
    var arcs = NewArcs()
    for (arc, cost) in costs.enumerated() {
      arcs.append(Int(start.sources[arc]), Int(start.targets[arc]), cost)
    }
    return try finish(
      tree, CandidateArcs(arcs, sourceCount: search.sourceCount), search, pivots: 0,
      progress: progress)
  }

  private func solveAfresh(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    levels.isEmpty
      ? try solveFlat(progress: progress) : try solveCoarseToFine(progress: progress)
  }

  private func solveFlat(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    let search = makeSearch()
    let arcs: CandidateArcs
    let (n, m) = (search.sourceCount, search.targetCount)
    if n * m <= NetworkSimplex.densePairs {
      arcs = CandidateArcs(allPairsOf: n, m, cost: search.cost)
    } else {
      let nothing = NodePotentials(
        source: Array(repeating: 0, count: n), target: Array(repeating: 0, count: m),
        sourcePartners: Array(repeating: 0, count: n),
        targetPartners: Array(repeating: 0, count: m))
      arcs = try search.candidates(nothing, perPoint: 2 * solver.candidatesPerPoint)
    }
    let basis = BasisArcs.greedy(over: arcs, supplies: supplies, demands: demands)
    let tree = SpanningTree(
      sources: basis.sources, targets: basis.targets,
      costs: zip(basis.sources, basis.targets).map { search.cost(Int($0), Int($1)) },
      supplies: supplies, demands: demands)
    return try finish(tree, arcs, search, pivots: 0, progress: progress)
  }

  /// Pivots and searches all pairs until the search finds nothing, or until the bracket is as tight
  /// as was asked for.
  ///
  /// - Parameters:
  ///   - known: the best feasible potentials so far.
  ///   - startsAfreshOnceLong: whether the tree is from another problem, and given up where it takes more
  ///     pivots than there are points: then the plans are too different, and from coarse to fine is quicker.
  func finish(
    _ start: consuming SpanningTree, _ startArcs: consuming CandidateArcs, _ search: any ArcSearch,
    known: FeasiblePotentials? = nil, pivots: Int, startsAfreshOnceLong: Bool = false,
    progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    var tree = start
    var (arcs, best) = (startArcs, known)
    var round = 1
    // Where a bracket may be enough, it is looked at now and then, ever more rarely.
    var limit = solver.goal.isExact ? .max : tree.nodeCount / 4
    let budget = startsAfreshOnceLong ? tree.nodeCount : .max
    while true {
      let before = tree.pivotCount
      let isOptimal = try optimize(
        &tree, over: arcs, at: levels.count - 1, limit: min(limit, budget - before),
        progress: progress, phase: .round(round))
      if tree.pivotCount >= budget {
        let wasted = tree.pivotCount
        _ = consume tree
        var outcome = try solveAfresh(progress: progress)
        outcome.effort.iterations += wasted
        return outcome
      }
      if let best, isEnough(bracket(tree, best)) {
        return outcome(tree, arcs, best, solver.goal.ending, pivots: pivots)
      }
      let potentials = NodePotentials(tree)
      let pricing = try stopping(tree, at: levels.count - 1) { () throws(SolverError) in
        try progress.report(.searchingPairs(round: round))
        return try search.price(
          potentials, perPoint: solver.violationsPerPoint, skippingTies: true)
      }
      let dual = feasible(pricing.feasibleSourcePotentials, potentials.target)
      // Arcs that seem to improve although the last ones led to no pivot are rounding errors.
      if isOptimal, pricing.violations.count == 0 || (round > 1 && tree.pivotCount == before) {
        var result = outcome(tree, arcs, dual, .optimal, pivots: pivots)
        guard PotentialReduction.isWorthwhile(tree) else { return result }
        let reduction = PotentialReduction(tree)
        // Where there are many points, the tree is the largest thing in memory.
        _ = consume tree
        if let small = try reduced(reduction, consume arcs, search) {
          // These have smaller rounding errors, but do not see masses that integers cannot hold.
          result.potentials.append(inOrderOfProblem(small.source, small.target))
        }
        return result
      }
      let better = best.flatMap { $0.value >= dual.value ? $0 : nil } ?? dual
      best = better
      if !solver.goal.isExact || progress != nil {
        let bounds = bracket(tree, better)
        if isEnough(bounds) {
          return outcome(tree, arcs, better, solver.goal.ending, pivots: pivots)
        }
        let stage = SolverStage.roundEnded(
          round, pivots: pivots + tree.pivotCount, improvingPairs: pricing.violations.count,
          relativeWidth: bounds.root(problem.exponent).relativeWidth)
        try progress.report(stage, costBounds: bounds)
      }
      if isOptimal {
        guard arcs.count + pricing.violations.count < Int32.max else {
          throw .tooLarge(
            solver: solver.name, reason: "the arcs that matter are more than \(Int32.max).")
        }
        arcs.insert(pricing.violations, sourceCount: search.sourceCount)
        round += 1
      } else {
        limit *= 2
      }
    }
  }

  /// Feasible potentials with the bound that they prove.
  func feasible(_ source: [Double], _ target: [Double]) -> FeasiblePotentials {
    FeasiblePotentials(source: source, target: target, supplies: supplies, demands: demands)
  }

  /// The bracket of the least cost that a tree of all points and feasible potentials prove.
  func bracket(_ tree: borrowing SpanningTree, _ dual: FeasiblePotentials) -> ProvedBounds {
    let found = inOrderOfProblem(dual.source, dual.target)
    return problem.costBounds(
      of: coupling(tree),
      Certificate(
        problem: problem, transformed: found.source, targetPotentials: found.target))
  }

  /// Whether a bracket of the least cost is all that is wanted, with a little to spare for the
  /// roundings in which the bracket of the solution may differ from it.
  func isEnough(_ bounds: ProvedBounds) -> Bool {
    let slack = 1e-12
    return solver.goal.isMet(
      by: ProvedBounds(lower: bounds.lower * (1 - slack), upper: bounds.upper * (1 + slack))
        .root(problem.exponent))
  }

  /// Smaller potentials for an optimal plan, feasible over all pairs; `nil` when there are none.
  private func reduced(
    _ reduction: PotentialReduction, _ startArcs: consuming CandidateArcs, _ search: any ArcSearch
  ) throws(SolverError) -> FeasiblePotentials? {
    var arcs = startArcs
    // Each round ends with potentials that all arcs allow; new ones come in ever smaller numbers.
    for _ in 0..<16 {
      guard let potentials = reduction.potentials(over: arcs) else { return nil }
      let pricing = try search.price(
        potentials, perPoint: solver.violationsPerPoint, skippingTies: false)
      let before = arcs.count
      arcs.insert(pricing.violations, sourceCount: search.sourceCount)
      if arcs.count == before {
        return feasible(pricing.feasibleSourcePotentials, potentials.target)
      }
    }
    return nil
  }
}
