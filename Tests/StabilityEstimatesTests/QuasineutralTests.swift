import CharacteristicFlows
import Foundation
import OptimalTransport
import PhaseSpace
import StabilityEstimates
import Testing

/// The kinetic incompressible Euler limit of Vlasov–Poisson, and the filtered distribution.
@Suite struct QuasineutralTests {
  private let circle: ProductDomain
  init() throws { circle = try ProductDomain([.circle(length: 1)]) }

  /// A uniform density on a lattice, with velocities on a lattice of quantiles whose spread varies
  /// with the place: √T(x), T = T₀(1 + δ·cos 2πx). Each place has the same velocities but for their
  /// spread, so that the current is the drift J everywhere.
  private func start(
    places: Int = 24, speeds: Int = 24, spread: Double = 0.3, contrast: Double = 0.4,
    drift: Double = 0.2
  ) throws -> PhaseSpaceMeasure {
    var (x, v): ([Double], [Double]) = ([], [])
    for i in 0..<places {
      let place = (Double(i) + 0.5) / Double(places)
      let width = spread * (1 + contrast * cos(2 * .pi * place)).squareRoot()
      for j in 0..<speeds {
        // The uniform law on (−√3, √3) has variance 1: one water bag, which is stable.
        let quantile = 3.0.squareRoot() * (2 * (Double(j) + 0.5) / Double(speeds) - 1)
        x.append(place)
        v.append(drift + width * quantile)
      }
    }
    return try PhaseSpaceMeasure(positions: [x], velocities: [v], box: circle, time: 0)
  }

  private func limit(
    _ epsilon: Double, current: Double, until: Double = 0.4
  ) throws -> QuasineutralLimit {
    let scan = try QuasineutralScan(
      starts: [], thetas: [], duration: until, samples: 4, stepsPerPlasmaTime: 20, meshCells: 24,
      limitModes: 6)
    let measure = try start().addingCurrent(current)
    return try #require(
      try scan.limit(of: QuasineutralScan.Start(epsilon: epsilon, measure: measure)))
  }

  /// E of a known pressure, and its sign: the force points to where the pressure is larger.
  @Test func theForceIsTheGradientOfThePressure() throws {
    let particles = try ParticleState(try start(drift: 0))
    let field = try IncompressibleEulerField(modes: 3, box: circle)
    let found = field.accelerations(of: particles)
    // ∫v²f = T₀(1 + δ cos 2πx)·(1 − 1/n²) on quantiles of n points.
    let pressure = 0.09 * (1 - 1 / 576.0)
    let errors = zip(particles.position(0), found).map { x, value in
      abs(value + pressure * 0.4 * 2 * .pi * sin(2 * .pi * x))
    }
    #expect(errors.allSatisfy { $0 < 1e-12 }, "\(errors.max() ?? 0)")
  }

  /// Cold beams ±u: waves of number k grow like e^{ku·t}, the limit κ → 0 of the cold beams of
  /// Vlasov–Poisson. The wrong sign of the force lets them oscillate.
  @Test func coldBeamsGrow() throws {
    let speed = 0.7
    let beams = try PhaseSpaceMeasure.counterStreamingBeams(count: 64, speed: speed)
    var flow = try CharacteristicFlow(
      measure: try beams.addingCurrent(1e-10),
      field: IncompressibleEulerField(modes: 1, box: circle), integrator: .rungeKutta4, step: 0.005)
    func amplitude() -> Double {
      // The pressure's first wave; both beams have their part in it.
      let waves = zip(flow.particles.positions, flow.particles.velocities).map {
        SIMD2(cos(2 * .pi * $0), sin(2 * .pi * $0)) * $1 * $1
      }
      let sum = waves.reduce(SIMD2.zero, +)
      return (sum * sum).sum().squareRoot() / Double(waves.count)
    }
    // The current itself stays, and its part of the waves is left behind.
    try flow.advance(to: 2)
    let before = amplitude()
    try flow.advance(to: 3)
    let rate = log(amplitude() / before)
    #expect(abs(rate / (2 * .pi * speed) - 1) < 1e-3, "\(rate)")
  }

  /// The density stays uniform and the current too, and the energy is all kinetic.
  @Test func theLimitKeepsItsConstraints() throws {
    let state = try start()
    var flow = try CharacteristicFlow(
      measure: state, field: IncompressibleEulerField(modes: 6, box: circle),
      integrator: .rungeKutta4, step: 0.005)
    let before = flow.diagnostics
    try flow.advance(to: 0.4)
    let after = try PlasmaOscillation(of: flow.particles, epsilon: 1, modes: 6)
    // Without the force, the water bag's temperature wave makes a density wave of about δ/3.
    #expect(after.densityContrast < 2e-4, "\(after.densityContrast)")
    #expect(after.velocities(at: [0.1, 0.4], elapsed: 0).allSatisfy { abs($0) < 2e-3 })
    #expect(abs(after.meanCurrent - 0.2) < 1e-3)
    let energies = (before.energy ?? .nan, after: flow.diagnostics.energy ?? .nan)
    #expect(abs(energies.1 / energies.0 - 1) < 1e-3)
    #expect(flow.particles.positions != state.position(0))
  }

  /// Well-prepared data: W₁ to the limit falls like ε, filtered or not.
  @Test func wellPreparedSolutionsConverge() throws {
    let found = try [0.04, 0.02, 0.01].map { try limit($0, current: 0) }
    for (epsilon, limit) in zip([0.04, 0.02, 0.01], found) {
      #expect(limit.distance < 0.17 * epsilon && limit.distance > 0.1 * epsilon)
      // There is nothing to filter but the noise of the lattice.
      #expect(abs(limit.filteredDistance - limit.distance) < 1e-12)
    }
  }

  /// A start with a current: the solution itself does not converge, the filtered one does.
  @Test func theFilterTakesTheOscillationAway() throws {
    let found = try [0.04, 0.02, 0.01].map { try limit($0, current: 0.2) }
    for (epsilon, limit) in zip([0.04, 0.02, 0.01], found) {
      // With the frequency 1/√ε, with the other sign of w, or with either part of it left out, the
      // filtered distance stays as large as the plain one.
      #expect(limit.filteredDistance < 0.4 * epsilon && limit.filteredDistance > 0.3 * epsilon)
      #expect(limit.distance > 0.05)
      #expect(limit.rows[0].filteredDistance == 0 && limit.rows.count == 5)
    }
  }

  /// A displaced cold plasma: εE(0) is the oscillation, the current comes from it. Case B.
  @Test func theOscillationOfAColdPlasma() throws {
    let (epsilon, amplitude) = (0.05, 1e-4)
    let y = (0..<200).map { (Double($0) + 0.5) / 200 }
    let x = y.map { $0 + amplitude * sin(2 * .pi * $0) }
    let state = try PhaseSpaceMeasure(
      positions: [x], velocities: [y.map { _ in 0 }], box: circle)
    let oscillation = try PlasmaOscillation(
      of: ParticleState(state), epsilon: epsilon, modes: 4)
    #expect(abs(oscillation.densityContrast / (4 * .pi * amplitude / 2) - 1) < 1e-3)
    for time in [0.01, 0.1, 0.33] {
      let found = oscillation.velocities(at: y, elapsed: time)
      let errors = zip(y, found).map { y, w in
        abs(w + amplitude / epsilon * sin(2 * .pi * y) * sin(time / epsilon))
      }
      #expect(errors.allSatisfy { $0 < 1e-3 * amplitude / epsilon })
    }
  }

  @Test func otherSettingsAreTold() throws {
    let line = try PhaseSpaceMeasure(positions: [[0, 1]], velocities: [[0, 1]])
    #expect(throws: StabilityError.self) {
      try PlasmaOscillation(of: ParticleState(line), epsilon: 1, modes: 2)
    }
    let state = try ParticleState(start())
    #expect(throws: StabilityError.self) {
      try PlasmaOscillation(of: state, epsilon: -1, modes: 2)
    }
    #expect(throws: FlowError.self) { try IncompressibleEulerField(modes: 0, box: circle) }
    // Strang's splitting is not made for a force that depends on velocities.
    #expect(throws: FlowError.self) {
      try CharacteristicFlow(
        measure: start(), field: IncompressibleEulerField(modes: 2, box: circle), step: 0.1)
    }
  }
}
