/// Bounds of the least cost that need no solver: what is told where one was stopped before it had proved
/// anything.
///
/// Upper end: the north-west coupling of both measures in kd order, in which neighbors on either side
/// stand at about the same place; for very many points, in the order of thin slices of the widest axis.
/// Lower end: a block's cost is at least that of any of its axes alone, and at least the sum of those for
/// exponents from 2 on; the transport cost of an axis is known, and by Jensen's inequality at least that
/// of moving one mean to the other. Blocks add up. Rounding is included.
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
    return Staircase(problem, sources, targets).mapParts { part in
      var coupling = CouplingCost(of: problem)
      part.forEachPair { coupling.add(IntegerMasses.mass($2), from: $0, to: $1) }
      return coupling
    }.reduce(into: CouplingCost(of: problem)) { $0.add($1) }
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
    nonisolated(unsafe) let columns = sides.map { ($0.0 + widest.axis * $0.1, $0.1) }
    let (low, width) = (widest.low, widest.width)
    let orders = Parallel.map(count: columns.count, costPerItem: 1e9) { side in
      Self.order(columns[side].0, columns[side].1, from: low, width: width)
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

/// The pairs of the north-west rule for two orders of points, in parts that are gone through at the same
/// time.
private struct Staircase: Sendable {
  /// What each source has, in the order of the points.
  private let supplies: [Int128]
  /// What each target takes.
  private let demands: [Int128]
  private let sources: [Int32]
  private let targets: [Int32]
  /// The positions of the source and of the target with which each part begins, and what the target still
  /// takes there; at the end, the last positions.
  private let starts: [(source: Int, target: Int, left: Int128)]

  /// A fixed number, so that sums over the parts do not depend on the number of threads.
  private static let count = 8

  init(_ problem: TransportProblem, _ sources: [Int32], _ targets: [Int32]) {
    let supplies = IntegerMasses(problem.source).values
    let demands = IntegerMasses(problem.target).values
    var starts: [(source: Int, target: Int, left: Int128)] = []
    var (target, supplied, demanded) = (0, Int128(0), Int128(0))
    for part in 0..<Self.count {
      let range = sources.count * part / Self.count..<sources.count * (part + 1) / Self.count
      var demand = demands[Int(targets[target])]
      while target + 1 < targets.count, demanded + demand <= supplied {
        demanded += demand
        target += 1
        demand = demands[Int(targets[target])]
      }
      starts.append((range.lowerBound, target, demanded + demand - supplied))
      for source in sources[range] { supplied += supplies[Int(source)] }
    }
    starts.append((sources.count, targets.count - 1, 0))
    (self.sources, self.targets, self.starts) = (sources, targets, starts)
    (self.supplies, self.demands) = (supplies, demands)
  }

  /// What is found in each part.
  func mapParts<Result: Sendable>(_ body: @Sendable (Part) -> Result) -> [Result] {
    let cost = 20 * Double(sources.count + targets.count) / Double(Self.count)
    return Parallel.map(count: Self.count, costPerItem: cost) { body(Part(self, $0)) }
  }

  /// One of the parts.
  struct Part {
    private let staircase: Staircase
    private let number: Int

    fileprivate init(_ staircase: Staircase, _ number: Int) {
      (self.staircase, self.number) = (staircase, number)
    }

    /// Calls `body` for each pair of points with the mass, more than 0, that is moved between them.
    func forEachPair(_ body: (_ source: Int, _ target: Int, _ moved: Int128) -> Void) {
      let (first, end) = (staircase.starts[number], staircase.starts[number + 1])
      let (sources, targets) = (staircase.sources, staircase.targets)
      NorthWestRule.forEachPair(
        end.source - first.source, end.target + 1 - first.target,
        supply: { staircase.supplies[Int(sources[first.source + $0])] },
        demand: { $0 == 0 ? first.left : staircase.demands[Int(targets[first.target + $0])] }
      ) { i, j, moved in
        guard moved > 0 else { return }
        body(Int(sources[first.source + i]), Int(targets[first.target + j]), moved)
      }
    }
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
