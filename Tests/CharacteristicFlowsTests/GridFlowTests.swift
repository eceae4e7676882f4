import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// The semi-Lagrangian representation, and plasma waves whose rates are known.
@Suite struct GridFlowTests {
  private func maxwellian(_ v: Double) -> Double { exponential(-v * v / 2) }

  /// (1 + α cos kx)·M(v) on a circle of length 2π/k.
  private func landau(
    _ k: Double, amplitude: Double, positions: Int = 32, velocities: Int = 256
  ) throws -> PhaseSpaceGrid {
    try PhaseSpaceGrid(
      length: 2 * .pi / k, velocityRange: -9...9, positionCount: positions,
      velocityCount: velocities
    ) { x, v in (1 + amplitude * cosine(k * x)) * maxwellian(v) }
  }

  /// The amplitude of the first mode of the force at equal times.
  private func record(
    _ flow: GridFlow, every: Double, from start: Double, to end: Double
  ) throws -> [Double] {
    var flow = flow
    var found: [Double] = []
    for index in 0... {
      let time = start + Double(index) * every
      guard time <= end + 1e-9 else { break }
      try flow.advance(to: time)
      found.append(try flow.forceMode(1).sine)
    }
    return found
  }

  /// Modes that the grid does not have are refused: they once ended the process.
  @Test(arguments: [-1, 0, 9, 1000]) func modesThatAreNoneAreRefused(mode: Int) throws {
    let grid = try PhaseSpaceGrid(
      length: 1, velocityRange: -1...1, positionCount: 16, velocityCount: 16
    ) { _, _ in 1 }
    let flow = try GridFlow(grid: grid, field: .free, step: 1)
    #expect(throws: FlowError.self) { try flow.forceMode(mode) }
    #expect(try flow.forceMode(8) == (0, 0))
  }

  /// Steps of a grid that are no numbers.
  @Test func extremeGridsAreRefused() {
    for (length, range) in [
      (Double.leastNonzeroMagnitude, -1.0...1), (1, -1.7e308...1.7e308),
      (1, 0...Double.leastNonzeroMagnitude),
    ] {
      #expect(throws: FlowError.self) {
        try PhaseSpaceGrid(
          length: length, velocityRange: range, positionCount: 16, velocityCount: 16
        ) { _, _ in 1 }
      }
    }
  }

  // MARK: Landau damping

  @Test(arguments: [
    (0.5, 1.4156618886045, -0.1533594669096), (0.3, 1.1598464805919, -0.012620368421117),
  ])
  func landauDampingToFourDigits(k: Double, frequency: Double, rate: Double) throws {
    let flow = try GridFlow(
      grid: landau(k, amplitude: 1e-4), field: .vlasovPoisson(epsilon: 1), integrator: .yoshida4,
      step: 0.0625)
    let wave = try #require(
      DampedWave(
        try record(flow, every: 0.5, from: k < 0.4 ? 25 : 15, to: k < 0.4 ? 60 : 40), step: 0.5))
    #expect(abs(wave.frequency / frequency - 1) < 5e-5)
    #expect(abs(wave.rate / rate - 1) < 5e-5)
  }

  /// The same waves on the sheets of a quiet start; the noise of 2·10⁵ particles sets the tolerance. A
  /// weakly damped wave must be small, or it traps particles before it is damped.
  @Test(arguments: [
    (0.5, 0.02, 16, 1.4156618886045, -0.1533594669096),
    (0.3, 0.004, 40, 1.1598464805919, -0.012620368421117),
  ])
  func landauDampingOfParticles(
    k: Double, amplitude: Double, samples: Int, frequency: Double, rate: Double
  ) throws {
    let sample = try SampleFamily.densityWave.sample(
      count: 200_000, seed: 1, isQuiet: true,
      parameters: ["amplitude": amplitude, "length": 2 * .pi / k])
    var flow = try CharacteristicFlow(
      measure: sample, field: SheetField(epsilon: 1), step: 0.1)
    var found: [Double] = []
    for index in 0...samples {
      try flow.advance(to: (k < 0.4 ? 8 : 4) + 0.5 * Double(index))
      found.append(
        CompensatedSum(flow.particles.positions.lazy.map { cosine(k * $0) }).value)
    }
    let wave = try #require(DampedWave(found, step: 0.5))
    #expect(abs(wave.frequency / frequency - 1) < 0.01, "\(wave.frequency)")
    #expect(abs(wave.rate - rate) < (k < 0.4 ? 0.1 : 0.05) * -rate, "\(wave.rate)")
  }

  /// A strong wave first decays, then grows again (α = k = ½): the slopes
  /// through the first two of the highest points, and through those from t = 20 to 40.
  @Test func nonlinearLandauDamping() throws {
    var flow = try GridFlow(
      grid: landau(0.5, amplitude: 0.5, positions: 64, velocities: 512),
      field: .vlasovPoisson(epsilon: 1), step: 0.1)
    var peaks: [(time: Double, height: Double)] = []
    var values = [0.0, 0.0]
    while flow.time < 42 {
      try flow.advance(to: flow.time + 0.1)
      values.append(abs(try flow.forceMode(1).sine))
      let (a, b, c) = (values[values.count - 3], values[values.count - 2], values[values.count - 1])
      if b > a, b >= c { peaks.append((flow.time - 0.1, logarithm(b))) }
    }
    func slope(_ range: ClosedRange<Double>) -> Double {
      let chosen = peaks.filter { range.contains($0.time) }
      let n = Double(chosen.count)
      let t = chosen.reduce(0) { $0 + $1.time } / n
      let h = chosen.reduce(0) { $0 + $1.height } / n
      return chosen.reduce(0) { $0 + ($1.time - t) * ($1.height - h) }
        / chosen.reduce(0) { $0 + ($1.time - t) * ($1.time - t) }
    }
    #expect(abs(slope(1...5) + 0.292) < 0.01)
    #expect(abs(slope(20...40) - 0.082) < 0.004)
  }

  /// Two warm beams: growth without oscillation.
  @Test func twoStreamGrowth() throws {
    let k = 0.2
    let grid = try PhaseSpaceGrid(
      length: 2 * .pi / k, velocityRange: -10...10, positionCount: 16, velocityCount: 256
    ) { x, v in
      (1 + 1e-9 * cosine(k * x)) * (maxwellian(v - 2.4) + maxwellian(v + 2.4))
    }
    let flow = try GridFlow(
      grid: grid, field: .vlasovPoisson(epsilon: 1), integrator: .yoshida4, step: 0.125)
    let found = try record(flow, every: 1, from: 55, to: 65)
    let rate = logarithm(found[10] / found[0]) / 10
    #expect(abs(rate / 0.22584425503 - 1) < 1e-4)
  }

  // MARK: Conservation

  @Test func whatTheGridConserves() throws {
    var flow = try GridFlow(
      grid: landau(0.5, amplitude: 0.05), field: .vlasovPoisson(epsilon: 1), step: 0.05)
    let start = flow
    try flow.advance(to: 5)
    let (before, after) = (start.diagnostics, flow.diagnostics)
    #expect(abs(after.mass - 1) < 1e-13)
    #expect(abs(after.momentum[0]) < 1e-13)
    #expect(abs(((after.energy ?? 0) - (before.energy ?? 1)) / (before.energy ?? 1)) < 5e-6)
    #expect(abs(flow.grid.squareNorm / start.grid.squareNorm - 1) < 1e-12)
    try flow.advance(to: 0)
    let difference = zip(flow.grid.values, start.grid.values).map { abs($0 - $1) }.max() ?? 1
    #expect(difference < 1e-13)
  }

  @Test func freeTransportIsExact() throws {
    var flow = try GridFlow(grid: landau(0.5, amplitude: 0.5), field: .free, step: 100)
    try flow.advance(to: 3.7)
    let grid = flow.grid
    let scale = grid.values.max() ?? 0
    var error = 0.0
    for j in 0..<grid.velocityCount {
      for i in 0..<grid.positionCount {
        let (x, v) = (grid.position(i), grid.velocity(j))
        let exact = (1 + 0.5 * cosine(0.5 * (x - 3.7 * v))) * maxwellian(v)
        error = max(error, abs(grid.values[j * grid.positionCount + i] - exact / 2 / 15.7496))
      }
    }
    // 2·15.7496 = ∫ = (2π/k)·√(2π).
    #expect(error < 1e-5 * scale)
  }

  // MARK: The two representations

  /// The force of the grid on its own density, and that of its particles.
  @Test func gridAndParticlesFeelTheSameForce() throws {
    let grid = try landau(0.5, amplitude: 0.3, positions: 64)
    let box = try ProductDomain([.circle(length: 4 * .pi)])
    let particles = try ParticleState(grid.measure())
    let cases: [(GridFlow.Field, any ForceField)] = [
      (.vlasovPoisson(epsilon: 0.7), try SheetField(epsilon: 0.7)),
      (
        .vlasovPoisson(epsilon: 0.7, isAttractive: true),
        try SheetField(epsilon: 0.7, isAttractive: true)
      ),
      (.cosine(curvature: -2), try CosineField(curvature: -2, box: box)),
    ]
    for (gridField, field) in cases {
      let flow = try GridFlow(grid: grid, field: gridField, step: 0.1)
      let found = accelerations(field, particles)
      let scale = found.map(abs).max() ?? 0
      let force = flow.force
      let error =
        zip(particles.positions, found).map { place, value in
          abs(force[Int((place / grid.positionStep).rounded())] - value)
        }.max() ?? .infinity
      // Sheets on 64 places: the trapezoidal rule errs by (2π/64)²/12 of the first mode.
      #expect(error < 3e-3 * scale, "\(error / scale)")
      let energy = try #require(field.potentialEnergy(of: particles, at: 0))
      let mine = try #require(flow.diagnostics.potentialEnergy)
      #expect(abs(mine - energy) < 0.02 * abs(energy), "\(mine) \(energy)")
    }
  }

  @Test func particlesBecomeAGridAndParticlesAgain() throws {
    let sample = try SampleFamily.densityWave.sample(
      count: 20_000, seed: 1, isQuiet: true, parameters: ["amplitude": 0.3])
    let grid = try PhaseSpaceGrid(
      sample, velocityRange: -8...8, positionCount: 32, velocityCount: 128)
    #expect(abs(grid.mass - 1) < 1e-13)
    let mean = zip(sample.velocity(0), sample.masses).reduce(0) { $0 + $1.0 * $1.1 }
    let flow = try GridFlow(grid: grid, field: .free, step: 1)
    #expect(abs(flow.diagnostics.momentum[0] - mean) < 1e-13)
    let back = try grid.measure()
    let distance = try KineticMetric.standard(exponent: 1).distance(
      from: back, to: sample, space: .position)
    // Splines spread a particle over ±2 steps of 1/32, less where they are many.
    #expect(distance.distance < 1e-2)
    #expect(throws: FlowError.self) {
      try PhaseSpaceGrid(sample, velocityRange: -1...1, positionCount: 32, velocityCount: 32)
    }
  }
}

/// The wave e^{γt}·cos(ωt + φ) behind values at equal times: each is a fixed combination of the two
/// before it, found by least squares.
private struct DampedWave {
  let frequency: Double
  let rate: Double

  init?(_ values: [Double], step: Double) {
    var (aa, ab, bb, ay, by) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for n in 2..<values.count {
      let (a, b, y) = (values[n - 1], values[n - 2], values[n])
      aa += a * a
      ab += a * b
      bb += b * b
      ay += a * y
      by += b * y
    }
    let determinant = aa * bb - ab * ab
    let first = (ay * bb - by * ab) / determinant
    let second = (aa * by - ab * ay) / determinant
    // first = 2e^{γh} cos ωh, second = −e^{2γh}.
    guard second < 0 else { return nil }
    rate = logarithm(-second) / (2 * step)
    let c = first / (2 * (-second).squareRoot())
    guard abs(c) < 1 else { return nil }
    frequency = arccosine(c) / step
  }
}
