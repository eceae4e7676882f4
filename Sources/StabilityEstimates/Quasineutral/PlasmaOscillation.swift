import CharacteristicFlows
import Libc
import OptimalTransport
import PhaseSpace

/// The fast oscillation that a state of Vlasov–Poisson with a small Debye length ε carries along, in
/// dimension one, and the filtered distribution of Corollary 3.3, which is freed from it.
///
/// Where the current j = ∫v f dv is not uniform, or the field is as large as 1/ε, the current
/// oscillates with the plasma frequency 1/ε: j′ = E, ε²E′ = −j. With the correctors d± of the
/// corollary, which in dimension one are d±(t, x) = d±(0, x − Jt) for the mean current J and
/// 2d±(0) = εE(0) ± i(j(0) − J), every particle carries the velocity
///
/// w(t, x) = −i(d₊·e^{it/ε} − d₋·e^{−it/ε}) = εE(0, x−Jt)·sin(t/ε) + (j(0, x−Jt) − J)·cos(t/ε)
///
/// on top of that which it has in the limit, the kinetic incompressible Euler system. Two slips of the
/// paper are put right: the frequency of (VP)_ε as it is written, with ε², is 1/ε and not 1/√ε, and the
/// filtered distribution is f(t, x, v + w), from whose particles w is taken away; f(t, x, v − w)
/// would add it once more. Source of the correctors: E. Grenier, Comm. Partial Differential
/// Equations 21 (1996), doi:10.1080/03605309608821189.
public struct PlasmaOscillation: Sendable {
  /// ε.
  public let epsilon: Double
  /// J, the mean current of the start, which stays as it is.
  public let meanCurrent: Double
  /// The largest amplitude of a wave of ρ − 1 at the start. It must be of order ε: a larger one has no
  /// limit of finite energy.
  public let densityContrast: Double

  private let box: ProductDomain
  private let wavenumber: Double
  /// The coefficients of εE(0).
  private let field: [SIMD2<Double>]
  /// Those of j(0) − J.
  private let current: [SIMD2<Double>]

  /// The oscillation of the state from which a solution starts.
  ///
  /// - Parameters:
  ///   - particles: the solution from which the oscillation is read.
  ///   - epsilon: ε, positive.
  ///   - modes: the largest number of waves in the box that is looked at.
  /// - Throws: `StabilityError` unless the box is one circle, ε is positive and finite, and there is a
  ///   mode.
  /// - Complexity: O(n · modes).
  public init(
    of particles: ParticleState, epsilon: Double, modes: Int
  ) throws(StabilityError) {
    guard particles.dimension == 1, particles.box.axes[0].isPeriodic else { throw .needsCircle }
    try StabilityError.checkPositive(epsilon, "ε")
    guard 1...1 << 16 ~= modes else {
      throw .badParameter(name: "number of modes", value: Double(modes), requirement: "1 to 65536")
    }
    self.epsilon = epsilon
    box = particles.box
    let length = box.axes[0].length
    let density = WaveSums(
      places: particles.positions, amounts: particles.masses, length: length, modes: modes)
    let currents = zip(particles.masses, particles.velocities).map { $0 * $1 }
    wavenumber = density.wavenumber
    // ε²E′ = ρ − 1, mode by mode.
    field = density.coefficients.enumerated().map { index, rho in
      let factor = 1 / (epsilon * density.wavenumber * Double(index + 1))
      return SIMD2(rho.y * factor, -rho.x * factor)
    }
    current =
      WaveSums(places: particles.positions, amounts: currents, length: length, modes: modes)
      .coefficients
    meanCurrent = CompensatedSum(currents).value
    densityContrast = density.coefficients.reduce(0) {
      max($0, 2 * ($1 * $1).sum().squareRoot())
    }
  }

  /// The velocity w that the oscillation adds at some time.
  ///
  /// - Parameters:
  ///   - places: positions in the box.
  ///   - elapsed: the time since the start.
  /// - Returns: w at each place.
  public func velocities(at places: some Sequence<Double>, elapsed: Double) -> [Double] {
    let (c, s) = (cos(elapsed / epsilon), sin(elapsed / epsilon))
    let series = WaveSeries(
      coefficients: zip(field, current).map { s * $0 + c * $1 }, wavenumber: wavenumber)
    return places.map { series.value(at: $0 - meanCurrent * elapsed) }
  }

  /// The filtered distribution: the state of a solution without the oscillation.
  ///
  /// - Parameters:
  ///   - state: the solution that is freed from the oscillation.
  ///   - elapsed: the time since the start.
  /// - Throws: `StabilityError` when the state lives in another box.
  /// - Complexity: O(n · modes).
  public func filtered(
    _ state: PhaseSpaceMeasure, elapsed: Double
  ) throws(StabilityError) -> PhaseSpaceMeasure {
    guard state.box == box, state.velocityDimension == 1 else { throw .flow(.boxesDiffer) }
    let added = velocities(at: state.position(0), elapsed: elapsed)
    do throws(PhaseSpaceError) {
      return try PhaseSpaceMeasure(
        positions: [state.position(0)],
        velocities: [zip(state.velocity(0), added).map { $0 - $1 }],
        masses: state.masses.map { $0 * state.rawMass }, box: box, time: state.time)
    } catch {
      throw .measure(error)
    }
  }
}
