import Libc

/// ∂tf + (1/ε)(v·∇ₓf + F·∇ᵥf) = (ν(ρ)/ε²)·Cf on a circle, with F = −∇(E + k∗ρ) and total mass 1.
///
/// As ε → 0 its density follows ∂tρ = ∇·(ν⁻¹(D∇ρ − KρF)): for C of Fokker and Planck the McKean–Vlasov
/// equation, for BGK with ν = ρ^α porous medium (α < 0) and fast diffusion (α > 0), for swarms drift and
/// diffusion with the coefficients of `SwarmingCoefficients`, in the frame that moves with V/ε.
public struct RelaxationEquation: Sendable {
  /// C and ν.
  public enum Collision: Sendable {
    /// Cf = ρM − f, ν = ρ^α, M the standard normal distribution.
    case bgk(exponent: Double)
    /// Cf = ∇ᵥ·(∇ᵥf + vf), ν = 1.
    case fokkerPlanck
    /// Cf = ∇ᵥ·(f∇W + θ∇ᵥf), ν = 1.
    case swarm(VelocityPotential, temperature: Double)
  }

  /// C and ν.
  public let collision: Collision
  /// E.
  public let external: PeriodicPotential
  /// k, even.
  public let interaction: PeriodicPotential

  /// An equation.
  ///
  /// - Throws: `KineticModelError.badParameter` for an exponent that is not finite, and an interaction that
  ///   is not even.
  public init(
    _ collision: Collision, external: PeriodicPotential = .zero,
    interaction: PeriodicPotential = .zero
  ) throws(KineticModelError) {
    if case .bgk(let exponent) = collision, !exponent.isFinite {
      throw .badParameter(name: "alpha", value: exponent, requirement: "finite")
    }
    if let index = interaction.sines.firstIndex(where: { $0 != 0 }) {
      throw .badParameter(
        name: "sine amplitude \(index + 1) of the interaction", value: interaction.sines[index],
        requirement: "0: the interaction is even")
    }
    if case .swarm(let potential, _) = collision, !potential.isEven, !external.isZero {
      throw .badParameter(
        name: "external potential of a swarm with a mean velocity",
        value: external.slopeBound(length: 1), requirement: "0: the swarm moves through it at V/ε")
    }
    self.collision = collision
    self.external = external
    self.interaction = interaction
  }

  /// The equation in a phrase.
  public var name: String {
    switch collision {
    case .bgk(let exponent): "BGK, nu = rho^\(exponent)"
    case .fokkerPlanck: "Vlasov–Fokker–Planck"
    case .swarm(let potential, let temperature): "swarm, \(potential.name), theta \(temperature)"
    }
  }

  /// V, the mean velocity of M.
  ///
  /// - Throws: `KineticModelError` for a swarm whose potential does not confine.
  public var meanVelocity: Double {
    get throws(KineticModelError) {
      guard case .swarm(let potential, let temperature) = collision, !potential.isEven else {
        return 0
      }
      let window = try VelocityWindow(
        potential, temperature: temperature, isRadial: false, modeCount: 1)
      return LineEquilibrium(potential, temperature: temperature, window: window).meanVelocity
    }
  }

  /// Whether there is a force.
  var hasForce: Bool { !external.isZero || !interaction.isZero }

  /// α, 0 where ν = 1.
  var exponent: Double { if case .bgk(let exponent) = collision { exponent } else { 0 } }

  /// No force of a density of mass 1 is larger: |k∗ρ| is at most the sum of the amplitudes of k.
  func forceBound(length: Double) -> Double {
    external.slopeBound(length: length) + interaction.slopeBound(length: length)
  }

  /// No run takes more modes.
  static let modeLimit = 1024

  /// The modes of the velocities that a run needs.
  ///
  /// |c_n| falls like e^{−√n·Lν/2πε} for BGK, where all modes have one rate, and like (4εκ)ⁿ/√n! else, with the
  /// wave number κ = 2π/L and the force beside it.
  ///
  /// - Parameters:
  ///   - rate: the least ν.
  ///   - count: how many modes; `nil` for as many as are needed.
  /// - Throws: `KineticModelError`.
  func basis(
    epsilon: Double, length: Double, rate: Double, count: Int?
  ) throws(KineticModelError) -> VelocityBasis {
    let scale = 4 * epsilon * (2 * .pi / length + forceBound(length: length))
    var needed = 8
    while needed < 256, Double(needed) * log(scale) - lgamma(Double(needed + 1)) / 2 > log(1e-13) {
      needed += 1
    }
    switch collision {
    case .bgk:
      // Ten digits for a linear equation; the powers of ρ bring slower tails.
      let root = max(46, 40 / rate) * .pi * epsilon / length
      let standard = epsilon == 0 ? 2 : Int(min(root * root, 1e4)) + (exponent == 0 ? 16 : 32)
      guard standard <= Self.modeLimit || count != nil else {
        throw .freePathTooLong(epsilon, limit: epsilon * Double(Self.modeLimit).squareRoot() / root)
      }
      return try .hermite(count ?? standard, relaxing: true)
    case .fokkerPlanck:
      return try .hermite(count ?? (epsilon == 0 ? 2 : needed), relaxing: false)
    case .swarm(let potential, let temperature):
      return try .swarm(potential, temperature: temperature, count: count ?? needed)
    }
  }
}
