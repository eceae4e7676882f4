import Libc
import OptimalTransport
import PhaseSpace

/// How near agents with strong local alignment and noise are to their Maxwellian limit: the relative entropy
/// H(f^ε|μ), and distances of the densities in L¹ and W₂, for some ε.
///
/// Both start from the same Maxwellian. The claim is H → 0 for δ = o(ε); its order is measured. By Csiszár's and
/// Kullback's inequality ‖ρ^ε − ρ‖²_{L¹} ≤ 2H, which is checked. Source: R. Shvydkoy and T. Teolis (2024), Theorems 3.7
/// and 3.8.
public struct MaxwellianStudy: Sendable {
  /// One sampled time.
  public struct Row: Sendable, Codable {
    /// The physical time of both solutions.
    public let time: Double
    /// H(f^ε|μ).
    public let entropy: Double
    /// ‖ρ^ε − ρ‖_{L¹}.
    public let densityDifference: Double
    /// W₂ of the densities, each by points of equal mass.
    public let positionDistance: Double
    /// W₂ of f^ε and μ, each by points of equal mass in phase space: exact for these.
    public let distance: Double
    /// Its proved bracket.
    public let distanceBounds: ProvedBounds

    /// Whether Csiszár's and Kullback's inequality holds, but for the quadratures.
    public var isWithinEntropy: Bool {
      densityDifference * densityDifference <= 2 * entropy * (1 + 1e-6) + 1e-14
    }
  }

  /// What was found for an ε.
  public struct Report: Sendable, Codable {
    /// ε.
    public let epsilon: Double
    /// δ.
    public let width: Double
    /// The sampled times after the start.
    public let rows: [Row]

    /// sup H(t).
    public var largestEntropy: Double { rows.reduce(0) { max($0, $1.entropy) } }
    /// H at the end.
    public var lastEntropy: Double { rows.last?.entropy ?? 0 }
    /// sup ‖ρ^ε − ρ‖_{L¹}.
    public var largestDensityDifference: Double { rows.reduce(0) { max($0, $1.densityDifference) } }
    /// sup W₂ of the densities.
    public var largestPositionDistance: Double { rows.reduce(0) { max($0, $1.positionDistance) } }
    /// sup W₂ of f^ε and μ.
    public var largestDistance: Double { rows.reduce(0) { max($0, $1.distance) } }
  }

  /// ρ and u at the start.
  public let start: FluidState
  /// φ.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// How many points of equal mass stand for a density.
  public let cloudCount: Int
  /// How many positions stand for a density in phase space, and how many velocities at each of them.
  public let phaseCloud: (positions: Int, velocities: Int)

  private let limit: [(time: Double, state: FluidState)]

  /// A study beside the limit, which is followed here once.
  ///
  /// - Parameters:
  ///   - start: ρ and u at the start.
  ///   - kernel: φ.
  ///   - strength: λ, 0 or more.
  ///   - times: the sampled times after the start, increasing.
  ///   - cloudCount: how many points of equal mass stand for a density.
  ///   - phaseCloud: how many positions stand for a density in phase space, and how many velocities at each.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    start: FluidState, kernel: CommunicationKernel, strength: Double, times: [Double],
    cloudCount: Int = 1000, phaseCloud: (positions: Int, velocities: Int) = (96, 16)
  ) throws(KineticModelError) {
    guard 2...100_000 ~= cloudCount else {
      throw .badParameter(
        name: "cloud", value: Double(cloudCount), requirement: "from 2 to 100000 points")
    }
    guard 2...4096 ~= phaseCloud.positions, 1...1024 ~= phaseCloud.velocities else {
      throw .badParameter(
        name: "cloud", value: Double(phaseCloud.positions),
        requirement: "from 2 to 4096 positions and from 1 to 1024 velocities")
    }
    self.phaseCloud = phaseCloud
    self.start = start
    self.kernel = kernel
    self.strength = strength
    self.cloudCount = cloudCount
    var fluid = try AlignedFluid(start, kernel: kernel, strength: strength)
    var limit: [(Double, FluidState)] = []
    for time in times {
      try fluid.advance(to: time)
      limit.append((time, fluid.state))
    }
    self.limit = limit
  }

  /// Follows f for an ε, and measures how far it is from the limit.
  ///
  /// - Throws: `KineticModelError`.
  public func run(
    epsilon: Double, width: Double = 0, modeCount: Int = 32, progress: ProgressHandler? = nil
  ) throws(KineticModelError) -> Report {
    var flow = try MaxwellianAlignmentFlow(
      start, kernel: kernel, strength: strength, epsilon: epsilon, width: width,
      modeCount: modeCount)
    let table = VelocityTable(try .hermite(modeCount, relaxing: false))
    var previous: TransportSolution?
    var rows: [Row] = []
    for (index, (time, fluid)) in limit.enumerated() {
      try progress.follows(
        "epsilon \(epsilon)", time: time, fraction: Double(index) / Double(limit.count))
      try flow.advance(to: time)
      let state = flow.state
      let solution = try KineticMetric.solution(
        exponent: 2, from: cloud(of: flow, table), to: cloud(of: fluid, at: time),
        after: previous, progress: progress.forAnotherProblem)
      previous = solution
      let difference = CompensatedSum(
        zip(state.densities, fluid.densities).lazy.map { abs($0 - $1) }
      ).value
      rows.append(
        Row(
          time: time, entropy: flow.relativeEntropy(to: fluid),
          densityDifference: difference * start.step,
          positionDistance: try distance(state, fluid), distance: solution.distance,
          distanceBounds: solution.distanceBounds))
    }
    return Report(epsilon: epsilon, width: width, rows: rows)
  }

  /// Equal masses at the quantiles of ρ^ε, and at each of these places at those of f^ε(x, ·).
  private func cloud(
    of flow: MaxwellianAlignmentFlow, _ table: VelocityTable
  ) throws(KineticModelError) -> PhaseSpaceMeasure {
    let places = flow.state.quantiles(phaseCloud.positions)
    let coefficients = TrigonometricInterpolant.values(
      of: flow.modes, at: places, length: flow.length)
    return try QuantileCloud.measure(
      places, table.quantiles(phaseCloud.velocities, of: coefficients), length: flow.length,
      time: flow.time)
  }

  /// The same of the Maxwellian μ about the velocity of a fluid.
  private func cloud(
    of fluid: FluidState, at time: Double
  ) throws(KineticModelError) -> PhaseSpaceMeasure {
    let places = fluid.quantiles(phaseCloud.positions)
    let values = TrigonometricInterpolant.values(
      of: [fluid.velocities], at: places, length: fluid.length)
    let normal = (0..<phaseCloud.velocities).map {
      NormalQuantile.value((Double($0) + 0.5) / Double(phaseCloud.velocities))
    }
    return try QuantileCloud.measure(
      places, values.map { value in normal.map { value[0] + $0 } }, length: fluid.length,
      time: time)
  }

  private func distance(
    _ first: FluidState, _ second: FluidState
  ) throws(KineticModelError) -> Double {
    let clouds: [PhaseSpaceMeasure]
    do {
      let box = try ProductDomain([.circle(length: start.length)])
      clouds = try [first, second].map {
        try PhaseSpaceMeasure(positions: [$0.quantiles(cloudCount)], velocities: [], box: box)
      }
    } catch {
      throw .flow(.notFinite(time: 0))
    }
    return try KineticMetric.solution(
      exponent: 2, from: clouds[0], to: clouds[1], space: .position
    ).distance
  }
}

extension FluidState {
  /// The places below which (i + ½)/count of the mass is, by the trigonometric interpolant's integral.
  func quantiles(_ count: Int) -> [Double] {
    let n = densities.count
    let fine = 16 * n
    var (cosines, sines) = ([Double](), [Double]())
    for mode in 1...max(1, n / 3) {
      var (c, s) = (0.0, 0.0)
      for (i, value) in densities.enumerated() {
        let angle = 2 * Double.pi * Double(i * mode % n) / Double(n)
        c += value * cos(angle)
        s += value * sin(angle)
      }
      let factor = 2 * step * length / (2 * Double.pi * Double(mode)) / length
      cosines.append(factor * c)
      sines.append(factor * s)
    }
    var (masses, slopes) = ([Double](), [Double]())
    for index in 0...fine {
      var (mass, slope) = (Double(index) / Double(fine), 1 / length)
      for mode in cosines.indices {
        let angle = 2 * Double.pi * Double(index * (mode + 1) % fine) / Double(fine)
        let (c, s) = (cos(angle), sin(angle))
        mass += cosines[mode] * s + sines[mode] * (1 - c)
        slope +=
          2 * Double.pi * Double(mode + 1) / length * (cosines[mode] * c + sines[mode] * s)
      }
      masses.append(mass)
      slopes.append(slope)
    }
    let table = QuantileTable(
      start: 0, step: length / Double(fine), cumulative: masses, density: slopes)
    return QuantileCloud.points(count, table.callAsFunction)
  }
}
