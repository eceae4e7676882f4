import CharacteristicFlows
import Libc
import OptimalTransport

/// A solution of a `RelaxationEquation` by Fourier series in x and the modes of the collision operator in v,
/// for every ε ≥ 0; at ε = 0 it is that of the limit equation.
///
/// f = M·Σc_n(t, x)p_n(v) is kept as ρ = c_0 and g_n = c_n/ε, which stay of order 1 as ε → 0:
///
///     ∂tρ = −∂xΣA_0n g_n,
///     ε²∂tg_m = −εΣ_{n≥1}(A_mn∂x − F·B_mn)g_n − (A_m0∂x − F·B_m0)ρ − ν(ρ)μ_m g_m.
///
/// A step is that of the method ARS(4,4,3), of order 3, in its micro–macro form: ρ is explicit in each stage, so
/// that the stiff terms are divided by at each point, whatever ν is. Sources: U. M. Ascher, S. J. Ruuth and
/// R. J. Spiteri, Appl. Numer. Math. 25 (1997), doi:10.1016/S0168-9274(97)00056-1; J. Jang, F. Li, J.-M. Qiu
/// and T. Xiong, SIAM J. Numer. Anal. 52 (2014), doi:10.1137/130938955. The method is asymptotic preserving,
/// and conserves mass exactly.
public struct ModeFlow: Sendable {
  /// The equation.
  public let equation: RelaxationEquation
  /// ε.
  public let epsilon: Double
  /// L, the length of the circle.
  public let length: Double
  /// The modes of the velocities.
  public let basis: VelocityBasis
  /// No step is longer.
  public let step: Double
  /// The longest step for which the method is stable.
  public let stableStep: Double
  /// The physical time.
  public package(set) var time: Double
  /// ρ(x_i), x_i = iL/n, with ∫ρ = 1; in the frame that moves with V/ε where M has a mean velocity V.
  public internal(set) var density: [Double]
  /// g_n(x_i) at `moments[(n - 1) * positionCount + i]`.
  var moments: [Double]
  /// When the run began: its first steps resolve the initial layer.
  let startTime: Double
  /// The largest ν at the start.
  let largestRate: Double
  let along: LineTransform
  let alongModes: LineTransform
  /// cos(2πmx_i/L) and sin(2πmx_i/L) for the harmonics of the potentials.
  let harmonics: [(cosine: [Double], sine: [Double])]

  /// A solution that starts from a density and, beside the equilibrium, from other modes.
  ///
  /// - Parameters:
  ///   - equation: what is solved.
  ///   - epsilon: ε, 0 for the limit equation.
  ///   - length: L.
  ///   - density: ρ at iL/n, up to a factor, for an even n.
  ///   - perturbation: what f has beside ρM, with the same factor; `nil` for f = ρM.
  ///   - modeCount: how many modes; `nil` for as many as the equation needs.
  ///   - step: the longest step; `nil` for the longest stable one.
  ///   - time: the physical time of the start.
  /// - Throws: `KineticModelError`.
  public init(
    _ equation: RelaxationEquation, epsilon: Double, length: Double, density: [Double],
    perturbation: VelocityPerturbation? = nil, modeCount: Int? = nil, step: Double? = nil,
    time: Double = 0
  ) throws(KineticModelError) {
    try Self.check(equation, epsilon, length: length, time: time, modeCount: modeCount)
    if let least = density.min(), least < 0 || least == 0 && equation.exponent != 0 {
      throw .nonpositiveDensity(value: least, exponent: equation.exponent)
    }
    let mean = CompensatedSum(density).value * length / Double(max(1, density.count))
    let rates = Self.rates(density.map { $0 / mean }, equation.exponent)
    let least = rates.reduce(1) { $1 > 0 ? min($0, $1) : $0 }
    let basis = try equation.basis(
      epsilon: epsilon, length: length, rate: least, count: modeCount)
    var (density, modes) = (density, [[Double]]())
    if let perturbation {
      guard perturbation.amplitudes.count == density.count else {
        throw .flow(.badGrid("an amplitude of the perturbation for each position"))
      }
      let parts = basis.projection(perturbation.profile)
      let lines = parts.map { part in perturbation.amplitudes.map { $0 * part } }
      density = zip(density, lines[0]).map { $0 + $1 }
      modes = Array(lines.dropFirst())
    }
    try self.init(
      equation, epsilon: epsilon, length: length, basis: basis, density: density, modes: modes,
      step: step, time: time)
  }

  /// The same with given modes of the velocities, and c_1, c_2, … at the start.
  init(
    _ equation: RelaxationEquation, epsilon: Double, length: Double, basis: VelocityBasis,
    density: [Double], modes: [[Double]], step: Double?, time: Double
  ) throws(KineticModelError) {
    do throws(FlowError) { try FourierLibrary.require(for: "solution by modes") } catch {
      throw .flow(error)
    }
    let n = density.count
    guard 4...1 << 15 ~= n, n.isMultiple(of: 2), modes.allSatisfy({ $0.count == n }),
      let along = LineTransform(length: n, lineCount: 1, stride: 1, distance: n),
      let alongModes = LineTransform(
        length: n, lineCount: basis.count - 1, stride: 1, distance: n)
    else { throw .flow(.badGrid("an even number of positions, from 4 to 32768")) }
    let mass = CompensatedSum(density).value * length / Double(n)
    guard density.allSatisfy(\.isFinite), modes.allSatisfy({ $0.allSatisfy(\.isFinite) }), mass > 0
    else { throw .flow(.badGrid("a density with a positive finite integral")) }
    self.equation = equation
    self.epsilon = epsilon
    self.length = length
    self.basis = basis
    self.along = along
    self.alongModes = alongModes
    (self.time, startTime) = (time, time)
    self.density = density.map { $0 / mass }
    moments = Array(repeating: 0, count: (basis.count - 1) * n)
    let last = max(equation.external.harmonicCount, equation.interaction.harmonicCount)
    guard 2 * last < n else {
      throw .badParameter(
        name: "number of positions", value: Double(n),
        requirement: "more than twice the \(last) harmonics of the potentials")
    }
    harmonics = (0..<last).map { index in
      let angles = (0..<n).map { 2 * Double.pi * Double((index + 1) * $0) / Double(n) }
      return (angles.map { cos($0) }, angles.map { sin($0) })
    }
    let scale = 1 / (mass * max(epsilon, .leastNormalMagnitude))
    if epsilon > 0 {
      for (index, mode) in modes.prefix(basis.count - 1).enumerated() {
        for i in 0..<n { moments[index * n + i] = mode[i] * scale }
      }
    }
    let range = Self.range(self.density, modes.map { $0.map { $0 / mass } }, basis)
    if equation.exponent != 0, range.lowerBound <= 0 {
      throw .nonpositiveDensity(value: range.lowerBound, exponent: equation.exponent)
    }
    let rates = [range.lowerBound, range.upperBound].map { Self.power($0, equation.exponent) }
    largestRate = max(rates[0], rates[1])
    stableStep = Self.stableStep(
      basis, epsilon: epsilon, rate: min(rates[0], rates[1]),
      wavenumber: 2 * .pi / length * Double(n / 2 - 1),
      force: equation.forceBound(length: length))
    if let step {
      guard step > 0, step.isFinite else { throw .flow(.badStep(step)) }
      guard step <= stableStep else { throw .unstableStep(step: step, stable: stableStep) }
    }
    self.step = step ?? stableStep
    if epsilon == 0 { relax() }
  }

  /// ρ^α, with the bounds of an f between A⁻¹M and AM in the place of ρ.
  private static func power(_ density: Double, _ exponent: Double) -> Double {
    exponent == 0 ? 1 : pow(density, exponent)
  }

  /// The range of f/M, which no later density leaves.
  private static func range(
    _ density: [Double], _ modes: [[Double]], _ basis: VelocityBasis
  ) -> ClosedRange<Double> {
    var (least, largest) = (density.min() ?? 0, density.max() ?? 0)
    if !modes.isEmpty {
      for velocity in stride(from: -4.0, through: 4, by: 0.125) {
        let values = basis.values(at: velocity)
        for i in density.indices {
          var quotient = density[i]
          for (index, mode) in modes.enumerated() where index + 1 < values.count {
            quotient += mode[i] * values[index + 1]
          }
          (least, largest) = (min(least, quotient), max(largest, quotient))
        }
      }
    }
    return least...max(least, largest)
  }

  private static func check(
    _ equation: RelaxationEquation, _ epsilon: Double, length: Double, time: Double,
    modeCount: Int?
  ) throws(KineticModelError) {
    guard epsilon >= 0, epsilon.isFinite else {
      throw .badParameter(name: "epsilon", value: epsilon, requirement: "0 or more, and finite")
    }
    guard length > 0, length.isFinite, length.isNormal else {
      throw .badParameter(name: "length", value: length, requirement: "positive and finite")
    }
    guard time.isFinite else { throw .flow(.badTime(time)) }
    if let modeCount, !(2...RelaxationEquation.modeLimit ~= modeCount) {
      throw .badParameter(
        name: "modes", value: Double(modeCount),
        requirement: "from 2 to \(RelaxationEquation.modeLimit)")
    }
    let limit: Double = if case .bgk = equation.collision { 0.1 } else { 1 }
    guard epsilon <= limit * length else { throw .freePathTooLong(epsilon, limit: limit * length) }
  }

  /// The longest step for which the spectral radius of a step's symbol is at most 1, by a scan over ε, the
  /// number of modes and the wave number, with a tenth to spare (Documentation/KineticModels.md).
  private static func stableStep(
    _ basis: VelocityBasis, epsilon: Double, rate: Double, wavenumber: Double, force: Double
  ) -> Double {
    var step = rate / (basis.diffusion * wavenumber * wavenumber)
    let frequency = wavenumber * basis.largestSpeed + force * basis.largestSlope
    if epsilon * frequency > 0.4 * rate * basis.rates[1] {
      step = min(step, 1.4 * epsilon / frequency)
    }
    return 0.9 * step
  }

  // MARK: What can be asked

  /// The number of positions.
  public var positionCount: Int { density.count }

  /// c_n(x_i) for a mode n.
  public func mode(_ index: Int) -> [Double] {
    guard index > 0 else { return density }
    let n = positionCount
    return moments[(index - 1) * n..<index * n].map { $0 * epsilon }
  }

  /// ∂x of values at x_i.
  func slope(of values: [Double]) -> [Double] {
    var slopes = values
    along.differentiate(&slopes, wavenumber: 2 * .pi / length)
    return slopes
  }

  /// The solution of the limit equation from the density of this one now.
  ///
  /// - Parameter isCorrected: from ρ − ε∇·(j/ν) with the flux j = ∫(v − V)f instead of ρ: what an initial layer
  ///   makes of the density to the order ε.
  /// - Throws: `KineticModelError`.
  public func limit(isCorrected: Bool = false) throws(KineticModelError) -> ModeFlow {
    var start = density
    if isCorrected, epsilon > 0 {
      let rates = Self.rates(density, equation.exponent)
      let moved = slope(of: layerFlux.indices.map { layerFlux[$0] / rates[$0] })
      for i in start.indices { start[i] -= epsilon * moved[i] }
    }
    let few: VelocityBasis
    switch equation.collision {
    case .bgk: few = try .hermite(2, relaxing: true)
    case .fokkerPlanck: few = try .hermite(2, relaxing: false)
    case .swarm: few = basis
    }
    return try ModeFlow(
      equation, epsilon: 0, length: length, basis: few, density: start, modes: [], step: nil,
      time: time)
  }

  /// ΣA_0n·c_n/μ_n: what flows away while the modes relax, times ν/ε.
  private var layerFlux: [Double] {
    let n = positionCount
    var flux = [Double](repeating: 0, count: n)
    for index in 1..<basis.count {
      let factor = basis.transport[0, index] * epsilon / basis.rates[index]
      guard factor != 0 else { continue }
      for i in 0..<n { flux[i] += factor * moments[(index - 1) * n + i] }
    }
    return flux
  }

  static func rates(_ density: [Double], _ exponent: Double) -> [Double] {
    density.map { power($0, exponent) }
  }
}
