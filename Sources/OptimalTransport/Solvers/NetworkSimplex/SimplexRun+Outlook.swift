import Libc

/// What coarse levels prove about the points, for goals that ask for less than an optimal plan.
extension SimplexRun {
  /// What a coarse level's plan and potentials give for the points themselves.
  struct Outlook {
    /// The plan and the potentials as they come from the level.
    var start: Start
    /// The best potentials so far.
    var dual: FeasiblePotentials
    var costBounds: ProvedBounds
    var distanceBounds: ProvedBounds
  }

  /// The first level whose outlook is worth its price, which is that of a search of all pairs.
  var firstLook: Int {
    guard !solver.goal.isExact else { return .max }
    let count = levels[levels.count - 1].sources.count
    return levels.firstIndex { $0.sources.count >= max(32, count / 256) } ?? 0
  }

  /// Carries what a level that was just solved has found over to the points, and settles what is done next.
  ///
  /// - Returns: the solution that this is, where it is good enough.
  func lookAhead(
    _ tree: borrowing SpanningTree, _ potentials: NodePotentials, at index: Int, arcCount: Int,
    _ descent: inout Descent, progress: ProgressHandler?
  ) throws(SolverError) -> Outcome? {
    let (basis, known) = (descent.start.basis, descent.outlook?.dual)
    let seen = try stopping(tree, at: index) { () throws(SolverError) in
      try look(basis, potentials, from: index, known: known)
    }
    let bounds = seen.distanceBounds
    if isEnough(seen.costBounds) {
      return outcome(of: seen, arcCount: arcCount, pivots: descent.pivots)
    }
    try stopping(tree, at: index) { () throws(SolverError) in
      try progress.report(
        .levelEnded(index + 1, of: levels.count, relativeWidth: bounds.relativeWidth),
        costBounds: seen.costBounds)
    }
    descent.outlook = seen
    descent.nextLook = index + levelsToGo(from: bounds)
    // The least cost between the clusters is closer to that between the points than either bound.
    let estimate = problem.costBounds(lower: 0, upper: tree.cost(between: levels[index]))
      .root(problem.exponent).upper
    let wanted = wantedWidth(bounds)
    if bounds.relativeWidth <= 2 * wanted, estimate - bounds.lower <= wanted / 2 * estimate {
      descent.start = seen.start
      descent.isAtPoints = true
    }
    return nil
  }

  /// After how many levels a bracket will be narrow enough: its width falls about like the square of
  /// the distance between neighbours.
  private func levelsToGo(from bounds: ProvedBounds) -> Int {
    let ratio = bounds.relativeWidth / wantedWidth(bounds)
    return max(1, Int((log2(max(ratio, 1)) * Double(axisScales.count) / 2).rounded()))
  }

  /// The relative width that the bracket of the distance must have in the end, as far as is known.
  private func wantedWidth(_ bounds: ProvedBounds) -> Double {
    var wanted = solver.goal.relativeWidth
    if let threshold = solver.goal.threshold, bounds.upper > 0 {
      let middle = bounds.lower / 2 + bounds.upper / 2
      wanted = min(wanted, 2 * abs(threshold - middle) / bounds.upper)
    }
    return max(wanted, 1e-9)
  }

  /// How often a level is searched at most before its potentials are made a bound.
  static let roundsBeforeLook = 8

  /// Carries a plan and potentials of a level over to the points, without a pivot on the way.
  ///
  /// - Parameters:
  ///   - start: the plan on the next finer level.
  ///   - known: the best potentials so far.
  private func look(
    _ start: BasisArcs, _ potentials: NodePotentials, from level: Int, known: FeasiblePotentials?
  ) throws(SolverError) -> Outlook {
    let points = levels[levels.count - 1]
    var potentials = try extended(potentials, from: level)
    potentials.source = try TreeArcSearch(points).transform(potentials)
    let found = feasible(potentials.source, potentials.target)
    let dual = known.flatMap { $0.value >= found.value ? $0 : nil } ?? found
    var basis = start
    for index in level + 1..<levels.count - 1 {
      basis = BasisRefinement(
        from: levels[index], to: levels[index + 1], axisScales: axisScales
      ).refined(SpanningTree(basis, of: levels[index]))
    }
    let bounds = bracket(SpanningTree(basis, of: points), dual)
    return Outlook(
      start: Start(basis: basis, potentials: potentials), dual: dual, costBounds: bounds,
      distanceBounds: bounds.root(problem.exponent))
  }

  /// The solution that an outlook is.
  private func outcome(of seen: Outlook, arcCount: Int, pivots: Int) -> Outcome {
    let tree = SpanningTree(seen.start.basis, of: levels[levels.count - 1])
    var outcome = outcome(
      tree, CandidateArcs(), seen.dual, solver.goal.ending, pivots: pivots)
    outcome.effort.arcs = arcCount
    return outcome
  }

  /// The c-transforms of a level's potentials at the points.
  private func extended(
    _ known: NodePotentials, from level: Int
  ) throws(SolverError) -> NodePotentials {
    let (coarse, points) = (levels[level], levels[levels.count - 1])
    let sourceTree = PotentialTree(cloud: coarse.sources, geometry: coarse.geometry)
    let targetTree = PotentialTree(cloud: coarse.targets, geometry: coarse.geometry)
    sourceTree.setPotentials(known.source, partners: known.sourcePartners, in: coarse.targets)
    targetTree.setPotentials(known.target, partners: known.targetPartners, in: coarse.sources)
    let (source, target) = (
      try targetTree.minima(over: points.sources), try sourceTree.minima(over: points.targets)
    )
    let (sources, targets) = (
      levels[level...].map(\.sources), levels[level...].map(\.targets)
    )
    let (middleSource, middleTarget) = (Self.middles(sources), Self.middles(targets))
    return NodePotentials(
      source: source.values, target: target.values,
      sourcePartners: source.points.map { middleTarget[Int($0)] },
      targetPartners: target.points.map { middleSource[Int($0)] })
  }

  /// For each point of the first cloud, which becomes coarser than the ones behind it, a point of the last
  /// one in its middle.
  private static func middles(_ clouds: [PointCloud]) -> [Int32] {
    var middles = (0..<Int32(clouds[0].count)).map { $0 }
    for (cloud, finer) in zip(clouds, clouds.dropFirst()) where cloud !== finer {
      for index in middles.indices {
        let cluster = Int(middles[index])
        middles[index] = (cloud.childStarts[cluster] + cloud.childStarts[cluster + 1]) / 2
      }
    }
    return middles
  }
}
