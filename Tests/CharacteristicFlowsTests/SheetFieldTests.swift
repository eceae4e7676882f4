import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import CharacteristicFlows

/// The exact field of Vlasov–Poisson on a circle.
@Suite struct SheetFieldTests {
  // MARK: The field

  /// The formula of the field by a double loop, on boxes and lifts of any kind, with ties.
  @Test(arguments: [1, 7, 500, 10_000])
  func theFieldIsThatOfTheDoubleSum(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let length = 2.5
    var x = (0..<count).map { _ in 20 * (generator.uniform() - 0.5) }
    if count > 3 { (x[1], x[2], x[3]) = (x[0], x[0] + 2 * length, x[0]) }
    // A crowd, which the cells of the sorting cannot part.
    for i in 0..<count / 3 { x[count - 1 - i] = 0.1 + 1e-6 * generator.uniform() }
    let measure = try PhaseSpaceMeasure(
      positions: [x], velocities: [x], masses: (0..<count).map { _ in generator.uniform() + 0.1 },
      box: ProductDomain([.circle(length: length)]))
    let particles = try ParticleState(measure)
    let field = try SheetField(epsilon: 0.3)
    let found = accelerations(field, particles)
    let places = measure.position(0).map { $0 / length }
    let masses = measure.masses
    let moment = CompensatedSum(zip(places, masses).lazy.map { $0 * $1 }).value
    for i in stride(from: 0, to: count, by: max(1, count / 200)) {
      var (left, own) = (CompensatedSum(), 0.0)
      for j in 0..<count {
        if places[j] < places[i] { left.add(masses[j]) }
        if places[j] == places[i] { own += masses[j] }
      }
      let exact = length / 0.09 * (left.value + own / 2 - places[i] + moment - 0.5)
      // A few roundings of 1e-16, times L/ε².
      #expect(abs(found[i] - exact) < 1e-14 * length / 0.09)
    }
    let force = CompensatedSum(zip(found, masses).lazy.map { $0 * $1 }).value
    #expect(abs(force) < 1e-15 * length / 0.09)
    let opposite = accelerations(try SheetField(epsilon: 0.3, isAttractive: true), particles)
    #expect(opposite == found.map { -$0 })
  }

  /// Any order of the particles gives the same field, and a lattice at rest feels none.
  @Test func aLatticeFeelsNothing() throws {
    var places = (0..<1000).map { (Double($0) + 0.5) / 1000 }
    var generator = SeededGenerator(seed: 3)
    places.shuffle(using: &generator)
    let particles = try ParticleState(
      PhaseSpaceMeasure(positions: [places], velocities: [places], box: torus()))
    let found = accelerations(try SheetField(epsilon: 1), particles)
    #expect(found.allSatisfy { abs($0) < 1e-15 * 10 })
  }

  /// The energy of two sheets by hand.
  @Test func theFieldEnergyIsExact() throws {
    let particles = try ParticleState(
      PhaseSpaceMeasure(positions: [[0.1, 0.4]], velocities: [[0, 0]], box: torus()))
    let field = try SheetField(epsilon: 0.5)
    // E = (M − s + C)/ε² with C = ¼ − ½, integrated piece by piece.
    func integral(_ from: Double, _ to: Double, _ mass: Double) -> Double {
      func third(_ s: Double) -> Double {
        let e = (mass - s - 0.25) / 0.25
        return -e * e * e * 0.25 / 3
      }
      return third(to) - third(from)
    }
    let exact = 0.125 * (integral(0.1, 0.4, 0.5) + integral(0.4, 1.1, 1))
    let found = try #require(field.potentialEnergy(of: particles, at: 0))
    #expect(abs(found - exact) < 1e-16)
  }

  // MARK: B, the cold plasma against uniform rest

  /// The characteristics are exact in the sheet model: sheets that keep their order oscillate
  /// harmonically about their places on the lattice.
  @Test func coldPlasma() throws {
    let (epsilon, amplitude, count) = (0.1, 0.05, 4000)
    let labels = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let waves = labels.map { amplitude * sine(2 * .pi * $0) }
    let cold = try PhaseSpaceMeasure(
      positions: [zip(labels, waves).map { $0 + $1 }],
      velocities: [Array(repeating: 0, count: count)], box: torus())
    let rest = try PhaseSpaceMeasure(
      positions: [labels], velocities: [Array(repeating: 0, count: count)], box: torus())
    let field = try SheetField(epsilon: epsilon)
    var flow = try CoupledFlow(
      first: CharacteristicFlow(
        measure: cold, field: field, integrator: .yoshida6, step: 0.005),
      second: CharacteristicFlow(measure: rest, field: field, step: 0.05),
      plan: identityPlan(cold))
    for time in [0.05, 0.3, 1] {
      try flow.advance(to: time)
      let (c, s) = (cosine(time / epsilon), sine(time / epsilon))
      let particles = flow.first.particles
      #expect(
        waves.indices.allSatisfy { i in
          abs(particles.positions[i] - (labels[i] + waves[i] * c)) < 1e-9
            && abs(particles.velocities[i] + waves[i] / epsilon * s) < 1e-8
        })
      // The lattice sums of sin² are exact, so the distances are those of the continuous measures.
      let half = amplitude * amplitude / 2
      let exact = half * (c * c + s * s / (epsilon * epsilon))
      let (dx, dv) = (flow.positionDifferences(0), flow.velocityDifferences(0))
      let square = zip(zip(dx, dv), flow.plan.masses).reduce(0) {
        $0 + $1.1 * ($1.0.0 * $1.0.0 + $1.0.1 * $1.0.1)
      }
      #expect(abs(square.squareRoot() - exact.squareRoot()) < 1e-8)
    }
  }

  /// W₂ as the solver finds it, on fewer particles.
  @Test func coldPlasmaDistance() throws {
    let epsilon = 0.1
    var flows: [CharacteristicFlow] = []
    for amplitude in [0.05, 0] {
      let labels = (0..<200).map { (Double($0) + 0.5) / 200 }
      flows.append(
        try CharacteristicFlow(
          measure: PhaseSpaceMeasure(
            positions: [labels.map { $0 + amplitude * sine(2 * .pi * $0) }],
            velocities: [labels.map { _ in 0 }], box: torus()),
          field: SheetField(epsilon: epsilon), integrator: .yoshida6, step: 0.005))
    }
    for time in [0.07, 0.4] {
      for index in flows.indices { try flows[index].advance(to: time) }
      let (c, s) = (cosine(time / epsilon), sine(time / epsilon))
      let plain = try KineticMetric.standard().distance(
        from: flows[0].measure, to: flows[1].measure)
      #expect(
        abs(plain.distance - (0.00125 * (c * c + s * s * 100)).squareRoot()) < 1e-8)
      let weighted = try KineticMetric.anisotropic(positionWeight: 100).distance(
        from: flows[0].measure, to: flows[1].measure)
      #expect(abs(weighted.distance - 0.05 / (2.0.squareRoot() * epsilon)) < 1e-8)
    }
  }

  // MARK: Cold counter-streaming beams

  /// Beams ±v₀ that start in the unstable mode grow at γε = √((√(8κ²+1) − 2κ² − 1)/2), κ = 2πv₀ε.
  @Test(arguments: [0.3, (3.0 / 8).squareRoot(), 0.9])
  func coldBeamsGrow(kappa: Double) throws {
    let (epsilon, count, amplitude, k) = (0.1, 20_000, 1e-4, 2 * Double.pi)
    let speed = kappa / (k * epsilon)
    let rate =
      (((8 * kappa * kappa + 1).squareRoot() - 2 * kappa * kappa - 1) / 2).squareRoot() / epsilon
    var (x, v) = ([Double](), [Double]())
    for sign in [1.0, -1.0] {
      // ξ = A/(γ + ikv)², and its velocity (γ + ikv)ξ.
      let (a, b) = (rate, sign * k * speed)
      let square = a * a + b * b
      let scale = amplitude * square / (square * square)
      let displacement = (re: scale * (a * a - b * b), im: -scale * 2 * a * b)
      let change = (re: scale * square * a, im: -scale * square * b)
      for i in 0..<count {
        let y = (Double(i) + 0.5) / Double(count)
        let (c, s) = (cosine(k * y), sine(k * y))
        x.append(y + displacement.re * c - displacement.im * s)
        v.append(sign * speed + change.re * c - change.im * s)
      }
    }
    var flow = try CharacteristicFlow(
      measure: PhaseSpaceMeasure(positions: [x], velocities: [v], box: torus()),
      field: SheetField(epsilon: epsilon), integrator: .strang, step: 0.02 * epsilon)
    func height() -> Double {
      let sums = [cosine, sine].map { wave in
        CompensatedSum(flow.particles.positions.lazy.map { wave(k * $0) }).value
      }
      return (sums[0] * sums[0] + sums[1] * sums[1]).squareRoot()
    }
    let before = height()
    try flow.advance(to: 2.5 / rate)
    let found = logarithm(height() / before) * rate / 2.5
    #expect(abs(found / rate - 1) < 5e-3)
  }

  // MARK: Conservation

  /// Over 10⁴ steps. The sheets' force jumps where they cross, which heats them like 1/n and with the
  /// step; a method of higher order gains nothing from that on.
  @Test(arguments: [Integrator.strang, .yoshida4])
  func tenThousandSteps(integrator: Integrator) throws {
    let start = try SampleFamily.maxwellian.sample(
      count: 1000, seed: 1, isQuiet: true, parameters: ["thermal-speed": 1])
    var flow = try CharacteristicFlow(
      measure: start, field: SheetField(epsilon: 0.1), integrator: integrator, step: 0.002)
    let before = flow.diagnostics
    try flow.advance(to: 20)
    let after = flow.diagnostics
    let drift = ((after.energy ?? 0) - (before.energy ?? 1)) / (before.energy ?? 1)
    #expect(abs(drift) < 2e-3)
    // 10⁴ roundings of at most 1e-16 · L/ε² · dt = 2e-17.
    #expect(abs(after.momentum[0] - before.momentum[0]) < 2e-13)
  }

  @Test func momentumStaysAndEnergyDriftsLittle() throws {
    let start = try SampleFamily.twoStream.sample(
      count: 2000, seed: 1, isQuiet: true, parameters: ["beam-speed": 0.2, "thermal-speed": 0.05])
    // The order of the splittings: (dt/ε)² = 2.5e-3 for Strang.
    for (integrator, bound) in [(Integrator.strang, 2.5e-3), (.yoshida4, 1e-4)] {
      var flow = try CharacteristicFlow(
        measure: start, field: SheetField(epsilon: 0.1), integrator: integrator, step: 0.005)
      let before = flow.diagnostics
      try flow.advance(to: 5)
      let after = flow.diagnostics
      let drift = abs(((after.energy ?? 0) - (before.energy ?? 1)) / (before.energy ?? 1))
      #expect(abs(after.momentum[0] - before.momentum[0]) < 1e-13)
      #expect(drift < bound, "\(integrator): \(drift)")
      #expect(after.mass == before.mass)
    }
  }
}
