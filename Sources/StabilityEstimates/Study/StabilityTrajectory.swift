import CharacteristicFlows
import OptimalTransport

/// What was measured along two flows and the plan between them.
public struct StabilityTrajectory: Sendable {
  /// What costs little and is measured often.
  public struct Moment: Sendable {
    /// The physical time of both flows.
    public let time: Double
    /// The time since the start.
    public let elapsed: Double
    /// The cost of the carried plan to the power 1/p, an upper bound of W_p.
    public let carriedDistance: Double
    /// Q(t) of the theorem; `nil` where its equation has no root.
    public let functional: Double?
    /// A(t) = ‖ρ₁‖_∞ + ‖ρ₂‖_∞; `nil` where the theorem has no use for it.
    public let density: Double?
    /// ∫₀ᵗA by the trapezoidal rule over the moments; 0 without A.
    public let densityIntegral: Double
    /// Rounding errors of distances are below this.
    public let rounding: Double
  }

  /// What is measured at the sampled times.
  public struct Sample: Sendable {
    /// What is measured at every moment.
    public let moment: Moment
    /// The true W_p.
    public let distance: Double
    /// The proved bracket of the true W_p.
    public let bracket: ProvedBounds
    /// Lemma 3.6; `nil` but for Theorem 3.1.
    public let fields: FieldComparison?
  }

  /// Every moment, the sampled times among them.
  public let moments: [Moment]
  /// What was measured at the sampled times, the start first.
  public let samples: [Sample]
  /// The cells of the histograms, for Theorem 3.1.
  public let cells: [Int]?
  /// The sum of the errors in W_p that a step control estimated between the moments, for both flows;
  /// how far the flow itself has spread them since is not in it. `nil` without step control.
  public let stepError: Double?
  /// The two flows at the last time.
  public let end: CoupledFlow

  /// W_p at the start.
  public var initialDistance: Double { samples[0].distance }

  /// The proved upper bound of W_p at the start. A distance of 0 is proved by its plan as it stands,
  /// without a rounding on top.
  public var initialUpper: Double { initialDistance == 0 ? 0 : samples[0].bracket.upper }

  /// The time since the start at which ∫A has a value: between moments by interpolation, behind the
  /// last one with the mean of A; `nil` when ∫A does not grow.
  public func elapsed(atIntegral value: Double) -> (time: Double, isExtrapolated: Bool)? {
    guard let last = moments.last, last.densityIntegral > 0 else { return nil }
    for (before, after) in zip(moments, moments.dropFirst()) where after.densityIntegral >= value {
      let part =
        (value - before.densityIntegral) / (after.densityIntegral - before.densityIntegral)
      return (before.elapsed + part * (after.elapsed - before.elapsed), false)
    }
    return (value * last.elapsed / last.densityIntegral, true)
  }
}
