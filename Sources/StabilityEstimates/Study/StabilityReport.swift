import OptimalTransport

/// A theorem beside the truth: what was measured, the bounds, and every inequality judged.
public struct StabilityReport: Sendable {
  /// What was set beside the truth.
  public let theorem: any StabilityTheorem
  /// What was measured.
  public let trajectory: StabilityTrajectory
  private let judgement: StabilityJudgement

  /// One row for each sampled time.
  public var rows: [Row] { judgement.rows }
  /// The theorem's hypotheses, at the last time.
  public var hypotheses: [Hypothesis] { judgement.hypotheses }
  /// The constants that were used, with where they come from.
  public var constants: [Constant] { judgement.constants }
  /// When the bounds of Theorem 3.1 reach 1; `nil` for Theorem 2.1.
  public var escape: EscapeTimes? { judgement.escape }

  /// The bounds and inequalities at one sampled time.
  public struct Row: Sendable {
    /// What was measured.
    public let sample: StabilityTrajectory.Sample
    /// The theorem's bound of Q(t); `nil` where it says nothing, or more than the largest number.
    public let functionalBound: Double?
    /// The new bound of W_p; `nil` where the theorem says nothing.
    public let newBound: Double?
    /// The older bound of W_p, Dobrushin's or Loeper's; `nil` where it says nothing.
    public let olderBound: Double?
    /// C_eff(t); `nil` for Theorem 2.1, at the start, and where Q is not defined.
    public let effectiveGrowth: Double?
    /// Every inequality of the theorem and its proof that can be checked.
    public let inequalities: [Inequality]

    /// What a theorem says at one sampled time.
    public init(
      sample: StabilityTrajectory.Sample, functionalBound: Double?, newBound: Double?,
      olderBound: Double? = nil, effectiveGrowth: Double? = nil, inequalities: [Inequality]
    ) {
      self.sample = sample
      self.functionalBound = functionalBound
      self.newBound = newBound
      self.olderBound = olderBound
      self.effectiveGrowth = effectiveGrowth
      self.inequalities = inequalities
    }

    /// The smaller of the two bounds.
    public var smallerBound: Double? { [newBound, olderBound].compactMap(\.self).min() }
    /// The inequalities that do not hold though they should.
    public var violations: [Inequality] { inequalities.filter { $0.verdict == .violated } }
  }

  /// A hypothesis of a theorem.
  public struct Hypothesis: Sendable {
    /// What is asked for, such as "W₂(0) ≤ c₀ε".
    public let name: String
    /// The side that has to be the smaller one.
    public let smaller: Double
    /// The side that has to be the larger one.
    public let larger: Double

    /// A hypothesis of the form smaller ≤ larger.
    public init(name: String, smaller: Double, larger: Double) {
      self.name = name
      self.smaller = smaller
      self.larger = larger
    }

    /// Whether it is met.
    public var holds: Bool { smaller <= larger }
  }

  /// A constant of a theorem.
  public struct Constant: Sendable {
    /// Where a value comes from.
    public enum Origin: String, Sendable {
      /// It was given.
      case given
      /// It is the smallest with which the run agrees.
      case measured
      /// It is known.
      case known
    }
    /// Its symbol.
    public let name: String
    /// Its value; `nil` where it cannot be measured.
    public let value: Double?
    /// Where the value comes from.
    public let origin: Origin
    /// What it stands for.
    public let meaning: String

    /// A constant with its symbol, and where its value comes from.
    public init(name: String, value: Double?, origin: Origin, meaning: String) {
      self.name = name
      self.value = value
      self.origin = origin
      self.meaning = meaning
    }
  }

  /// When bounds of W₂ reach 1, in time since the start, beside the scales of the paper's introduction.
  public struct EscapeTimes: Sendable {
    /// For the bound of Theorem 3.1; infinite where it never does, `nil` where it says nothing.
    public let new: Double?
    /// Whether that lies behind the end of the run, where A is taken at its mean.
    public let isExtrapolated: Bool
    /// For Loeper's bound; infinite where it never does, `nil` where it says nothing.
    public let loeper: Double?
    /// |log θ|^{1/2} with θ = W₂(0).
    public let rootLogarithm: Double
    /// log|log θ|.
    public let iteratedLogarithm: Double
    /// The time up to which (3.4) holds, infinite where that is always; `nil` when it does not hold at
    /// the start.
    public let hypothesis: Double?
  }

  /// Every violated inequality with its time.
  public var violations: [(time: Double, inequality: Inequality)] {
    rows.flatMap { row in row.violations.map { (row.sample.moment.time, $0) } }
  }

  /// The names of the inequalities that cannot fail, since their constants were measured from the run.
  public var heldByConstruction: [String] {
    var names: [String] = []
    for inequality in rows.flatMap(\.inequalities)
    where inequality.holdsByConstruction && inequality.verdict == .holds
      && !names.contains(inequality.name)
    {
      names.append(inequality.name)
    }
    return names
  }

  /// The smallest factor by which an inequality holds or is missed, among those that the theorem
  /// claims and that could fail, after the start, where all of them are nearly equalities: below 1 but for rounding, one
  /// is violated.
  public var leastMargin: (time: Double, inequality: Inequality)? {
    rows.dropFirst().flatMap { row in
      row.inequalities.filter { $0.verdict != .noClaim && !$0.holdsByConstruction }.map {
        (row.sample.moment.time, $0)
      }
    }.min { $0.1.margin < $1.1.margin }
  }

  /// Sets a theorem beside what was measured.
  init(theorem: any StabilityTheorem, trajectory: StabilityTrajectory) {
    self.theorem = theorem
    self.trajectory = trajectory
    judgement = theorem.judge(trajectory)
  }
}
