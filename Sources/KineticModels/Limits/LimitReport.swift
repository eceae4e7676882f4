import OptimalTransport

/// What became of one mean free path beside the limit.
public struct LimitReport: Sendable, Codable {
  /// A distance W_p of clouds with its proved bracket.
  public struct CloudDistance: Sendable, Hashable, Codable {
    /// W_p of the clouds, exact.
    public let value: Double
    /// Its bracket.
    public let bounds: ProvedBounds
  }

  /// One sampled time.
  public struct Row: Sendable, Codable {
    /// The physical time.
    public let time: Double
    /// W₁ of f to R⊗M, as clouds.
    public let first: CloudDistance
    /// W₂ of f to R⊗M, as clouds.
    public let second: CloudDistance
    /// A lower bound of W₂ of f to R⊗M for the densities themselves, by a potential; `nil` for swarms.
    public let secondLower: Double?
    /// W₁ of the densities, from their distribution functions.
    public let densityFirst: Double
    /// W₂ of the densities, from their quantile functions.
    public let densitySecond: Double
    /// ‖f − R⊗M‖ in L²(M⁻¹).
    public let norm: Double
    /// ε times the leading constant, what W₂ of f is to first order.
    public let leading: Double
    /// What this does not exceed, as if velocities alone were moved; ε‖u‖_{L²(R)} but for swarms.
    public let leadingBound: Double
    /// The least and the greatest f/M for velocities up to 4 from their mean.
    public let quotients: ClosedRange<Double>
    /// The free energy of f.
    public let freeEnergy: Double
    /// The free energy of R⊗M.
    public let limitFreeEnergy: Double
    /// The rate at which collisions take free energy from f; `nil` for a swarm under a force.
    public let dissipation: Double?
    /// The same of R⊗M.
    public let limitDissipation: Double?
    /// The modulus of the first harmonic of ρ, ∫e^{2πix/L}dρ: Kuramoto's order parameter.
    public let orderParameter: Double
    /// The same of R.
    public let limitOrderParameter: Double
  }

  /// The largest value of a quantity over all steps.
  public struct Largest: Sendable, Hashable, Codable {
    /// The value.
    public internal(set) var value: Double
    /// The time of the step.
    public internal(set) var time: Double
  }

  /// A claim about the run.
  public struct Check: Sendable, Hashable, Codable {
    /// Whether a theorem proves it, or it is only measured.
    public let isProved: Bool
    /// What is claimed, in symbols.
    public let name: String
    /// What was found, in a phrase.
    public let found: String
    /// Whether it holds.
    public let holds: Bool
  }

  /// ε.
  public let epsilon: Double
  /// Whether the start was ρM.
  public let isWellPrepared: Bool
  /// The number of modes of the velocities.
  public let modeCount: Int
  /// How many steps were taken, each by f and by the limit.
  public let stepCount: Int
  /// The longest step.
  public let step: Double
  /// The sampled times, without the start.
  public let rows: [Row]
  /// sup ‖f − R⊗M‖ over all steps, and when.
  public let largestNorm: Largest
  /// sup W₁(ρ, R) over all steps, and when.
  public let largestDensityDistance: Largest
  /// The rate at which the first harmonic of ρ decayed between the last two samples; `nil` with one alone, or
  /// where nothing is left of it.
  public let decayRate: Double?
  /// What the dispersion relation about the uniform state says; `nil` where it says nothing.
  public let dispersionRate: Double?
  /// ε²/λ₁ of a swarm; `nil` for others.
  public let scaleRatio: Double?
  /// What the theorems say about the run.
  public let checks: [Check]
  /// The root mean square way from the densities to their clouds, with λ on positions.
  public let cloudError: Double

  /// The values at the end.
  public var end: Row { rows[rows.count - 1] }

  /// sup W₁(f, R⊗M) over the samples.
  public var largestFirst: Double { rows.reduce(0) { max($0, $1.first.value) } }
  /// sup W₂(f, R⊗M) over the samples.
  public var largestSecond: Double { rows.reduce(0) { max($0, $1.second.value) } }

  /// The order p of a quantity that is c·ε^p, from its values for two ε.
  public static func order(
    _ first: LimitReport, _ second: LimitReport, _ value: (LimitReport) -> Double
  ) -> Double? {
    LimitOrder.between((first.epsilon, value(first)), (second.epsilon, value(second)))
  }
}
