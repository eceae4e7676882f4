import CharacteristicFlows

/// A theorem about how far apart two solutions are, to be set beside the truth by a `StabilityStudy`.
///
/// A theorem says what is to be measured along the flows, and judges what was measured.
public protocol StabilityTheorem: Sendable {
  /// The number in the paper, such as "2.1".
  var number: String { get }
  /// The p of its W_p.
  var exponent: Double { get }

  /// Finds out whether the theorem is stated for the box and the fields of two flows.
  ///
  /// - Throws: `StabilityError`.
  func validate(for flow: CoupledFlow) throws(StabilityError)

  /// Q(t) of the theorem.
  ///
  /// - Parameters:
  ///   - flow: both solutions and the plan between them.
  ///   - elapsed: the time since the start.
  /// - Returns: `nil` where its equation has no root.
  /// - Throws: `StabilityError`.
  func functional(of flow: CoupledFlow, elapsed: Double) throws(StabilityError) -> Double?

  /// The cells on each axis of the histograms by which densities are measured; `nil`, the default, where the
  /// theorem has no use for densities.
  func densityCells(for flow: CoupledFlow) -> [Int]?

  /// Sets the theorem's bounds, hypotheses and constants beside what was measured.
  func judge(_ trajectory: StabilityTrajectory) -> StabilityJudgement
}

extension StabilityTheorem {
  /// It is stated for all.
  public func validate(for flow: CoupledFlow) throws(StabilityError) {}
  /// Densities do not matter.
  public func densityCells(for flow: CoupledFlow) -> [Int]? { nil }
}

/// What a theorem says of a run.
public struct StabilityJudgement: Sendable {
  /// One row for each sampled time.
  public let rows: [StabilityReport.Row]
  /// The theorem's hypotheses, at the last time.
  public let hypotheses: [StabilityReport.Hypothesis]
  /// The constants that were used, with where they come from.
  public let constants: [StabilityReport.Constant]
  /// When the bounds reach 1; `nil` where the theorem does not tell.
  public let escape: StabilityReport.EscapeTimes?

  /// What a theorem of one's own says.
  public init(
    rows: [StabilityReport.Row], hypotheses: [StabilityReport.Hypothesis],
    constants: [StabilityReport.Constant], escape: StabilityReport.EscapeTimes? = nil
  ) {
    self.rows = rows
    self.hypotheses = hypotheses
    self.constants = constants
    self.escape = escape
  }
}
