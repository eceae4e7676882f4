import OptimalTransport

/// A density on a grid carried along the characteristics of a Vlasov equation in one dimension: the
/// semi-Lagrangian method.
///
/// Each splitting step takes the values at the feet of the backward characteristics, x − v·dt in a
/// drift and v − E·dt in a kick, by trigonometric interpolation, which is exact for what the grid can
/// show and conserves ∫f. Source: C. Z. Cheng and G. Knorr, J. Comput. Phys. 22 (1976),
/// doi:10.1016/0021-9991(76)90053-X, with the Fourier interpolation in both directions.
public struct GridFlow: Sendable {
  /// A force on the density, as a function of ρ.
  public enum Field: Sendable, Hashable {
    /// No force.
    case free
    /// Vlasov–Poisson as for `SheetField`: −ε²U″ = ρ/ρ̄ − 1; the plasma frequency is 1/ε.
    case vlasovPoisson(epsilon: Double, isAttractive: Bool = false)
    /// The kernel of `CosineField(curvature:box:)`.
    case cosine(curvature: Double)

    /// What the field is, in a phrase with its parameters.
    public var name: String {
      switch self {
      case .free: "free transport"
      case .vlasovPoisson(let epsilon, let isAttractive):
        "Vlasov–Poisson, ε = \(epsilon), \(isAttractive ? "attractive" : "repulsive")"
      case .cosine(let curvature): "cosine kernel, B = \(curvature.magnitude)"
      }
    }
  }

  /// The density f(x, v) at `time`, with ∫f = 1.
  public private(set) var grid: PhaseSpaceGrid
  /// What accelerates the density.
  public let field: Field
  /// The splitting of which a step consists.
  public let integrator: Integrator
  /// No step is longer, in the unit of `time`.
  public let step: Double

  private let substeps: [Integrator.Substep]
  private let alongPositions: LineTransform
  private let alongVelocities: LineTransform
  private let density: FourierTransform
  /// What multiplies i·ρ_k, the coefficients of ρ/ρ̄, to give those of the force.
  private let response: [Double]

  /// A flow that starts from a density.
  ///
  /// - Throws: `FlowError`: in particular for Runge–Kutta, which is no splitting.
  public init(
    grid: PhaseSpaceGrid, field: Field, integrator: Integrator = .strang, step: Double
  ) throws(FlowError) {
    guard step > 0, step.isFinite else { throw .badStep(step) }
    guard case .splitting(let substeps) = integrator.scheme else {
      throw .badGrid("a splitting: \(Integrator.strang.name) or a Yoshida method")
    }
    if case .vlasovPoisson(let epsilon, _) = field { try checkEpsilon(epsilon) }
    try FourierLibrary.require(for: "flow of a density on a grid")
    let (n, m) = (grid.positionCount, grid.velocityCount)
    guard let rows = LineTransform(length: n, lineCount: m, stride: 1, distance: n),
      let columns = LineTransform(length: m, lineCount: n, stride: n, distance: 1),
      let density = FourierTransform(cells: [n])
    else { throw .badGrid("a size that FFTW can transform") }
    self.grid = grid
    self.field = field
    self.integrator = integrator
    self.substeps = substeps
    self.step = step
    alongPositions = rows
    alongVelocities = columns
    self.density = density
    response = (0...n / 2).map { mode in
      let wavenumber = 2 * .pi * Double(mode) / grid.length
      // The highest mode has no derivative on the grid.
      guard mode > 0, 2 * mode < n else { return 0 }
      switch field {
      case .free: return 0
      case .vlasovPoisson(let epsilon, let isAttractive):
        return (isAttractive ? 1 : -1) / (epsilon * epsilon * wavenumber)
      case .cosine(let curvature):
        // K = c/k²·cos kx has the coefficient c/2k² at ±k.
        return mode == 1 ? curvature / (2 * wavenumber) : 0
      }
    }
  }

  /// The physical time now.
  public var time: Double { grid.time }

  /// A sentence where the step is too long for the plasma frequency; `nil` where it is not.
  public var stepWarning: String? {
    guard case .vlasovPoisson(let epsilon, _) = field else { return nil }
    return integrator.warning(frequency: 1 / epsilon, step: step)
  }

  /// The number of steps to a time.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps`.
  public func stepCount(to target: Double) throws(FlowError) -> Int {
    try StepCount.steps(from: grid.time, to: target, step: step)
  }

  /// Carries the density to a time, later or earlier, in equal steps of which none is longer than
  /// `step`.
  ///
  /// - Throws: `FlowError`.
  /// - Complexity: O(grid · log grid) for each Strang step.
  public mutating func advance(to target: Double) throws(FlowError) {
    let steps = try stepCount(to: target)
    guard steps > 0 else { return }
    let length = (target - grid.time) / Double(steps)
    let farthest = (0..<grid.velocityCount).reduce(0) {
      max($0, (grid.velocity($1) * length).magnitude)
    }
    guard farthest.isFinite else { throw .notFinite(time: target) }
    try FlowError.checkPlaces(at: target, farthest: farthest, onCircleOf: grid.length)
    for _ in 0..<steps {
      for substep in substeps {
        switch substep {
        case .drift(let part): drift(part * length)
        case .kick(let part): kick(part * length)
        }
      }
    }
    grid.time = target
    guard grid.values.allSatisfy(\.isFinite) else { throw .notFinite(time: target) }
  }

  private mutating func drift(_ step: Double) {
    alongPositions.shift(
      &grid.values,
      by: (0..<grid.velocityCount).map { grid.velocity($0) * step / grid.positionStep })
  }

  private mutating func kick(_ step: Double) {
    guard field != .free else { return }
    alongVelocities.shift(&grid.values, by: force.map { $0 * step / grid.velocityStep })
  }

  // MARK: What can be measured

  /// The Fourier coefficients of the force, mode by mode from 0: E(x) = Σ_k E_k·e^{ikx}.
  private var forceCoefficients: [FourierCoefficient] {
    var relative = grid.relativeDensity
    let scale = 1 / Double(grid.positionCount)
    return zip(density.forward(&relative), response).map { rho, factor in
      (-rho.1 * factor * scale, rho.0 * factor * scale)
    }
  }

  /// The force at each position.
  public var force: [Double] {
    var coefficients = forceCoefficients
    var values = [Double](repeating: 0, count: grid.positionCount)
    density.backward(&coefficients, into: &values)
    return values
  }

  /// The sine and cosine amplitudes of a mode of the force: E = … + s·sin(2πnx/L) + c·cos(2πnx/L).
  ///
  /// - Throws: `FlowError.badParameter` unless the mode lies between 1 and half the number of positions.
  public func forceMode(_ mode: Int) throws(FlowError) -> (sine: Double, cosine: Double) {
    guard 1...grid.positionCount / 2 ~= mode else {
      throw .badParameter(
        name: "mode", value: Double(mode), requirement: "from 1 to \(grid.positionCount / 2)")
    }
    let (re, im) = forceCoefficients[mode]
    return (-2 * im, 2 * re)
  }

  /// Energy, momentum and mass now, the mass that of the grid: 1 up to rounding.
  ///
  /// - Complexity: O(grid).
  public var diagnostics: FlowDiagnostics {
    FlowDiagnostics(
      time: grid.time, mass: grid.mass, momentum: [grid.moment { $0 }],
      kineticEnergy: grid.moment { $0 * $0 / 2 }, potentialEnergy: potentialEnergy)
  }

  /// −½∬K dρ dρ.
  private var potentialEnergy: Double {
    var relative = grid.relativeDensity
    let coefficients = density.forward(&relative)
    let scale = 1 / Double(grid.positionCount)
    var sum = CompensatedSum()
    for (mode, (re, im)) in coefficients.enumerated() where response[mode] != 0 {
      let wavenumber = 2 * .pi * Double(mode) / grid.length
      // Two conjugate modes of K = response/k each.
      sum.add(response[mode] / wavenumber * (re * re + im * im) * scale * scale)
    }
    return -sum.value
  }
}
