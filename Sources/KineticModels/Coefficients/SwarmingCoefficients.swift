/// The coefficients of the diffusion approximation ∂tρ = ∇·(D∇ρ + Kρ∇U∗ρ) of a kinetic equation with
/// the collision operator Cf = ∇ᵥ·(f∇W + θ∇ᵥf), and the modes of that operator that make them up.
///
/// With the mean velocity V = ⟨v⟩ in the equilibrium M ∝ e^{−W/θ}, K = Cov_M(v)/θ and
/// D = ⟨v − V, (−C)⁻¹(v − V)⟩, both times the unit matrix. Source: V. Bonnaillie-Noël, J. A. Carrillo,
/// T. Goudon and G. A. Pavliotis (2015), (2.11), (3.6) and (4.3).
public struct SwarmingCoefficients: Sendable {
  /// W.
  public let potential: VelocityPotential
  /// θ.
  public let temperature: Double
  /// The number of dimensions.
  public let dimension: Int
  /// D.
  public let diffusion: Double
  /// K.
  public let drift: Double
  /// V, on the first axis; 0 for an even potential.
  public let meanVelocity: Double
  /// λ₁ < λ₂ < …; in more than one dimension those whose modes are g(|v|)·v/|v|, which alone meet v.
  public let eigenvalues: [Double]
  /// By how much each λ_n is off, as two resolutions tell.
  public let eigenvalueErrors: [Double]
  /// D^N of the first N modes, N = 1, 2, …: it rises to D.
  public let partialDiffusions: [Double]
  /// K^N of the first N modes, N = 1, 2, …: it rises to K.
  public let partialDrifts: [Double]

  /// The coefficients of a potential.
  ///
  /// - Parameters:
  ///   - potential: the potential of velocities.
  ///   - temperature: θ.
  ///   - dimension: from 1 to 3; above 1 the potential must be even, and is taken at |v|.
  ///   - modeCount: how many modes are computed, from 1 to 64.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(1): about 10⁸ operations.
  public init(
    _ potential: VelocityPotential, temperature: Double = 1, dimension: Int = 1, modeCount: Int = 5
  ) throws(KineticModelError) {
    guard temperature > 0, temperature.isFinite else {
      throw .badParameter(name: "theta", value: temperature, requirement: "positive and finite")
    }
    guard 1...3 ~= dimension else {
      throw .badParameter(name: "dimension", value: Double(dimension), requirement: "1, 2 or 3")
    }
    guard 1...64 ~= modeCount else {
      throw .badParameter(name: "modes", value: Double(modeCount), requirement: "from 1 to 64")
    }
    guard dimension == 1 || potential.isEven else {
      throw .notRadial(potential: potential.name, dimension: dimension)
    }
    let window = try VelocityWindow(
      potential, temperature: temperature, isRadial: dimension > 1, modeCount: modeCount)
    self.potential = potential
    self.temperature = temperature
    self.dimension = dimension
    let modes: VelocityModes
    if dimension == 1 {
      let equilibrium = LineEquilibrium(potential, temperature: temperature, window: window)
      diffusion = equilibrium.diffusion
      drift = equilibrium.variance / temperature
      meanVelocity = potential.isEven ? 0 : equilibrium.meanVelocity
      modes = try VelocityModes(
        line: potential, temperature: temperature, window: window, count: modeCount)
    } else {
      let radial = RadialOperator(
        potential, temperature: temperature, window: window, dimension: dimension)
      diffusion = try radial.diffusion()
      drift = radial.variance / temperature
      meanVelocity = 0
      modes = try radial.modes(modeCount)
    }
    eigenvalues = modes.eigenvalues
    eigenvalueErrors = modes.eigenvalueErrors
    let (lambda, squares) = (modes.eigenvalues, modes.squaredMoments)
    partialDiffusions = Self.sums(zip(squares, lambda).map { $0 / $1 })
    let theta = temperature
    partialDrifts = Self.sums(squares.map { $0 / theta })
  }

  private static func sums(_ terms: [Double]) -> [Double] {
    var sum = 0.0
    return terms.map { term in
      sum += term
      return sum
    }
  }

  /// The equilibrium's √M and the first modes ψ_n = p_n√M in one dimension, of norm 1.
  ///
  /// - Parameters:
  ///   - count: how many modes beside √M.
  ///   - cells: into how many cells the velocities that matter are divided.
  /// - Returns: the velocities, and the values of √M, ψ₁, … there.
  /// - Throws: `KineticModelError`: in particular unless the potential is in one dimension.
  /// - Complexity: O(cells²).
  public func eigenfunctions(
    _ count: Int = 1, cells: Int = 1600
  ) throws(KineticModelError) -> (velocities: [Double], values: [[Double]]) {
    guard dimension == 1 else {
      throw .badParameter(name: "dimension", value: Double(dimension), requirement: "1")
    }
    guard cells >= 400, 0...64 ~= count else {
      throw .badParameter(name: "cells", value: Double(cells), requirement: "400 or more")
    }
    let window = try VelocityWindow(
      potential, temperature: temperature, isRadial: false, modeCount: count)
    let bidiagonal = BidiagonalOperator(
      potential, temperature: temperature, window: window, cells: cells)
    var values = [bidiagonal.groundState]
    guard count > 0 else { return (bidiagonal.velocities, values) }
    let own = try bidiagonal.eigenvalues(count)
    for (mode, eigenvalue) in zip(try bidiagonal.edgeModes(count), own) {
      values.append(bidiagonal.eigenfunction(mode, eigenvalue: eigenvalue))
    }
    return (bidiagonal.velocities, values)
  }

  /// θK² and θK/λ₁, between which D lies: the Cauchy–Schwarz inequality and the spectral gap.
  public var diffusionBounds: (lower: Double, upper: Double) {
    (temperature * drift * drift, temperature * drift / eigenvalues[0])
  }

  /// Whether D lies between its bounds, but for rounding.
  public var isDiffusionWithinBounds: Bool {
    let (lower, upper) = diffusionBounds
    return diffusion >= lower * (1 - 1e-12) && diffusion <= upper * (1 + 1e-11)
  }
}
