/// A solved transport problem: a plan, potentials, and the bracket around the cost that they prove.
///
/// Costs and potentials are in the unit of the problem's ground cost (W^p); `distance` and
/// `distanceBounds` are W.
public struct TransportSolution: Sendable {
  /// The problem that was solved.
  public let problem: TransportProblem
  /// The name of the solver.
  public let method: String
  /// Where the solver stopped, and with that how good the plan is.
  public let ending: SolutionEnding
  /// Why this solver was taken, in a phrase, as `AutomaticSolver` says it; `nil` where the caller chose.
  public internal(set) var choice: String?
  /// A coupling of the two measures; its marginals are their masses to rounding.
  public let plan: TransportPlan
  /// Potentials that are feasible over all pairs to rounding.
  public let potentials: Potentials
  /// The cost of the plan, ∫c dπ (W^p for an exact solver).
  public let cost: Double
  /// The proved bracket of the least cost.
  public let costBounds: ProvedBounds
  /// What solving took.
  public let effort: SolverEffort
  /// The spanning tree of an exact solution, from which a changed problem can be solved faster.
  package let basis: SpanningBasis?

  /// W, the cost to the power 1/p.
  public var distance: Double { cost.root(problem.exponent) }

  /// The proved bracket of W.
  public var distanceBounds: ProvedBounds { costBounds.root(problem.exponent) }
}

/// What solving a problem took.
public struct SolverEffort: Sendable, Hashable {
  /// Wall-clock seconds, the certificate included.
  public var seconds: Double
  /// Pivots, sweeps or iterations, as the method counts them.
  public var iterations: Int
  /// The arcs that were stored.
  public var arcs: Int

  /// An account.
  public init(seconds: Double = 0, iterations: Int = 0, arcs: Int = 0) {
    self.seconds = seconds
    self.iterations = iterations
    self.arcs = arcs
  }
}

/// The arcs of a spanning tree of the bipartite graph of points: n + m − 1 pairs.
package struct SpanningBasis: Sendable {
  package let sources: [Int32]
  package let targets: [Int32]
  /// Arcs that nearly were in the basis; a solver that starts from it looks at them first.
  let candidates: Candidates

  /// Pairs of points.
  struct Candidates: Sendable {
    var sources: [Int32] = []
    var targets: [Int32] = []
  }

  package init(sources: [Int32], targets: [Int32]) {
    self.init(sources: sources, targets: targets, candidates: Candidates())
  }

  init(sources: [Int32], targets: [Int32], candidates: Candidates) {
    self.sources = sources
    self.targets = targets
    self.candidates = candidates
  }
}
