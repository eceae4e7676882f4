import Dispatch

/// Exact transport on the circle for every p ≥ 1: the best cut, and then the line.
public struct CircleSolver: TransportSolver {
  /// A circle solver.
  public init() {}

  /// "circle".
  public var name: String { "circle" }

  /// Solves a problem whose cost depends on one periodic coordinate.
  ///
  /// - Throws: `SolverError.unsuitable` for any other problem.
  /// - Complexity: O((n + m) log(n + m)) and about 127 merges of the two sorted sequences.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    let start = DispatchTime.now().uptimeNanoseconds
    try progress.report("searching the best cut")
    return try OneDimensionalSolution(problem, periodic: true, solver: name).solve(
      method: name, seconds: { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }
    ) { sources, targets, cost, length in
      CircleCut(sources: sources, targets: targets, cost: cost, length: length).unrolled()
    }
  }
}

/// The search for the place where a circle may be cut without making transport dearer.
///
/// A monotone plan on the circle matches the source quantile s with the target quantile s + θ, both
/// continued beyond one turn; its cost is convex and piecewise linear in θ, with kinks only where
/// two quantile boundaries coincide. Masses are integers, so θ is found exactly by bisection with
/// the sign of the right derivative, and at the best θ two boundaries coincide (only two, since the
/// masses are generic, see `PerturbedMasses`): there the circle is cut. Source: J. Delon, J. Salomon, A. Sobolevskii, "Fast transport optimization for Monge costs
/// on the circle", SIAM J. Appl. Math. 70 (2010), doi:10.1137/090772708.
struct CircleCut {
  private let sources: SortedPoints
  private let targets: SortedPoints
  private let cost: ConvexCost
  private let length: Double
  /// The mass up to and including each point.
  private let sourceQuantiles: [Int128]
  private let targetQuantiles: [Int128]
  private let total: Int128

  init(sources: SortedPoints, targets: SortedPoints, cost: ConvexCost, length: Double) {
    self.sources = sources
    self.targets = targets
    self.cost = cost
    self.length = length
    sourceQuantiles = Self.cumulative(sources.masses)
    targetQuantiles = Self.cumulative(targets.masses)
    total = sourceQuantiles[sourceQuantiles.count - 1]
  }

  private static func cumulative(_ masses: [Int128]) -> [Int128] {
    var sum: Int128 = 0
    return masses.map {
      sum += $0
      return sum
    }
  }

  /// Both sequences from the cut on, unrolled onto a line.
  func unrolled() -> (sources: SortedPoints, targets: SortedPoints) {
    let shift = bestShift()
    let cut = coincidence(at: shift)
    return (
      sources.unrolled(from: cut.source, length: length, turns: 0),
      targets.unrolled(from: cut.target, length: length, turns: cut.turns)
    )
  }

  /// The least θ at which the cost does not fall any more.
  private func bestShift() -> Int128 {
    // No mass moves further than half a circle, so θ lies within one turn either way.
    var (low, high) = (-total, total)
    while low < high {
      let middle = low + (high - low) / 2
      if slope(at: middle) >= 0 { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The right derivative of the cost in θ: as θ grows, each boundary between a target and the next
  /// sweeps over the source just before it.
  private func slope(at shift: Int128) -> Double {
    var sum = CompensatedSum()
    var (source, turns) = locate(targetQuantiles[0] - shift)
    for target in 0..<targets.count {
      let quantile = targetQuantiles[target] - shift
      while sourceQuantiles[source] + Int128(turns) * total < quantile {
        source += 1
        if source == sources.count {
          source = 0
          turns += 1
        }
      }
      let x = sources.coordinates[source] + Double(turns) * length
      let next =
        target + 1 < targets.count
        ? targets.coordinates[target + 1] : targets.coordinates[0] + length
      sum.add(cost(x - next))
      sum.add(-cost(x - targets.coordinates[target]))
    }
    return sum.value
  }

  /// The source in whose quantile interval (F_{i−1}, F_i] a quantile lies, and on which turn.
  private func locate(_ quantile: Int128) -> (source: Int, turns: Int) {
    var turns = quantile / total
    var rest = quantile - turns * total
    if rest <= 0 {
      rest += total
      turns -= 1
    }
    var (low, high) = (0, sources.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sourceQuantiles[middle] >= rest { high = middle } else { low = middle + 1 }
    }
    return (low, Int(turns))
  }

  /// The first source and target after a pair of coinciding boundaries, and by how many turns the
  /// target is further than the source.
  ///
  /// Where no boundaries coincide (the cost is flat to rounding) the cut is made at the boundary of
  /// the first target; the bracket shows what that costs.
  private func coincidence(at shift: Int128) -> (source: Int, target: Int, turns: Int) {
    var fallback = (source: 0, target: 0, turns: 0)
    for target in 0..<targets.count {
      let quantile = targetQuantiles[target] - shift
      let (source, turns) = locate(quantile)
      let next = (
        source: (source + 1) % sources.count, target: (target + 1) % targets.count,
        // The sequences start one turn later when the cut is after the last point.
        turns: (target + 1 == targets.count ? 1 : 0) - (source + 1 == sources.count ? 1 : 0)
          - turns
      )
      if sourceQuantiles[source] + Int128(turns) * total == quantile { return next }
      if target == 0 { fallback = next }
    }
    return fallback
  }
}
