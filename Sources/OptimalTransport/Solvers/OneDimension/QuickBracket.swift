/// Bounds of the least cost that need no solver: what is told where one was stopped before it had proved
/// anything.
///
/// Upper end: the north-west coupling of both measures in kd order, in which neighbours on either side
/// stand at about the same place; of very many points in the order of thin slices of the widest axis. Lower end: a block's cost is at least that of any of its axes alone, and
/// at least the sum of those for exponents from 2 on; the transport cost of an axis is known, and by
/// Jensen's inequality at least that of moving one mean to the other. Blocks add up. Rounding is included.
struct QuickBracket {
  let problem: TransportProblem
  /// Whether a problem of a single axis is solved, too; not where that is what a caller could not finish.
  var solvesSingleAxis = false

  /// Up to so many points the axes are solved; the means alone are quicker.
  private static let solvedPoints = 200_000
  /// Up to so many points the measures are put in kd order for the coupling.
  private static let orderedPoints = 300_000
  /// The slices of the widest axis for more points than that.
  private static let slices = 1 << 14
  /// The bracket of the least cost.
  ///
  /// - Complexity: O((n + m) log(n + m)) for block costs and some hundred thousand points, O(n + m) for
  ///   more of them and other costs.
  var bracket: PartialBracket {
    let upper = coupling.upper
    let exponent = problem.pairCosts.unitExponent
    let lower = problem.lowerBound(fromAxes: axisCost)
    return PartialBracket(
      costBounds: problem.costBounds(lower: min(lower.scaled(by: -exponent), upper), upper: upper),
      origin: "a coupling in spatial order and the axes one by one")
  }

  // MARK: Upper end

  private var coupling: CouplingCost {
    let (sources, targets) = orders
    let supplies = IntegerMasses(problem.source).values
    let demands = IntegerMasses(problem.target).values
    var coupling = CouplingCost(of: problem)
    NorthWestRule.forEachPair(
      sources.count, targets.count, supply: { supplies[Int(sources[$0])] },
      demand: { demands[Int(targets[$0])] }
    ) { i, j, moved in
      guard moved > 0 else { return }
      coupling.add(IntegerMasses.mass(moved), from: Int(sources[i]), to: Int(targets[j]))
    }
    return coupling
  }

  private var orders: (source: [Int32], target: [Int32]) {
    let (n, m) = (problem.source.count, problem.target.count)
    guard let geometry = problem.pairCosts.geometry else {
      return ((0..<Int32(n)).map { $0 }, (0..<Int32(m)).map { $0 })
    }
    let sides = [(geometry.sources, n), (geometry.targets, m)]
    guard n + m > Self.orderedPoints else {
      let orders = sides.map { points, count in
        KdOrder.order(
          coordinates: points, count: count, axisScales: geometry.axisScales, leafSize: 1)
      }
      return (orders[0], orders[1])
    }
    var widest = (axis: 0, low: 0.0, width: -1.0)
    for (axis, scale) in geometry.axisScales.enumerated() {
      var (low, high) = (Double.infinity, -Double.infinity)
      for (points, count) in sides {
        for index in axis * count..<(axis + 1) * count {
          (low, high) = (min(low, points[index]), max(high, points[index]))
        }
      }
      if (high - low) * scale > widest.width * geometry.axisScales[widest.axis] {
        widest = (axis, low, high - low)
      }
    }
    let orders = sides.map { points, count in
      Self.order(points + widest.axis * count, count, from: widest.low, width: widest.width)
    }
    return (orders[0], orders[1])
  }

  /// The points by slices of an axis.
  ///
  /// - Complexity: O(count).
  private static func order(
    _ coordinates: UnsafePointer<Double>, _ count: Int, from low: Double, width: Double
  ) -> [Int32] {
    let scale = width > 0 ? Double(slices - 1) / width : 0
    func slice(_ index: Int) -> Int {
      min(max(Int((coordinates[index] - low) * scale), 0), slices - 1)
    }
    var places = [Int](repeating: 0, count: slices + 1)
    for index in 0..<count { places[slice(index) + 1] += 1 }
    for slice in 0..<slices { places[slice + 1] += places[slice] }
    var order = [Int32](repeating: 0, count: count)
    for index in 0..<count {
      order[places[slice(index)]] = Int32(index)
      places[slice(index)] += 1
    }
    return order
  }

  // MARK: Lower end

  /// What moving the coordinates of an axis costs at least.
  private func axisCost(_ axis: Int, _ block: CostBlock) -> Double {
    let own = CostBlock(axes: 0..<1, weight: block.weight, exponent: block.exponent)
    if solvesSingleAxis || problem.pairCosts.geometry?.axisCount != 1,
      problem.source.count + problem.target.count <= Self.solvedPoints,
      let source = try? DiscreteMeasure(
        axes: [problem.source.axis(axis)], masses: problem.source.masses),
      let target = try? DiscreteMeasure(
        axes: [problem.target.axis(axis)], masses: problem.target.masses),
      let line = try? TransportProblem(
        from: source, to: target, domain: ProductDomain(uncheckedAxes: [problem.domain.axes[axis]]),
        cost: .blocks([own]), exponent: problem.exponent),
      let solution = try? Self.solution(line)
    {
      return solution.costBounds.lower
    }
    return problem.meanCost(ofAxis: axis, block)
  }

  /// The exact solution of a problem of one dimension; `nil` where the exponent is too large for it.
  private static func solution(
    _ line: TransportProblem
  ) throws(SolverError) -> TransportSolution? {
    if OneDimensionalProblem.accepts(line, onCircle: true) { return try CircleSolver().solve(line) }
    if OneDimensionalProblem.accepts(line, onCircle: false) { return try LineSolver().solve(line) }
    return nil
  }
}

extension TransportProblem {
  /// A bracket that costs little; see `QuickBracket`.
  package func quickBracket() -> PartialBracket? { QuickBracket(problem: self).bracket }

  /// A bracket that costs little, for a caller that solves nothing: a problem of a single axis is solved.
  package func bracketWithoutSolver() -> PartialBracket {
    QuickBracket(problem: self, solvesSingleAxis: true).bracket
  }
}
