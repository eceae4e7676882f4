/// Between the order of the clouds and that of the problem.
extension SimplexRun {
  func outcome(
    _ tree: borrowing SpanningTree, _ arcs: CandidateArcs, _ dual: FeasiblePotentials,
    _ ending: SolutionEnding, pivots: Int
  ) -> Outcome {
    var (sources, targets, masses) = ([Int32](), [Int32](), [Double]())
    sources.reserveCapacity(tree.nodeCount - 1)
    targets.reserveCapacity(tree.nodeCount - 1)
    masses.reserveCapacity(tree.nodeCount - 1)
    for node in 1..<tree.nodeCount {
      let arc = tree.arc(above: node)
      sources.append(sourceOrder[arc.source])
      targets.append(targetOrder[arc.target])
      masses.append(PerturbedMasses.mass(ofFlow: tree.flow[node]))
    }
    return Outcome(
      potentials: [inOrderOfProblem(dual.source, dual.target)],
      basis: SpanningBasis(
        sources: sources, targets: targets, candidates: promising(arcs, for: tree)),
      masses: masses,
      effort: SolverEffort(iterations: pivots + tree.pivotCount, arcs: arcs.count),
      ending: ending)
  }

  /// The coupling of a tree of all points, in the order of the problem.
  func coupling(_ tree: borrowing SpanningTree) -> CouplingCost {
    var coupling = CouplingCost(of: problem)
    for node in 1..<tree.nodeCount {
      let mass = PerturbedMasses.mass(ofFlow: tree.flow[node])
      guard mass > 0 else { continue }
      let arc = tree.arc(above: node)
      coupling.add(
        mass, from: Int(sourceOrder[arc.source]), to: Int(targetOrder[arc.target]))
    }
    return coupling
  }

  /// The arcs with a reduced cost that is at most the mean, in the order of the problem: what is
  /// worth keeping for a similar problem.
  private func promising(
    _ arcs: CandidateArcs, for tree: borrowing SpanningTree
  ) -> SpanningBasis.Candidates {
    let potentials = tree.potentials()
    func reducedCost(_ arc: Int) -> Double {
      arcs.costs[arc] - potentials[Int(arcs.sources[arc])]
        + potentials[tree.sourceCount + Int(arcs.targets[arc])]
    }
    var sum = 0.0
    for arc in 0..<arcs.count { sum += reducedCost(arc) }
    func isPromising(_ arc: Int) -> Bool { reducedCost(arc) * Double(arcs.count) <= sum }
    let count = (0..<arcs.count).count(where: isPromising)
    var result = SpanningBasis.Candidates()
    result.sources.reserveCapacity(count)
    result.targets.reserveCapacity(count)
    for arc in 0..<arcs.count where isPromising(arc) {
      result.sources.append(sourceOrder[Int(arcs.sources[arc])])
      result.targets.append(targetOrder[Int(arcs.targets[arc])])
    }
    return result
  }

  func inOrderOfProblem(_ sources: [Double], _ targets: [Double]) -> Potentials {
    var source = [Double](repeating: 0, count: sourceOrder.count)
    var target = [Double](repeating: 0, count: targetOrder.count)
    for (position, index) in sourceOrder.enumerated() {
      source[Int(index)] = sources[position]
    }
    for (position, index) in targetOrder.enumerated() {
      target[Int(index)] = targets[position]
    }
    return Potentials(source: source, target: target)
  }

  /// The position of each index of the problem.
  private static func positions(_ order: [Int32]) -> [Int32] {
    var positions = [Int32](repeating: 0, count: order.count)
    for (position, index) in order.enumerated() { positions[Int(index)] = Int32(position) }
    return positions
  }

  /// The arcs that were kept with a basis.
  func candidates(of basis: SpanningBasis, _ search: any ArcSearch) -> CandidateArcs {
    let (sources, targets) = (Self.positions(sourceOrder), Self.positions(targetOrder))
    var arcs = NewArcs()
    for (source, target) in zip(basis.candidates.sources, basis.candidates.targets) {
      let (i, j) = (Int(sources[Int(source)]), Int(targets[Int(target)]))
      arcs.append(i, j, search.cost(i, j))
    }
    return CandidateArcs(arcs, sourceCount: search.sourceCount)
  }

  /// The tree of a basis that is in the order of the problem.
  func tree(from basis: SpanningBasis, _ search: any ArcSearch) -> SpanningTree {
    let sourcePosition = Self.positions(sourceOrder)
    let targetPosition = Self.positions(targetOrder)
    let sources = basis.sources.map { sourcePosition[Int($0)] }
    let targets = basis.targets.map { targetPosition[Int($0)] }
    return SpanningTree(
      sources: sources, targets: targets,
      costs: zip(sources, targets).map { search.cost(Int($0), Int($1)) }, supplies: supplies,
      demands: demands)
  }
}
