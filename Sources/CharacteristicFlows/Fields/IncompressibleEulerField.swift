import Libc
import OptimalTransport

/// The force of the kinetic incompressible Euler system in dimension one, the quasi-neutral limit of
/// Vlasov–Poisson: E = ∂ₓ∫v²f dv, the gradient that keeps the density uniform.
///
/// It is defined for states whose density and current ∫v f dv are uniform: then ∂ₜρ = −∂ₓj = 0 and
/// ∂ₜj = −∂ₓ∫v²f dv + E = 0. Only the waves up to `modes` are kept, and that is the regularisation:
/// where the velocities have several peaks the system amplifies short waves at rates that grow without
/// bound, so that it has no solution but for analytic states. Sources: Y. Brenier, Comm. Partial
/// Differential Equations 25 (2000), doi:10.1080/03605300008821529; (3.3) of M. Iacobelli, "A new
/// perspective on Wasserstein distances for kinetic problems" (2022), which prints "Kinetic Isothermal
/// Euler".
public struct IncompressibleEulerField: ForceField {
  /// The largest number of waves in the box.
  public let modes: Int
  /// The box: one circle.
  public let box: ProductDomain

  /// The field of the waves up to `modes` in a box.
  ///
  /// - Throws: `FlowError` unless the box is one circle and there is at least one mode.
  public init(modes: Int, box: ProductDomain) throws(FlowError) {
    guard box.dimension == 1, box.axes[0].isPeriodic else {
      throw .badBox(
        field: "kinetic incompressible Euler", requirement: "one axis, which is periodic")
    }
    guard 1...1 << 16 ~= modes else {
      throw .badParameter(
        name: "number of modes", value: Double(modes), requirement: "1 to 65536")
    }
    self.modes = modes
    self.box = box
  }

  /// "kinetic incompressible Euler" with the number of modes.
  public var name: String { "kinetic incompressible Euler, modes up to \(modes)" }

  /// The force is made of velocities.
  public var dependsOnVelocity: Bool { true }

  /// The box of the field.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try particles.checkBox(box, madeFor: name)
  }

  /// E at each particle.
  ///
  /// - Complexity: O(n · modes).
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    let fluxes = WaveSums(
      places: particles.positions,
      amounts: zip(particles.masses, particles.velocities).map { $0 * $1 * $1 },
      length: box.axes[0].length, modes: modes)
    // d/dx of Σ P_n·e^{ik_n x}.
    let slopes = fluxes.coefficients.enumerated().map { index, flux in
      let wavenumber = fluxes.wavenumber * Double(index + 1)
      return SIMD2(-wavenumber * flux.y, wavenumber * flux.x)
    }
    let series = WaveSeries(coefficients: slopes, wavenumber: fluxes.wavenumber)
    accelerations.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let values = buffer
      Parallel.forEachChunk(of: particles.count, costPerItem: 25 + 3 * Double(modes)) { range in
        for index in range { values[index] = series.value(at: particles.positions[index]) }
      }
    }
  }

  /// 0: a gradient does no work on a uniform current.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? { 0 }
}

/// The coefficients c_n = Σᵢ aᵢ·e^{−ik_n xᵢ} of the waves n = 1, 2, … in a box, real part first.
package struct WaveSums: Sendable {
  /// c_1, c_2, ….
  package let coefficients: [SIMD2<Double>]
  /// k_1 = 2π/L.
  package let wavenumber: Double

  /// The sums over places with their amounts.
  ///
  /// - Complexity: O(places · modes).
  package init(places: [Double], amounts: [Double], length: Double, modes: Int) {
    wavenumber = 2 * .pi / length
    var sums = [(cosine: CompensatedSum, sine: CompensatedSum)](
      repeating: (CompensatedSum(), CompensatedSum()), count: modes)
    for (place, amount) in zip(places, amounts) {
      let first = SIMD2(cos(wavenumber * place), -sin(wavenumber * place))
      var wave = first
      for mode in 0..<modes {
        sums[mode].cosine.add(amount * wave.x)
        sums[mode].sine.add(amount * wave.y)
        wave = SIMD2(wave.x * first.x - wave.y * first.y, wave.x * first.y + wave.y * first.x)
      }
    }
    coefficients = sums.map { SIMD2($0.cosine.value, $0.sine.value) }
  }
}

/// A real function Σ_{n≥1} 2·Re(c_n·e^{ik_n x}) by its coefficients.
package struct WaveSeries: Sendable {
  private let coefficients: [SIMD2<Double>]
  private let wavenumber: Double

  /// The function of coefficients c_1, c_2, … and of k_1.
  package init(coefficients: [SIMD2<Double>], wavenumber: Double) {
    self.coefficients = coefficients
    self.wavenumber = wavenumber
  }

  /// Its value at a place.
  ///
  /// - Complexity: O(modes).
  package func value(at place: Double) -> Double {
    let first = SIMD2(cos(wavenumber * place), sin(wavenumber * place))
    var (wave, sum) = (first, 0.0)
    for coefficient in coefficients {
      sum += coefficient.x * wave.x - coefficient.y * wave.y
      wave = SIMD2(wave.x * first.x - wave.y * first.y, wave.x * first.y + wave.y * first.x)
    }
    return 2 * sum
  }
}
