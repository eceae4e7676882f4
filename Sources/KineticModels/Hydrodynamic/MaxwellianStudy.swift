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
  public struct Row: Sendable {
    /// The physical time of both solutions.
    public let time: Double
    /// H(f^ε|μ).
    public let entropy: Double
    /// ‖ρ^ε − ρ‖_{L¹}.
    public let densityDifference: Double
    /// W₂ of the densities, each by points of equal mass.
    public let positionDistance: Double

    /// Whether Csiszár's and Kullback's inequality holds, but for the quadratures.
    public var isWithinEntropy: Bool {
      densityDifference * densityDifference <= 2 * entropy * (1 + 1e-6) + 1e-14
    }
  }

  /// What was found for an ε.
  public struct Report: Sendable {
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
  }

  /// ρ and u at the start.
  public let start: FluidState
  /// φ.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// How many points of equal mass stand for a density.
  public let cloudCount: Int

  private let limit: [(time: Double, state: FluidState)]

  /// A study beside the limit, which is followed here once.
  ///
  /// - Parameters:
  ///   - start: ρ and u at the start.
  ///   - kernel: φ.
  ///   - strength: λ, 0 or more.
  ///   - times: the sampled times after the start, increasing.
  ///   - cloudCount: how many points of equal mass stand for a density.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    start: FluidState, kernel: CommunicationKernel, strength: Double, times: [Double],
    cloudCount: Int = 1000
  ) throws(KineticModelError) {
    guard 2...100_000 ~= cloudCount else {
      throw .badParameter(
        name: "cloud", value: Double(cloudCount), requirement: "from 2 to 100000 points")
    }
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
    var rows: [Row] = []
    for (index, (time, fluid)) in limit.enumerated() {
      do throws(SolverError) {
        try progress.report(
          .following("epsilon \(epsilon)", time: time),
          fraction: Double(index) / Double(limit.count))
      } catch {
        throw .solver(error)
      }
      try flow.advance(to: time)
      let state = flow.state
      let difference = CompensatedSum(
        zip(state.densities, fluid.densities).lazy.map { abs($0 - $1) }
      ).value
      rows.append(
        Row(
          time: time, entropy: flow.relativeEntropy(to: fluid),
          densityDifference: difference * start.step,
          positionDistance: try distance(state, fluid)))
    }
    return Report(epsilon: epsilon, width: width, rows: rows)
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
    let problem: TransportProblem
    do throws(KineticMetricError) {
      problem = try KineticMetric.standard(exponent: 2)
        .problem(from: clouds[0], to: clouds[1], space: .position)
    } catch {
      throw .metric(error)
    }
    do throws(SolverError) {
      return try AutomaticSolver().solve(problem).distance
    } catch {
      throw .solver(error)
    }
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
    var masses: [Double] = []
    for index in 0...fine {
      var mass = Double(index) / Double(fine)
      for mode in cosines.indices {
        let angle = 2 * Double.pi * Double(index * (mode + 1) % fine) / Double(fine)
        mass += cosines[mode] * sin(angle) + sines[mode] * (1 - cos(angle))
      }
      masses.append(max(mass, masses.last ?? 0))
    }
    var cell = 0
    return (0..<count).map { i in
      let target = (Double(i) + 0.5) / Double(count)
      while cell + 1 < fine, masses[cell + 1] < target { cell += 1 }
      let gap = masses[cell + 1] - masses[cell]
      let part = gap > 0 ? min(max((target - masses[cell]) / gap, 0), 1) : 0.5
      return length * (Double(cell) + part) / Double(fine)
    }
  }
}
