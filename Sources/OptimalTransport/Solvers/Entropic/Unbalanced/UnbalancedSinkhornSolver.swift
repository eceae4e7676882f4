/// Entropic transport between measures whose masses need not agree: minimises over all plans π ≥ 0
/// ⟨π, c⟩ + ε KL(π | α⊗β) + D(π1 | α) + D(πᵀ1 | β).
///
/// Here α and β are the measures with the masses that they were given (`rawMass` times `masses`), and
/// D is the relaxation. The same iteration as Sinkhorn's: a half-step takes the soft transform and
/// then the proximal map of the relaxation. Source: L. Chizat, G. Peyré, B. Schmitzer and F.-X.
/// Vialard, "Scaling algorithms for unbalanced optimal transport problems" (2018), arXiv:1607.05816.
///
/// ```swift
/// let solver = UnbalancedSinkhornSolver(
///   regularization: 0.01, relaxation: .kullbackLeibler(strength: 0.5))
/// let solution = try solver.solve(problem)
/// print(solution.movedMass, solution.relaxedCost)
/// ```
public struct UnbalancedSinkhornSolver: Sendable {
  /// ε.
  public var regularization: Regularization
  /// The cost of marginals that differ from the measures.
  public var relaxation: MarginalRelaxation
  /// The iteration stops when another half-step on either side would change the plan's marginals,
  /// added up over both, by at most this part of √(mass of α · mass of β).
  public var tolerance: Double
  /// The most iterations, all regularisation levels counted.
  public var maximumIterations: Int
  /// The processes that share the sums over all pairs; see `SinkhornSolver.group`.
  public var group: any ProcessGroup

  /// A solver.
  public init(
    regularization: Regularization, relaxation: MarginalRelaxation, tolerance: Double = 1e-6,
    maximumIterations: Int = 10_000, group: any ProcessGroup = SingleProcess()
  ) {
    self.regularization = regularization
    self.relaxation = relaxation
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.group = group
  }

  /// A solver with a regularisation in the unit of the problem's ground cost.
  public init(
    regularization: Double, relaxation: MarginalRelaxation, tolerance: Double = 1e-6,
    maximumIterations: Int = 10_000, group: any ProcessGroup = SingleProcess()
  ) {
    self.init(
      regularization: .absolute(regularization), relaxation: relaxation, tolerance: tolerance,
      maximumIterations: maximumIterations, group: group)
  }

  /// "unbalanced sinkhorn".
  public var name: String { Self.name }

  static let name = "unbalanced sinkhorn"

  /// Solves the unbalanced problem.
  ///
  /// - Throws: `SolverError`: `badOption`, `notConverged`, `cancelled`.
  /// - Complexity: O(nm) time for each iteration, O(n + m) memory.
  public func solve(
    _ problem: TransportProblem, progress: ProgressHandler? = nil
  ) throws(SolverError) -> UnbalancedSolution {
    let stopwatch = Stopwatch()
    let goal = try SinkhornGoal(
      solver: name, regularization: regularization, tolerance: tolerance,
      toleranceName: "tolerance", maximumIterations: maximumIterations, problem: problem)
    let condition = RelaxedMarginals(
      problem: problem, relaxation: relaxation, strength: try strength(problem))
    let trivial = RelaxedBracket(of: problem, relaxation: relaxation).trivial
    let loops = SharedLoops(group: group)
    return try SolverWatch.watching(progress, isShared: loops.isShared, fallback: { trivial }) {
      progress throws(SolverError) in
      if loops.isShared {
        try loops.check([
          goal.regularization.value, goal.tolerance, Double(goal.maximumIterations),
          condition.strength, problem.source.rawMass, problem.target.rawMass,
        ])
      }
      var run = SinkhornRun(
        try SinkhornIteration(problem: problem, loops), to: goal, condition,
        journal: SinkhornJournal(progress: progress, loops))
      do throws(SolverError) {
        return try UnbalancedSolution(
          problem: problem, regularization: goal.regularization, relaxation: relaxation,
          point: try run.fixedPoint(), stopwatch)
      } catch {
        throw run.completed(error)
      }
    }
  }

  /// The strength in the problem's own unit, or the mass that is to be moved.
  private func strength(_ problem: TransportProblem) throws(SolverError) -> Double {
    switch relaxation {
    case .kullbackLeibler(let strength), .totalVariation(let strength):
      let own = problem.pairCosts.unit.own(strength)
      guard own > 1e-200, own.isFinite else {
        throw .badOption(
          name: "relaxation strength", value: "\(strength)",
          requirement: "positive and finite, and not vanishing beside the largest cost")
      }
      return own
    case .movedMass(let mass):
      let most = min(problem.source.rawMass, problem.target.rawMass)
      guard mass > 0, mass <= most else {
        throw .badOption(
          name: "moved mass", value: "\(mass)",
          requirement: "positive and at most \(most), the smaller of the two masses")
      }
      return mass
    }
  }
}

extension SinkhornRun<RelaxedMarginals> {
  /// Iterates down the regularisations until no half-step would change the plan any more.
  fileprivate mutating func fixedPoint() throws(SolverError) -> UnbalancedFixedPoint {
    let levels = RegularizationSchedule(target: goal.regularization).levels
    let levelTolerance = max(goal.tolerance, RegularizationSchedule.levelTolerance)
    for level in levels.dropLast() {
      set(level, tolerance: levelTolerance)
      try descend(to: levelTolerance)
    }
    set(goal.regularization, tolerance: goal.tolerance)
    let settled = try descend(to: goal.tolerance)
    return try condition.fixedPoint(
      iteration, kernel, settled, iterations: journal.iterations)
  }
}
