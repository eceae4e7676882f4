/// What is wanted of the bracket [lower, upper] of a distance W, and with that when a solver may stop.
///
/// ```swift
/// NetworkSimplex(goal: .exact)  // an optimal plan
/// NetworkSimplex(goal: BracketGoal(relativeWidth: 0.01))  // W to 1 %
/// NetworkSimplex(goal: BracketGoal(deciding: 0.5))  // only whether W exceeds 0.5
/// ```
public struct BracketGoal: Sendable, Hashable {
  /// The wanted (upper − lower)/upper, from 0, an optimal plan, to 1, any width.
  public let relativeWidth: Double
  /// A number of which it must be known whether W exceeds it; `nil` for none.
  public let threshold: Double?

  /// A goal.
  ///
  /// - Parameters:
  ///   - relativeWidth: the wanted width of the bracket over its upper end.
  ///   - threshold: where given, the bracket must also lie on one side of it: upper ≤ threshold or
  ///     lower > threshold. What exactly equals it can remain open.
  public init(relativeWidth: Double = 0, threshold: Double? = nil) {
    self.relativeWidth = relativeWidth
    self.threshold = threshold
  }

  /// Only to know whether W exceeds a number.
  public init(deciding threshold: Double) { self.init(relativeWidth: 1, threshold: threshold) }

  /// An optimal plan.
  public static let exact = BracketGoal()

  /// Whether nothing but an optimal plan will do.
  public var isExact: Bool { relativeWidth == 0 }

  /// Whether a bracket of W is all that is wanted. An exact goal never is met by a bracket.
  public func isMet(by bounds: ProvedBounds) -> Bool {
    guard !isExact, bounds.relativeWidth <= relativeWidth else { return false }
    guard let threshold else { return true }
    return GateVerdict(of: bounds, threshold: threshold) != .undecided
  }

  /// How a solver ended that stopped at this goal.
  var ending: SolutionEnding {
    guard let threshold else { return .withinTolerance(relativeWidth) }
    return relativeWidth < 1
      ? .withinToleranceAndDecided(relativeWidth, threshold: threshold)
      : .decided(threshold: threshold)
  }

  /// - Throws: `SolverError.badOption` for a goal that makes no sense.
  func check() throws(SolverError) {
    guard relativeWidth >= 0, relativeWidth <= 1, relativeWidth < 1 || threshold != nil else {
      throw .badOption(
        name: "tolerance", value: "\(relativeWidth)", requirement: "a number from 0 to below 1")
    }
    if let threshold, !(threshold >= 0) {
      throw .badOption(
        name: "threshold", value: "\(threshold)", requirement: "a number of at least 0")
    }
  }
}
