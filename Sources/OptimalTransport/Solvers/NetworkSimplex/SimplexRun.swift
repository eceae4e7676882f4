/// One solution of a transport problem by the network simplex method, from coarse to fine.
struct SimplexRun {
  /// The finest level: the arcs of the problem itself, in the order of the clouds.
  let search: any ArcSearch
  /// The levels from coarse to fine; empty for costs without a geometry.
  let levels: [CloudPair]
  let axisScales: [Double]
  /// The original index of each source and target of the finest level.
  let sourceOrder: [Int32]
  let targetOrder: [Int32]
  private let supplies: [Int128]
  private let demands: [Int128]
  let problem: TransportProblem
  private let solver: NetworkSimplex

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
  static func multilevel(
    _ problem: TransportProblem, _ geometry: CostGeometry, _ masses: PerturbedMasses,
    solver: NetworkSimplex
  ) -> SimplexRun {
    let scales = geometry.axisScales
    let left = PointHierarchy(
      coordinates: geometry.sources, supplies: masses.supplies, axisScales: scales,
      coarsest: NetworkSimplex.coarsestPoints)
    let right = PointHierarchy(
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
      search: TreeArcSearch(levels[depth - 1]), levels: levels, axisScales: scales,
      sourceOrder: left.order, targetOrder: right.order,
      supplies: left.order.map { masses.supplies[Int($0)] },
      demands: right.order.map { masses.demands[Int($0)] }, problem: problem, solver: solver)
  }

  /// A run for any cost: a single level, arcs from sweeps.
  static func flat(
    _ problem: TransportProblem, _ masses: PerturbedMasses, solver: NetworkSimplex
  ) -> SimplexRun {
    let costs = problem.pairCosts
    return SimplexRun(
      search: SweepArcSearch(costs), levels: [], axisScales: [],
      sourceOrder: (0..<Int32(costs.sourceCount)).map { $0 },
      targetOrder: (0..<Int32(costs.targetCount)).map { $0 }, supplies: masses.supplies,
      demands: masses.demands, problem: problem, solver: solver)
  }

  /// Solves, from a basis in the order of the problem when one is given and feasible.
  func solve(
    from basis: SpanningBasis?, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    if let basis {
      let tree = tree(from: basis)
      if tree.isPrimalFeasible {
        let potentials = NodePotentials(tree)
        var arcs = CandidateArcs()
        arcs.insert(
          try search.candidates(potentials, perPoint: solver.candidatesPerPoint),
          sourceCount: search.sourceCount)
        return try finish(tree, arcs, pivots: 0, progress: progress)
      }
    }
    return levels.isEmpty
      ? try solveFlat(progress: progress) : try solveCoarseToFine(progress: progress)
  }

  private func solveFlat(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    var arcs: CandidateArcs
    let (n, m) = (search.sourceCount, search.targetCount)
    if n * m <= NetworkSimplex.densePairs {
      arcs = CandidateArcs(allPairsOf: n, m, cost: search.cost)
    } else {
      arcs = CandidateArcs()
      let nothing = NodePotentials(
        source: Array(repeating: 0, count: n), target: Array(repeating: 0, count: m),
        sourcePartners: Array(repeating: 0, count: n),
        targetPartners: Array(repeating: 0, count: m))
      arcs.insert(
        try search.candidates(nothing, perPoint: 2 * solver.candidatesPerPoint), sourceCount: n)
    }
    let basis = BasisArcs.greedy(over: arcs, supplies: supplies, demands: demands)
    let tree = SpanningTree(
      sources: basis.sources, targets: basis.targets,
      costs: zip(basis.sources, basis.targets).map { search.cost(Int($0), Int($1)) },
      supplies: supplies, demands: demands)
    return try finish(tree, arcs, pivots: 0, progress: progress)
  }

  private func solveCoarseToFine(progress: ProgressHandler?) throws(SolverError) -> Outcome {
    let coarsest = levels[0]
    var basis = BasisArcs.northWest(
      supplies: coarsest.sources.supplies, demands: coarsest.targets.supplies)
    var pivots = 0
    var prediction: NodePotentials?
    for (index, level) in levels.enumerated() {
      let isLast = index == levels.count - 1
      let here: any ArcSearch = isLast ? search : TreeArcSearch(level)
      var tree = SpanningTree(
        sources: basis.sources, targets: basis.targets,
        costs: zip(basis.sources, basis.targets).map { level.cost(Int($0), Int($1)) },
        supplies: level.sources.supplies, demands: level.targets.supplies)
      var arcs: CandidateArcs
      if let prediction {
        arcs = CandidateArcs()
        let found = try stopping(tree, at: index) { () throws(SolverError) in
          try here.candidates(
            prediction,
            perPoint: isLast ? solver.candidatesPerPoint : NetworkSimplex.coarseCandidatesPerPoint)
        }
        arcs.insert(found, sourceCount: level.sources.count)
      } else {
        arcs = CandidateArcs(
          allPairsOf: level.sources.count, level.targets.count, cost: level.cost)
      }
      if isLast {
        if !solver.goal.isExact, let prediction {
          let pricing = try stopping(tree, at: index) { () throws(SolverError) in
            try here.price(prediction, perPoint: 1)
          }
          if solver.goal.isMet(by: bracket(tree, prediction, pricing)) {
            return outcome(
              tree, prediction, pricing, solver.goal.ending,
              effort: SolverEffort(iterations: pivots, arcs: arcs.count))
          }
        }
        return try finish(tree, arcs, pivots: pivots, progress: progress)
      }

      let phase = SolverStage.SimplexPhase.level(index + 1, of: levels.count)
      try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
      if prediction != nil {
        // Potentials that are wrong here mislead the choice of candidates on all finer levels; one
        // search makes them right but for a few points.
        let potentials = NodePotentials(tree)
        let pricing = try stopping(tree, at: index) { () throws(SolverError) in
          try here.price(potentials, perPoint: solver.violationsPerPoint)
        }
        if pricing.violations.count > level.sources.count / 10 {
          arcs.insert(pricing.violations, sourceCount: level.sources.count)
          try optimize(&tree, over: arcs, at: index, progress: progress, phase: phase)
        }
      }
      pivots += tree.pivotCount
      let finer = levels[index + 1]
      basis = BasisRefinement(from: level, to: finer, axisScales: axisScales).refined(tree)
      prediction = PotentialPrediction(from: level, to: finer).predicted(tree)
    }
    preconditionFailure("there is always a last level")
  }

  /// Pivots and searches all pairs until the search finds nothing, or until the bracket is as tight
  /// as was asked for.
  private func finish(
    _ start: consuming SpanningTree, _ startArcs: CandidateArcs, pivots: Int,
    progress: ProgressHandler?
  ) throws(SolverError) -> Outcome {
    var tree = start
    var arcs = startArcs
    var round = 1
    // Where a bracket may be enough, it is looked at now and then, ever more rarely.
    var limit = solver.goal.isExact ? .max : tree.nodeCount / 4
    while true {
      let before = tree.pivotCount
      let isOptimal = try optimize(
        &tree, over: arcs, at: levels.count - 1, limit: limit, progress: progress,
        phase: .round(round))
      let potentials = NodePotentials(tree)
      let pricing = try stopping(tree, at: levels.count - 1) { () throws(SolverError) in
        try progress.report(.searchingPairs(round: round))
        return try search.price(potentials, perPoint: solver.violationsPerPoint)
      }
      let effort = SolverEffort(iterations: pivots + tree.pivotCount, arcs: arcs.count)
      // Arcs that seem to improve although the last ones led to no pivot are rounding errors.
      if isOptimal, pricing.violations.count == 0 || (round > 1 && tree.pivotCount == before) {
        var result = outcome(tree, potentials, pricing, .optimal, effort: effort)
        if PotentialReduction.isWorthwhile(tree), let small = try reduced(tree, arcs) {
          // These have smaller rounding errors, but do not see masses that integers cannot hold.
          result.potentials.append(inOrderOfProblem(small.potentials, small.pricing))
        }
        return result
      }
      let bounds = bracket(tree, potentials, pricing)
      if solver.goal.isMet(by: bounds) {
        return outcome(tree, potentials, pricing, solver.goal.ending, effort: effort)
      }
      try progress.report(
        .roundEnded(
          round, pivots: pivots + tree.pivotCount, improvingPairs: pricing.violations.count,
          relativeWidth: bounds.relativeWidth),
        bounds: Bounds(
          lower: bounds.lower.power(problem.exponent) * (1 - 1e-12),
          upper: bounds.upper.power(problem.exponent) * (1 + 1e-12)))
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

  /// The bracket of the distance, a little wider than the certificate's.
  private func bracket(
    _ tree: borrowing SpanningTree, _ potentials: NodePotentials, _ pricing: GlobalPricing
  ) -> Bounds {
    var (upper, lower) = (CompensatedSum(), CompensatedSum())
    for node in 1..<tree.nodeCount {
      upper.add(PerturbedMasses.mass(ofFlow: tree.flow[node]) * tree.arcCost[node])
    }
    for (supply, value) in zip(supplies, pricing.feasibleSourcePotentials) {
      lower.add(PerturbedMasses.mass(ofFlow: supply) * value)
    }
    for (demand, value) in zip(demands, potentials.target) {
      lower.add(PerturbedMasses.mass(ofFlow: demand) * value)
    }
    // Far above the roundings that the certificate counts.
    let unit = problem.pairCosts.unitExponent
    let slack = 1e-12 * upper.value
    return Bounds(
      lower: max(lower.value - slack, 0).scaled(by: unit),
      upper: (upper.value + slack).scaled(by: unit)
    ).root(problem.exponent)
  }

  /// Smaller potentials for an optimal tree, feasible over all pairs; `nil` when there are none.
  private func reduced(
    _ tree: borrowing SpanningTree, _ startArcs: CandidateArcs
  ) throws(SolverError) -> (potentials: NodePotentials, pricing: GlobalPricing)? {
    let reduction = PotentialReduction(tree)
    var arcs = startArcs
    // Each round ends with potentials that all arcs allow; new ones come in ever smaller numbers.
    for _ in 0..<16 {
      guard let potentials = reduction.potentials(over: arcs) else { return nil }
      let pricing = try search.price(potentials, perPoint: solver.violationsPerPoint)
      let before = arcs.count
      arcs.insert(pricing.violations, sourceCount: search.sourceCount)
      if arcs.count == before { return (potentials, pricing) }
    }
    return nil
  }

  // MARK: Orders

  private func outcome(
    _ tree: borrowing SpanningTree, _ potentials: NodePotentials, _ pricing: GlobalPricing,
    _ ending: SolutionEnding, effort: SolverEffort
  ) -> Outcome {
    var outcome = Outcome(
      potentials: [inOrderOfProblem(potentials, pricing)],
      basis: SpanningBasis(sources: [], targets: []), masses: [], effort: effort, ending: ending)
    var (sources, targets) = ([Int32](), [Int32]())
    for node in 1..<tree.nodeCount {
      let arc = tree.arc(above: node)
      sources.append(sourceOrder[arc.source])
      targets.append(targetOrder[arc.target])
      outcome.masses.append(PerturbedMasses.mass(ofFlow: tree.flow[node]))
    }
    outcome.basis = SpanningBasis(sources: sources, targets: targets)
    return outcome
  }

  func inOrderOfProblem(
    _ potentials: NodePotentials, _ pricing: GlobalPricing
  ) -> Potentials {
    var source = [Double](repeating: 0, count: sourceOrder.count)
    var target = [Double](repeating: 0, count: targetOrder.count)
    for (position, index) in sourceOrder.enumerated() {
      source[Int(index)] = pricing.feasibleSourcePotentials[position]
    }
    for (position, index) in targetOrder.enumerated() {
      target[Int(index)] = potentials.target[position]
    }
    return Potentials(source: source, target: target)
  }

  /// The tree of a basis that is in the order of the problem.
  private func tree(from basis: SpanningBasis) -> SpanningTree {
    var sourcePosition = [Int32](repeating: 0, count: sourceOrder.count)
    var targetPosition = [Int32](repeating: 0, count: targetOrder.count)
    for (position, index) in sourceOrder.enumerated() {
      sourcePosition[Int(index)] = Int32(position)
    }
    for (position, index) in targetOrder.enumerated() {
      targetPosition[Int(index)] = Int32(position)
    }
    let sources = basis.sources.map { sourcePosition[Int($0)] }
    let targets = basis.targets.map { targetPosition[Int($0)] }
    return SpanningTree(
      sources: sources, targets: targets,
      costs: zip(sources, targets).map { search.cost(Int($0), Int($1)) }, supplies: supplies,
      demands: demands)
  }
}
