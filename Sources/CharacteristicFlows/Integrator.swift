/// A one-step method for ẋ = v, v̇ = a(t, x).
///
/// All but Runge–Kutta are compositions of Strang steps: symplectic, and reversible in time up to
/// rounding.
public enum Integrator: String, Sendable, CaseIterable {
  /// Strang splitting (leapfrog), order 2: half a drift, a kick, half a drift.
  case strang
  /// Three Strang steps, order 4. H. Yoshida, Phys. Lett. A 150 (1990),
  /// doi:10.1016/0375-9601(90)90092-3.
  case yoshida4
  /// Seven Strang steps, order 6: solution A of the same paper.
  case yoshida6
  /// The classical Runge–Kutta method of order 4, for forces that depend on velocities too; neither
  /// symplectic nor reversible.
  case rungeKutta4

  /// The order of accuracy.
  public var order: Int {
    switch self {
    case .strang: 2
    case .yoshida4, .rungeKutta4: 4
    case .yoshida6: 6
    }
  }

  /// The lengths of the Strang steps that make up a step of length 1; empty for Runge–Kutta.
  var strangSteps: [Double] {
    switch self {
    case .strang: return [1]
    case .yoshida4:
      let cubeRootOf2 = 1.2599210498948731648
      let outer = 1 / (2 - cubeRootOf2)
      return [outer, 1 - 2 * outer, outer]
    case .yoshida6:
      let (a, b, c) = (0.784513610477560, 0.235573213359357, -1.17767998417887)
      return [a, b, c, 1 - 2 * (a + b + c), c, b, a]
    case .rungeKutta4: return []
    }
  }

  /// A sentence where a step is too long for an oscillation; `nil` where it is not.
  func warning(frequency: Double, step: Double) -> String? {
    let phase = frequency * step
    if !isStable(phase: phase) {
      return
        "The step is too large: ω·dt = \(phase), for which \(rawValue) is unstable; "
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
    guard self != .rungeKutta4 else { return phase.magnitude <= 8.0.squareRoot() }
    // Two columns of the step's matrix for x″ = −phase²·x; its determinant is 1, so its eigenvalues
    // are on the unit circle where its trace is between −2 and 2.
    var (x, v) = (SIMD2(1.0, 0), SIMD2(0, 1.0))
    for step in strangSteps {
      x += step / 2 * v
      v -= step * phase * phase * x
      x += step / 2 * v
    }
    return (x[0] + v[1]).magnitude <= 2
  }
}
