import OptimalTransport

/// The bounded-Lipschitz or flat distance of two measures of mass 1: the largest ∫ψ d(μ − ν) over
/// all functions ψ with |ψ| ≤ 1 that are 1-Lipschitz for a ground distance d.
///
/// Both bounds hold at once, max(‖ψ‖∞, Lip ψ) ≤ 1. Dudley's norm asks for ‖ψ‖∞ + Lip ψ ≤ 1 instead
/// and gives another number, between half of this one and this one.
///
/// d is a block cost whose exponents are all 1, so the split or the joint distance with p = 1, with
/// any weights, on lines and circles. It is in the unit of the coordinates, and the bound 1 of ψ
/// ties the result to that unit: nearby measures are as far apart as for W₁, and none are farther
/// apart than 2.
///
/// **As a linear program.** It is enough to ask for f_i − g_j ≤ d(x_i, y_j) between points of
/// different measures, f ≤ 1 and g ≥ −1: from such numbers ψ(z) = min(1, min_j g_j + d(z, y_j)) is
/// 1-Lipschitz, |ψ| ≤ 1, ψ(x_i) ≥ f_i and ψ(y_j) ≤ g_j, so ∫ψ d(μ − ν) is at least Σ a f − Σ b g.
/// GLPK solves the dual program, transport in which mass may be discarded on either side at cost 1:
/// minimise Σ d_ij π_ij + Σ (a_i − Σ_j π_ij) + Σ (b_j − Σ_i π_ij) over plans that carry at most
/// the masses; pairs with d ≥ 2 have no column.
///
/// **As transport.** For measures of equal mass it is W₁ for the truncated distance min(d, 2): a
/// constant added to ψ changes nothing, so |ψ| ≤ 1 asks for no more than |ψ(x) − ψ(y)| ≤ 2 for all
/// x and y, and ψ is then 1-Lipschitz for min(d, 2), which is a distance too; apply the
/// Kantorovich–Rubinstein theorem.
///
/// **The proof of the bracket.** Any 1-Lipschitz |ψ| ≤ 1 gives a lower bound. And for any such ψ and
/// any π ≥ 0, ∫ψ d(μ − ν) = Σ π_ij (ψ(x_i) − ψ(y_j)) + Σ (a_i − Σ_j π_ij) ψ(x_i)
/// − Σ (b_j − Σ_i π_ij) ψ(y_j) ≤ Σ π_ij d_ij + Σ |a_i − Σ_j π_ij| + Σ |b_j − Σ_i π_ij|. Both are
/// evaluated over all pairs with a bound of every rounding error.
///
/// Source: R. L. Dobrushin, "Vlasov equations", Funct. Anal. Appl. 13 (1979),
/// doi:10.1007/BF01077243.
public struct BoundedLipschitzDistance: Sendable {
  /// The measures, the domain and the ground distance.
  public let problem: TransportProblem
  /// The distance: ∫ψ d(μ − ν) for the witness ψ, kept within `distanceBounds`.
  public let value: Double
  /// The proved bracket of the distance.
  public let distanceBounds: ProvedBounds
  /// ψ at the source points.
  public let witnessAtSource: [Double]
  /// ψ at the target points; together with the source points one 1-Lipschitz function to rounding,
  /// the same at the same place, with values in [−1, 1].
  public let witnessAtTarget: [Double]
  /// What solving took.
  public let effort: SolverEffort

  private static let method = "bounded-Lipschitz"

  /// Computes the distance of the two measures of a problem, exactly.
  ///
  /// - Parameters:
  ///   - problem: its cost is the ground distance: blocks of exponent 1, and the problem's own
  ///     exponent 1.
  ///   - progress: is asked every few iterations of GLPK as well.
  /// - Throws: `SolverError.unsuitable` for other costs, `.tooLarge` beyond
  ///   `LinearProgramSolver.pairLimit` pairs, `.missingLibrary` without GLPK, `.cancelled`,
  ///   `.notConverged` and `.library`.
  /// - Complexity: O(nm) memory; in practice some n + m pivots of O(nm).
  public init(
    of problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) {
    try LinearProgram.checkLibrary(solver: Self.method)
    try Self.check(problem)
    let stopwatch = Stopwatch()
    let program = DiscardingTransport(problem)
    // What moves all mass discards none.
    let solution = try SolverWatch.watching(
      progress,
      fallback: {
        problem.quickBracket().map {
          PartialBracket(
            costBounds: ProvedBounds(lower: 0, upper: $0.costBounds.upper), origin: $0.origin)
        }
      }
    ) { progress throws(SolverError) in
      try progress.report(.linearProgram(method: "simplex"))
      return try program.program.solve(.simplex, solver: Self.method)
    }
    let bracket = program.bracket(solution)
    let exponent = program.unitExponent
    self.problem = problem
    value = bracket.value.scaled(by: exponent)
    distanceBounds = ProvedBounds(lower: bracket.lower, upper: bracket.upper).scaled(by: exponent)
    witnessAtSource = bracket.witness.source.map { $0.scaled(by: exponent) }
    witnessAtTarget = bracket.witness.target.map { $0.scaled(by: exponent) }
    effort = SolverEffort(
      seconds: stopwatch.seconds,
      iterations: solution.iterations, arcs: program.pairs.count)
  }

  private static func check(_ problem: TransportProblem) throws(SolverError) {
    guard case .blocks(let blocks) = problem.cost else {
      throw .unsuitable(
        solver: method,
        reason: "it needs a ground distance, which a block cost is and a matrix or a function "
          + "need not be.")
    }
    if let index = blocks.firstIndex(where: { $0.exponent != 1 && $0.weight > 0 }) {
      throw .unsuitable(
        solver: method,
        reason: "block \(index + 1) of the cost has exponent \(blocks[index].exponent); a ground "
          + "distance needs exponent 1.")
    }
    guard problem.exponent == 1 else {
      throw .unsuitable(
        solver: method,
        reason: "the exponent p of the problem is \(problem.exponent); it must be 1.")
    }
    guard problem.pairCount <= LinearProgramSolver.pairLimit else {
      throw .tooLarge(
        solver: method,
        reason: "it has \(problem.pairCount) pairs of points; up to "
          + "\(LinearProgramSolver.pairLimit) are taken. The network simplex with the cost "
          + "min(d, 2) gives the same number.")
    }
  }
}

/// Transport in which mass may be discarded on either side, as a linear program.
private struct DiscardingTransport {
  let problem: TransportProblem
  private(set) var program = LinearProgram()
  /// The pairs that have a column, in the order of the columns.
  private(set) var pairs: [(source: Int, target: Int)] = []
  /// A distance d is d·2^−unitExponent here.
  let unitExponent: Int
  /// The bound of |ψ|, in the same unit, and what discarding costs.
  ///
  /// With D the largest distance between the measures, any two points are at most 2D apart, so some
  /// constant makes |ψ| ≤ D; the bound is never below min(1, D), hence never felt beyond what
  /// |ψ| ≤ 1 demands, and close measures are not drowned by a discarding cost of 1.
  private let bound: Double

  init(_ problem: TransportProblem) {
    self.problem = problem
    // All distances are at most 2^pairCosts.unitExponent; those from 2 on have no column.
    unitExponent = min(problem.pairCosts.unitExponent, 1)
    bound = unitExponent == 1 ? 0.5 : 1
    for mass in problem.source.masses + problem.target.masses { program.addRow(mass, mass) }
    let n = problem.source.count
    for i in 0..<n {
      for j in 0..<problem.target.count where distance(i, j) < 2 * bound {
        pairs.append((i, j))
        program.addColumn(cost: distance(i, j), entries: [(i, 1), (n + j, 1)])
      }
    }
    for row in 0..<program.rowCount { program.addColumn(cost: bound, entries: [(row, 1)]) }
  }

  private func distance(_ source: Int, _ target: Int) -> Double {
    let costs = problem.pairCosts
    return costs.cost(source, target).scaled(by: costs.unitExponent - unitExponent)
  }

  /// What a solution of the program proves, in its unit.
  func bracket(_ solution: LinearProgram.Solution) -> FlatBracket {
    FlatBracket(
      problem, unit: unitExponent, bound: bound,
      potentials: problem.target.masses.indices.map {
        -solution.rowDuals[problem.source.count + $0]
      },
      flows: zip(pairs, solution.values).filter { $0.1 > 0 }.map { pair, flow in
        (source: pair.source, target: pair.target, mass: flow)
      })
  }
}
