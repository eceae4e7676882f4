/// A one-step method for ẋ = v, v̇ = a(t, x), as data: what is done in a step of length 1.
///
/// Splittings are symplectic, and the ones here reversible in time up to rounding.
public struct Integrator: Sendable, Hashable {
  /// What the method is called, in words without blanks.
  public let name: String
  /// The order of accuracy: errors fall like this power of the step.
  public let order: Int
  /// What a step is made of.
  public let scheme: Scheme

  /// The two kinds of methods.
  public enum Scheme: Sendable, Hashable {
    /// Drifts and kicks, one after the other, for forces that do not depend on velocities.
    case splitting([Substep])
    /// Stages of an explicit Runge–Kutta method, for any force.
    case rungeKutta([Stage])
  }

  /// A part of a splitting; lengths are in units of the step, and add up to 1 for drifts and for kicks.
  public enum Substep: Sendable, Hashable {
    /// x += length · v.
    case drift(Double)
    /// v += length · a(t, x) at the time that the drifts have come to.
    case kick(Double)
  }

  /// A stage of an explicit Runge–Kutta method of which each stage needs the one before alone.
  public struct Stage: Sendable, Hashable {
    /// How far from the start the slopes are taken, along the slopes of the stage before; in units of the step,
    /// 0 in the first stage.
    public let node: Double
    /// How much the slopes count for the step; the weights add up to 1.
    public let weight: Double

    /// Slopes at `node`, which count for the step with `weight`.
    public init(node: Double, weight: Double) {
      self.node = node
      self.weight = weight
    }
  }

  /// A method of one's own.
  ///
  /// - Parameters:
  ///   - name: how it is called.
  ///   - order: what the substeps or stages have; step control goes by it.
  ///   - scheme: its substeps or stages.
  public init(name: String, order: Int, scheme: Scheme) {
    self.name = name
    self.order = order
    self.scheme = scheme
  }

  /// A splitting of Strang steps (half a drift, a kick, half a drift) of these lengths, with sum 1.
  private init(_ name: String, order: Int, strangSteps: [Double]) {
    self.init(
      name: name, order: order,
      scheme: .splitting(
        strangSteps.flatMap { [.drift($0 / 2), .kick($0), .drift($0 / 2)] }))
  }

  /// Whether the method is made for forces that depend on velocities.
  public var allowsVelocityForces: Bool {
    if case .rungeKutta = scheme { true } else { false }
  }
}

// MARK: Methods

extension Integrator {
  /// Strang splitting (leapfrog), order 2: half a drift, a kick, half a drift.
  public static let strang = Integrator("strang", order: 2, strangSteps: [1])

  /// Three Strang steps, order 4. H. Yoshida, Phys. Lett. A 150 (1990),
  /// doi:10.1016/0375-9601(90)90092-3.
  public static let yoshida4: Integrator = {
    let cubeRootOf2 = 1.2599210498948731648
    let outer = 1 / (2 - cubeRootOf2)
    return Integrator("yoshida4", order: 4, strangSteps: [outer, 1 - 2 * outer, outer])
  }()

  /// Seven Strang steps, order 6: solution A of the same paper.
  public static let yoshida6: Integrator = {
    let (a, b, c) = (0.784513610477560, 0.235573213359357, -1.17767998417887)
    return Integrator(
      "yoshida6", order: 6, strangSteps: [a, b, c, 1 - 2 * (a + b + c), c, b, a])
  }()

  /// The classical Runge–Kutta method of order 4, for forces that depend on velocities too; neither
  /// symplectic nor reversible.
  public static let rungeKutta4 = Integrator(
    name: "rungeKutta4", order: 4, scheme: .rungeKutta(classicalStages))

  /// The stages of the classical Runge–Kutta method.
  package static let classicalStages = [
    Stage(node: 0, weight: 1.0 / 6), Stage(node: 0.5, weight: 2.0 / 6),
    Stage(node: 0.5, weight: 2.0 / 6), Stage(node: 1, weight: 1.0 / 6),
  ]

  /// Steps times rates of decay may be as large as this with the classical stages: the real end of their region
  /// of stability.
  package static let classicalDecayLimit = 2.785
}

extension Integrator: CaseIterable, RawRepresentable {
  /// The methods that come with the library.
  public static let allCases: [Integrator] = [.strang, .yoshida4, .yoshida6, .rungeKutta4]

  /// The method of a name; `nil` where none of `allCases` has it.
  public init?(rawValue: String) {
    guard let method = Self.allCases.first(where: { $0.name == rawValue }) else { return nil }
    self = method
  }

  /// `name`.
  public var rawValue: String { name }
}

// MARK: Stability

extension Integrator {
  /// A sentence where a step is too long for an oscillation; `nil` where it is not.
  func warning(frequency: Double, step: Double) -> String? {
    let phase = frequency * step
    if !isStable(phase: phase) {
      return
        "The step is too large: ω·dt = \(phase), for which \(name) is unstable; "
        + "a step below \(0.2 / frequency) would resolve the oscillation."
    }
    guard phase > 0.5 else { return nil }
    return "The step is large: ω·dt = \(phase), so the oscillation of frequency \(frequency) is "
      + "poorly resolved; a step below \(0.2 / frequency) would do."
  }

  /// Whether a step keeps an oscillation of a frequency bounded.
  ///
  /// - Parameter phase: frequency times step.
  public func isStable(phase: Double) -> Bool {
    switch scheme {
    case .splitting(let substeps):
      // Two columns of the step's matrix for x″ = −phase²·x; its determinant is 1, so its eigenvalues
      // are on the unit circle where its trace is between −2 and 2.
      var (x, v) = (SIMD2(1.0, 0), SIMD2(0, 1.0))
      for substep in substeps {
        switch substep {
        case .drift(let length): x += length * v
        case .kick(let length): v -= length * phase * phase * x
        }
      }
      return (x[0] + v[1]).magnitude <= 2
    case .rungeKutta(let stages):
      // The factor of a step for z′ = i·phase·z. That of an accurate method is as good as 1 for small phases.
      var (slope, factor) = (SIMD2(0.0, phase), SIMD2(1.0, 0))
      for stage in stages {
        let value = SIMD2(1.0, 0) + stage.node * slope
        slope = phase * SIMD2(-value.y, value.x)
        factor += stage.weight * slope
      }
      return (factor * factor).sum() <= 1 + 1e-12
    }
  }
}
