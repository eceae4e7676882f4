/// What a solver is doing; the description says it in a few words.
public enum SolverStage: Sendable, Hashable, CustomStringConvertible {
  /// Nothing has been done yet.
  case starting
  /// Points of one dimension are sorted.
  case sorting
  /// Sorted masses are moved in their order.
  case mergingQuantiles
  /// The place where a circle is cut best is looked for.
  case searchingCut
  /// The network simplex pivots; with the pivots so far.
  case pivoting(SimplexPhase, pivots: Int)
  /// A level of coarser points is solved, with the relative width of the bracket that its plan and
  /// potentials prove for the points themselves.
  case levelEnded(Int, of: Int, relativeWidth: Double)
  /// The network simplex looks for improving pairs among all.
  case searchingPairs(round: Int)
  /// A round of the network simplex is over, with the pivots so far, the improving pairs that were found
  /// and the relative width of the bracket.
  case roundEnded(Int, pivots: Int, improvingPairs: Int, relativeWidth: Double)
  /// GLPK solves a linear program by the method of this name.
  case linearProgram(method: String)
  /// Sinkhorn's iteration, with the marginal error and what is proved of the cost.
  case iterating(Int, error: Double, cost: ProvedBounds?)
  /// Sinkhorn's iteration for a measure and itself.
  case iteratingWithItself(error: Double)
  /// Sinkhorn's iteration with relaxed marginals, and by how much they change.
  case iteratingRelaxed(Int, change: Double)
  /// The bracket of the unregularised cost is proved.
  case provingBracket(ProofOccasion)
  /// Its lower end is.
  case boundingFromBelow
  /// The bracket has been proved.
  case bracketProved
  /// A plan is given the marginals of the problem.
  case roundingPlan
  /// Potentials are made feasible.
  case certifying
  /// A solution is verified.
  case verifying
  /// Something is followed in time, up to now to this time.
  case following(String, time: Double)

  /// What the network simplex works at.
  public enum SimplexPhase: Sendable, Hashable {
    /// A level of coarser points, counted from 1.
    case level(Int, of: Int)
    /// The points themselves, with a cost that is made strictly convex.
    case regularizedCost
    /// A round between two searches of all pairs.
    case round(Int)
  }

  /// When a bracket is proved.
  public enum ProofOccasion: Sendable, Hashable {
    /// At the end.
    case end
    /// At the end for one of several regularisations.
    case regularization(Double)
    /// Amid the iterations, after so many of them.
    case iteration(Int)
  }

  /// The stage in a few words.
  public var description: String {
    switch self {
    case .starting: "starting"
    case .sorting: "sorting"
    case .mergingQuantiles: "merging quantiles"
    case .searchingCut: "searching the best cut"
    case .pivoting(.level(let level, let count), let pivots):
      "level \(level) of \(count), \(pivots) pivots"
    case .pivoting(.regularizedCost, let pivots): "regularized cost, \(pivots) pivots"
    case .levelEnded(let level, let count, let width):
      "level \(level) of \(count), bracket \(Float(width)) wide"
    case .pivoting(.round(let round), let pivots): "round \(round), \(pivots) pivots"
    case .searchingPairs(let round): "searching all pairs, round \(round)"
    case .roundEnded(let round, let pivots, let pairs, let width):
      "round \(round), \(pivots) pivots, \(pairs) improving pairs, bracket \(Float(width)) wide"
    case .linearProgram(let method): "\(method) method of GLPK"
    case .iterating(let iteration, let error, let cost):
      "Sinkhorn iteration \(iteration), error \(error.twoDigits)"
        + (cost.map { ", cost in [\($0.lower.twoDigits), \($0.upper.twoDigits)]" } ?? "")
    case .iteratingWithItself(let error):
      "Sinkhorn self-transport, marginal error \(error.twoDigits)"
    case .iteratingRelaxed(let iteration, let change):
      "unbalanced Sinkhorn iteration \(iteration), change \(change.twoDigits)"
    case .provingBracket(.end): "proving the bracket"
    case .provingBracket(.regularization(let value)):
      "proving the bracket at regularization \(value.twoDigits)"
    case .provingBracket(.iteration(let iteration)):
      "Sinkhorn iteration \(iteration), proving a bracket"
    case .boundingFromBelow: "bounding the least cost from below"
    case .bracketProved: "bracket proved"
    case .roundingPlan: "rounding the plan"
    case .certifying: "certifying"
    case .verifying: "verifying"
    case .following(let what, let time): "following \(what), time \(time)"
    }
  }
}
