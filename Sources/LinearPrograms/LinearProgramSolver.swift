import OptimalTransport

/// Transport as a plain linear program, solved by GLPK: the reference for small problems.
///
/// The program has one column for each pair of points and one row for each point but one, the
/// target of largest mass, whose row follows from the others. It shares no step of the optimisation
/// with `NetworkSimplex`, and takes any cost and any masses.
///
/// The simplex method gives a basis. Its flows are computed anew in integers, so the marginals are
/// exact, and the bracket closes to rounding, or where some masses lie below GLPK's tolerance to
/// about 1e-12 of the largest cost. The interior-point method gives a plan that is optimal to about
/// 1e-8 of the largest cost. The bracket says how far it is.
public struct LinearProgramSolver: TransportSolver {
  /// GLPK's methods.
  public enum Method: String, CaseIterable, Sendable {
    /// The simplex method: exact.
    case simplex = "simplex"
    /// The primal-dual interior-point method: to about eight digits.
    case interiorPoint = "interior point"
  }

  /// The method.
  public let method: Method

  /// A solver that uses one of GLPK's methods.
  public init(method: Method = .simplex) {
    self.method = method
  }

  /// The largest number n·m of pairs that is taken; for as many GLPK's simplex
  /// method needs a few seconds, its interior-point method some twenty.
  public static let pairLimit = 1 << 18

  /// Whether this build has GLPK; where it has not, `solve` throws `SolverError.missingLibrary`.
  public static var isAvailable: Bool { LinearProgram.isSolvable }

  /// "linear program (simplex)" or "linear program (interior point)".
  public var name: String { "linear program (\(method.rawValue))" }

  /// Solves a problem.
  ///
  /// - Parameters:
  ///   - problem: what to solve.
  ///   - progress: is asked every few iterations of GLPK as well.
  /// - Throws: `SolverError.tooLarge` beyond `pairLimit`, `.missingLibrary` without GLPK, `.cancelled`,
  ///   `.notConverged` and `.library`.
  /// - Complexity: O(nm) memory; for the simplex method in practice some n + m pivots of O(nm).
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler?
  ) throws(SolverError) -> TransportSolution {
    try LinearProgram.checkLibrary(solver: name)
    guard problem.pairCount <= Self.pairLimit else {
      throw .tooLarge(
        solver: name,
        reason: "it has \(problem.pairCount) pairs of points, and this reference takes up to "
          + "\(Self.pairLimit); use the network simplex.")
    }
    let stopwatch = Stopwatch()
    let program = TransportProgram(problem)
    let solution = try SolverWatch.watching(progress, fallback: problem.quickBracket) {
      progress throws(SolverError) in
      try progress.report(.linearProgram(method: method.rawValue))
      return try program.program.solve(method.ofProgram, solver: name)
    }
    let plan = method == .simplex ? program.vertexPlan(solution) : program.interiorPlan(solution)
    let certificate = try Certificate(
      problem: problem, targetPotentials: program.targetPotentials(solution))
    return TransportSolution(
      problem: problem, method: name, ending: method == .simplex ? .optimal : .approximate,
      plan: plan, certificate: certificate,
      effort: SolverEffort(
        seconds: stopwatch.seconds,
        iterations: solution.iterations, arcs: problem.pairCount))
  }
}

extension LinearProgramSolver.Method {
  fileprivate var ofProgram: LinearProgram.Method {
    switch self {
    case .simplex: .simplex
    case .interiorPoint: .interiorPoint
    }
  }
}

/// A transport problem as a linear program, and the way back.
private struct TransportProgram {
  let problem: TransportProblem
  private(set) var program = LinearProgram()
  /// The target whose row is left out.
  private let leftOut: Int
  /// A mass a is a·2^massExponent in the program.
  private let massExponent: Int

  init(_ problem: TransportProblem) {
    self.problem = problem
    let (a, b) = (problem.source.masses, problem.target.masses)
    // The largest: what rounding makes of the other masses never leaves it a negative rest, so the
    // program is feasible exactly.
    leftOut = b.indices.max { b[$0] < b[$1] } ?? 0
    massExponent = -Int(max(a.reduce(0, max), b[leftOut]).exponent)
    for mass in a { addRow(mass) }
    for target in b.indices where target != leftOut { addRow(b[target]) }
    for i in a.indices {
      for j in b.indices {
        var entries = [(row: i, value: 1.0)]
        if let row = row(ofTarget: j) { entries.append((row, 1)) }
        program.addColumn(cost: problem.pairCosts.cost(i, j), entries: entries)
      }
    }
  }

  private mutating func addRow(_ mass: Double) {
    let scaled = mass.scaled(by: massExponent)
    program.addRow(scaled, scaled)
  }

  private func row(ofTarget target: Int) -> Int? {
    if target == leftOut { return nil }
    return problem.source.count + (target < leftOut ? target : target - 1)
  }

  /// The potentials at the targets: the dual values of their rows.
  func targetPotentials(_ solution: LinearProgram.Solution) -> [Double] {
    (0..<problem.target.count).map { row(ofTarget: $0).map { solution.rowDuals[$0] } ?? 0 }
  }

  /// The plan that a basis stands for.
  ///
  /// Basic columns are arcs of a forest. Where rows are basic too it has several trees, each with
  /// as much mass on one side as on the other; the arcs that join them carry nothing.
  func vertexPlan(_ solution: LinearProgram.Solution) -> TransportPlan {
    let (n, m) = (problem.source.count, problem.target.count)
    var arcs = BasisArcs(sourceCount: n, targetCount: m)
    for column in solution.isBasic.indices where solution.isBasic[column] {
      arcs.insert(column / m, column % m)
    }
    arcs.complete()
    let (basis, flows) = arcs.flows(
      supplies: IntegerMasses(problem.source).values,
      demands: IntegerMasses(problem.target).values)
    let plan = TransportPlan(basis: basis, flows: flows, problem: problem)
    // The plan has no entries for negative flows. Trees that balance only to the rounding of the
    // masses, or to the tolerance of GLPK, have some; those below a thousandth of a rounding of
    // the total mass are not missed.
    if flows.allSatisfy({ $0 > -0x1p-63 }) { return plan }
    return MarginalRepair.repaired(plan, source: problem.source, target: problem.target)
  }

  /// The plan of the interior-point method, its marginals made exact.
  func interiorPlan(_ solution: LinearProgram.Solution) -> TransportPlan {
    let m = problem.target.count
    // All that is dropped together stays a hundred times below the method's own tolerance.
    let least = 1e-10 / Double(problem.pairCount)
    let masses = solution.values.map { $0.scaled(by: -massExponent) }
    let kept = masses.indices.filter { masses[$0] > least }
    let approximate = TransportPlan(
      sources: kept.map { Int32($0 / m) }, targets: kept.map { Int32($0 % m) },
      masses: kept.map { masses[$0] })
    return MarginalRepair.repaired(
      approximate, source: problem.source, target: problem.target)
  }
}
