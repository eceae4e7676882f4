import CharacteristicFlows

/// Theorem 2.1: W₁ between two solutions of a Vlasov equation whose kernel K has ‖D²K‖_∞ = B, beside
/// Dobrushin's estimate.
///
/// Source: M. Iacobelli, "A new perspective on Wasserstein distances for kinetic problems" (2022).
public struct VlasovTheorem: StabilityTheorem {
  /// Its bounds.
  public let bounds: VlasovStabilityBounds

  /// The theorem for a kernel.
  ///
  /// - Parameter curvature: B, in units of 1/time².
  /// - Throws: `StabilityError.badParameter`.
  public init(curvature: Double) throws(StabilityError) {
    bounds = try VlasovStabilityBounds(curvature: curvature)
  }

  /// "2.1".
  public var number: String { "2.1" }
  /// 1.
  public var exponent: Double { 1 }

  /// ∫|(X₁−tV₁)−(X₂−tV₂)| + |V₁−V₂| dπ.
  public func functional(
    of flow: CoupledFlow, elapsed: Double
  ) throws(StabilityError) -> Double? {
    flow.freeFlowFunctional(elapsed: elapsed)
  }

  /// The growth of Q, the new bound and Dobrushin's.
  public func judge(_ trajectory: StabilityTrajectory) -> StabilityJudgement {
    StabilityJudgement(
      rows: trajectory.samples.map { row(of: $0, in: trajectory) },
      hypotheses: [
        .init(name: "‖D²K‖ = B is finite", smaller: bounds.curvature, larger: .infinity)
      ],
      constants: [
        .init(name: "B", value: bounds.curvature, origin: .given, meaning: "‖D²K‖_∞"),
        .init(
          name: "T_B", value: bounds.crossover, origin: .known,
          meaning: "up to this time the new bound is the smaller one (none for B ≥ ¼)"),
      ])
  }

  private func row(
    of sample: StabilityTrajectory.Sample, in trajectory: StabilityTrajectory
  ) -> StabilityReport.Row {
    let moment = sample.moment
    let (t, rounding) = (moment.elapsed, moment.rounding)
    let start = trajectory.initialUpper
    let functional = moment.functional ?? .nan
    let functionalBound = Self.finite(
      bounds.functional(at: t) * (trajectory.moments[0].functional ?? .nan))
    let new = Self.finite(bounds.freeFlow(at: t) * start)
    let older = Self.finite(bounds.dobrushin(at: t) * start)
    let lower = sample.bracket.lower
    var inequalities = [
      Inequality("W₁ ≤ carried plan", lower, moment.carriedDistance, rounding: rounding),
      Inequality(
        "carried plan ≤ (1+t)·Q", moment.carriedDistance, (1 + t) * functional,
        rounding: rounding * (1 + t)),
    ]
    for case (let name, let smaller, let larger?) in [
      ("Q ≤ Q(0)·exp(⅔B((1+t)³−1))", functional, functionalBound), ("W₁ ≤ new bound", lower, new),
      ("W₁ ≤ Dobrushin's bound", lower, older),
    ] {
      inequalities.append(Inequality(name, smaller, larger, rounding: rounding))
    }
    return StabilityReport.Row(
      sample: sample, functionalBound: functionalBound, newBound: new, olderBound: older,
      effectiveGrowth: nil, inequalities: inequalities)
  }

  /// A bound that is too large for a number says nothing.
  private static func finite(_ bound: Double) -> Double? { bound.isFinite ? bound : nil }
}

extension StabilityTheorem where Self == VlasovTheorem {
  /// Theorem 2.1 for a bound B = ‖D²K‖_∞.
  ///
  /// - Throws: `StabilityError.badParameter`.
  public static func vlasov(curvature: Double) throws(StabilityError) -> VlasovTheorem {
    try VlasovTheorem(curvature: curvature)
  }
}
