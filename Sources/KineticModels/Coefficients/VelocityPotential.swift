/// A potential W of velocities: the equilibrium of f ↦ ∇ᵥ·(f∇W + θ∇ᵥf) is M ∝ e^{−W/θ}.
///
/// In one dimension W is a function of v, in more of |v|. W must be continuous, four times
/// differentiable except at v = 0, and grow without bound.
public struct VelocityPotential: Sendable {
  /// What the potential is, in a phrase with its parameters.
  public let name: String
  /// Whether W(−v) = W(v), so that it can be used in more than one dimension.
  public let isEven: Bool
  private let function: @Sendable (Double) -> Double

  /// A potential of one's own.
  ///
  /// - Parameters:
  ///   - name: what it is, in a phrase.
  ///   - isEven: whether W(−v) = W(v).
  ///   - value: W, smooth but for a kink at 0.
  public init(
    name: String, isEven: Bool, value: @escaping @Sendable (_ velocity: Double) -> Double
  ) {
    self.name = name
    self.isEven = isEven
    function = value
  }

  /// The family of self-propelled swarms, W(v) = v⁴/4γ − σ|v|³/3 − (1−σ)v²/2 − δv. Source:
  /// V. Bonnaillie-Noël, J. A. Carrillo, T. Goudon and G. A. Pavliotis, "Efficient numerical
  /// calculation of drift and diffusion coefficients in the diffusion approximation of kinetic
  /// equations" (2015), (4.2): case A is σ = δ = 0, case B σ = 1, case C δ > 0.
  ///
  /// - Parameters:
  ///   - gamma: γ, the square of the speed that is preferred in case A.
  ///   - sigma: σ in [0, 1].
  ///   - delta: δ, the tilt.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    gamma: Double, sigma: Double = 0, delta: Double = 0
  ) throws(KineticModelError) {
    guard gamma > 0, gamma.isFinite else {
      throw .badParameter(name: "gamma", value: gamma, requirement: "positive and finite")
    }
    guard 0...1 ~= sigma else {
      throw .badParameter(name: "sigma", value: sigma, requirement: "from 0 to 1")
    }
    guard delta.isFinite else {
      throw .badParameter(name: "delta", value: delta, requirement: "finite")
    }
    self.init(name: "gamma \(gamma), sigma \(sigma), delta \(delta)", isEven: delta == 0) { v in
      let square = v * v
      return square * (square / (4 * gamma) - sigma * v.magnitude / 3 - (1 - sigma) / 2)
        - delta * v
    }
  }

  /// A polynomial without constant term, W(v) = c₁v + c₂v² + …
  ///
  /// - Throws: `KineticModelError.badParameter` for a coefficient that is not finite, and
  ///   `.notConfining` unless the highest power is even with a positive coefficient.
  public init(polynomial coefficients: [Double]) throws(KineticModelError) {
    for (index, coefficient) in coefficients.enumerated() where !coefficient.isFinite {
      throw .badParameter(
        name: "coefficient of v^\(index + 1)", value: coefficient, requirement: "finite")
    }
    let terms = coefficients.enumerated().filter { $0.element != 0 }
    let text = terms.map { "\($0.element) v^\($0.offset + 1)" }.joined(separator: " + ")
    guard let highest = terms.last, !highest.offset.isMultiple(of: 2), highest.element > 0 else {
      let end: Double = (terms.last?.element ?? 0) > 0 ? -.infinity : .infinity
      throw .notConfining(
        potential: text.isEmpty ? "0" : text, at: end, value: terms.isEmpty ? 0 : -.infinity)
    }
    self.init(
      name: text, isEven: terms.allSatisfy { !$0.offset.isMultiple(of: 2) }
    ) { v in
      v * coefficients.reversed().reduce(0) { $0 * v + $1 }
    }
  }

  /// W(v).
  public func callAsFunction(_ velocity: Double) -> Double { function(velocity) }
}
