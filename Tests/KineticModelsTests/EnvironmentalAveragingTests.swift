import CharacteristicFlows
import KineticModels
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Alignment by other averages: averaged twice (M_φ), and within parts of space (M_seg).
@Suite struct EnvironmentalAveragingTests {
  private let circle = try? ProductDomain([.circle(length: 2)])

  private func follow(
    _ field: some ForceField, _ measure: PhaseSpaceMeasure, to time: Double = 1, step: Double = 0.02
  ) throws -> (before: CharacteristicFlow, after: CharacteristicFlow) {
    let start = try CharacteristicFlow(
      measure: measure, field: field, integrator: .rungeKutta4, step: step)
    var flow = start
    try flow.advance(to: time)
    return (start, flow)
  }

  private func expectMomentumAndDiameter(
    _ field: some ForceField, _ measure: PhaseSpaceMeasure
  ) throws {
    let (before, after) = try follow(field, measure)
    for (a, b) in zip(before.diagnostics.momentum, after.diagnostics.momentum) {
      #expect(abs(a - b) < 1e-12, "\(field.name): \(a) \(b)")
    }
    #expect(velocityDiameter(after.particles) < velocityDiameter(before.particles))
  }

  @Test(arguments: 1...2)
  func momentumIsConserved(dimension: Int) throws {
    let box = try ProductDomain(Array(repeating: .circle(length: 2), count: dimension))
    let measure = try randomAgents(count: 40, dimension: dimension, seed: 11, box: box)
    // At the other side of the torus, where the kernel has a kink, it is below the rounding.
    let kernel = try CommunicationKernel.gaussian(width: 0.12)
    try expectMomentumAndDiameter(
      OvermollifiedField(
        kernel, box: box, cells: Array(repeating: 64, count: dimension), strength: 2), measure)
    try expectMomentumAndDiameter(
      SegregationField(box: box, intervals: Array(repeating: 5, count: dimension), strength: 2),
      measure)
    // Motsch's and Tadmor's own average does not conserve it.
    let (before, after) = try follow(
      AlignmentField(.motschTadmor, kernel: kernel, strength: 2), measure)
    #expect(abs(before.diagnostics.momentum[0] - after.diagnostics.momentum[0]) > 1e-6)
  }

  /// Where everybody is heard alike, v̄ + (v − v̄)e^{−λt}.
  @Test func oneFlock() throws {
    let box = try #require(circle)
    let measure = try randomAgents(count: 30, dimension: 1, seed: 12, box: box)
    let fields: [any ForceField] = [
      try OvermollifiedField(.constant, box: box, cells: [8], strength: 1.5),
      try SegregationField([{ _ in 1 }], strength: 1.5),
      try SegregationField([{ _ in 0.25 }, { _ in 0.75 }], strength: 1.5),
    ]
    for field in fields {
      let (before, after) = try follow(field, measure)
      let mean = before.diagnostics.momentum[0]
      for (a, b) in zip(before.particles.velocities, after.particles.velocities) {
        #expect(abs(b - (mean + (a - mean) * exponential(-1.5))) < 1e-8, "\(field.name)")
      }
    }
  }

  /// (u_F)_φ by sums written out, on another lattice.
  @Test func theSecondAverage() throws {
    let box = try #require(circle)
    let measure = try randomAgents(count: 25, dimension: 1, seed: 13, box: box)
    let particles = try ParticleState(measure)
    let field = try OvermollifiedField(.gaussian(width: 0.12), box: box, cells: [256])
    let found = field.accelerations(of: particles)
    func phi(_ x: Double, _ y: Double) -> Double {
      let r = box.axes[0].difference(x, y)
      return exponential(-r * r / 0.0288)
    }
    let places = (0..<401).map { (Double($0) + 0.3) * 2 / 401 }
    let inner = places.map { y -> Double in
      var (mass, momentum) = (0.0, 0.0)
      for j in 0..<25 {
        let weight = particles.masses[j] * phi(y, particles.positions[j])
        mass += weight
        momentum += weight * particles.velocities[j]
      }
      return momentum / mass
    }
    for i in 0..<25 {
      var (total, sum) = (0.0, 0.0)
      for (place, velocity) in zip(places, inner) {
        total += phi(particles.positions[i], place)
        sum += phi(particles.positions[i], place) * velocity
      }
      #expect(abs(found[i] - (sum / total - particles.velocities[i])) < 1e-9)
    }
  }

  /// Two parts that do not meet: each aligns by itself.
  @Test func partsDoNotHearEachOther() throws {
    let measure = try PhaseSpaceMeasure(
      positions: [[0.1, 0.2, 1.1, 1.2]], velocities: [[1, 0, -1, -3]],
      masses: [1, 3, 1, 1], box: circle)
    let left: SegregationField.Part = { $0[0] < 1 ? 1 : 0 }
    let field = try SegregationField([left, { 1 - left($0) }], strength: 2)
    let found = field.accelerations(of: try ParticleState(measure))
    for (value, expected) in zip(found, [-1.5, 0.5, -2, 2]) {
      #expect(abs(value - expected) < 1e-14)
    }
  }

  @Test func whatIsRefused() throws {
    let box = try #require(circle)
    let measure = try randomAgents(count: 5, dimension: 1, seed: 14, box: box)
    let free = try randomAgents(count: 5, dimension: 1, seed: 14)
    #expect(throws: KineticModelError.self) {
      try OvermollifiedField(.constant, box: free.box, cells: [8])
    }
    #expect(throws: KineticModelError.self) {
      try OvermollifiedField(.constant, box: box, cells: [5])
    }
    #expect(throws: KineticModelError.self) {
      try OvermollifiedField(.constant, box: box, cells: [8], strength: -1)
    }
    // Nobody is heard far away: u_F is not defined there.
    let narrow = try OvermollifiedField(.gaussian(width: 1e-3), box: box, cells: [8])
    #expect(throws: FlowError.self) { try follow(narrow, measure) }
    // The lattice does not show the kernel.
    let coarse = try OvermollifiedField(.gaussian(width: 0.2), box: box, cells: [6])
    #expect(throws: FlowError.self) { try follow(coarse, measure) }
    let enough = try OvermollifiedField(.gaussian(width: 0.2), box: box, cells: [20])
    #expect(enough.stableStep == 2.785)
    _ = try follow(enough, measure)
    #expect(throws: KineticModelError.self) { try SegregationField([]) }
    #expect(throws: KineticModelError.self) { try SegregationField(box: box, intervals: [3]) }
    let half = try SegregationField([{ _ in 0.5 }])
    #expect(throws: FlowError.self) { try follow(half, measure) }
    let negative = try SegregationField([{ _ in -1 }, { _ in 2 }])
    #expect(throws: FlowError.self) { try follow(negative, measure) }
  }

  // MARK: Energy

  /// Cucker's and Smale's agents lose the energy ½λΣΣm_im_jφ|v_i − v_j|² in a unit of time, no more and no less.
  @Test func theEnergyThatAlignmentTakes() throws {
    let box = try ProductDomain([.circle(length: 2), .circle(length: 2)])
    let measure = try randomAgents(count: 30, dimension: 2, seed: 15, box: box)
    // Smooth also where the nearest image changes, so that the rule of Simpson has its order.
    let kernel = try CommunicationKernel.gaussian(width: 0.12)
    var flow = try CharacteristicFlow(
      measure: measure, field: AlignmentField(.cuckerSmale, kernel: kernel, strength: 2),
      integrator: .rungeKutta4, step: 0.005)
    func loss(_ state: ParticleState) -> Double {
      var sum = 0.0
      for i in 0..<30 {
        for j in 0..<30 {
          var (distance, difference) = (0.0, 0.0)
          for axis in 0..<2 {
            let x = box.axes[axis].difference(
              state.positions[axis * 30 + i], state.positions[axis * 30 + j])
            let v = state.velocities[axis * 30 + i] - state.velocities[axis * 30 + j]
            distance += x * x
            difference += v * v
          }
          sum += state.masses[i] * state.masses[j] * kernel(distance.squareRoot()) * difference
        }
      }
      return sum
    }
    let start = flow.diagnostics.kineticEnergy
    var integral = loss(flow.particles)
    for index in 1...200 {
      try flow.advance(to: 0.005 * Double(index))
      integral += (index == 200 ? 1 : index.isMultiple(of: 2) ? 2 : 4) * loss(flow.particles)
    }
    let lost = start - flow.diagnostics.kineticEnergy
    #expect(lost > 0.05 * start)
    #expect(isClose(integral * 0.005 / 3, lost, 1e-7))
  }

  /// An average that conserves momentum is a contraction in L²(ρ): the energy never grows.
  @Test func theEnergyNeverGrows() throws {
    let box = try ProductDomain([.circle(length: 2), .circle(length: 2)])
    let measure = try randomAgents(count: 40, dimension: 2, seed: 16, box: box)
    let fields: [any ForceField] = [
      try OvermollifiedField(.gaussian(width: 0.12), box: box, cells: [64, 64], strength: 2),
      try SegregationField(box: box, intervals: [6, 4], strength: 2),
    ]
    for field in fields {
      var flow = try CharacteristicFlow(
        measure: measure, field: field, integrator: .rungeKutta4, step: 0.02)
      var energy = flow.diagnostics.kineticEnergy
      for time in stride(from: 0.1, through: 1, by: 0.1) {
        try flow.advance(to: time)
        let next = flow.diagnostics.kineticEnergy
        #expect(next < energy, "\(field.name)")
        energy = next
      }
    }
  }

  // MARK: The threshold of dimension one

  /// Agents of Cucker's and Smale's model keep their order for ever where e₀ = u₀′ + λρ_φ ≥ 0 everywhere, and
  /// cross where it is negative somewhere: the solution stays smooth or does not (E. Carrillo, Y.-P. Choi, E. Tadmor
  /// and C. Tan, Math. Models Methods Appl. Sci. 26 (2016), doi:10.1142/S0218202516500068).
  @Test(arguments: [0.1, -0.1])
  func theThresholdOfOneDimension(least: Double) throws {
    let (n, length, strength) = (128, 2.0, 1.3)
    let box = try #require(circle)
    let kernel = try CommunicationKernel.gaussian(width: 0.15)
    // Equal agents at equal distances: ρ_φ is the same everywhere.
    let positions = (0..<n).map { length * (Double($0) + 0.5) / Double(n) }
    let density =
      positions.reduce(0) { $0 + kernel(box.axes[0].difference($1, positions[0])) } / Double(n)
    let slope = strength * density - least
    let measure = try PhaseSpaceMeasure(
      positions: [positions],
      velocities: [positions.map { slope * length / (2 * .pi) * sine(2 * .pi * $0 / length) }],
      box: box)
    var flow = try CharacteristicFlow(
      measure: measure, field: AlignmentField(.cuckerSmale, kernel: kernel, strength: strength),
      integrator: .rungeKutta4, step: 0.02)
    var crossed = false
    for time in stride(from: 1.0, through: 30, by: 1) {
      try flow.advance(to: time)
      let lifts = flow.particles.positions
      crossed = crossed || zip(lifts, lifts.dropFirst()).contains { $0 >= $1 }
    }
    #expect(crossed == (least < 0))
  }

  /// φ = 1: agents with the steepest descent −m meet at −ln(1 − λ/m)/λ for m > λ.
  @Test func theTimeOfTheShock() throws {
    let (n, slope, strength) = (400, 3.0, 1.2)
    let positions = (0..<n).map { 2 * (Double($0) + 0.5) / Double(n) }
    let measure = try PhaseSpaceMeasure(
      positions: [positions], velocities: [positions.map { slope / .pi * sine(.pi * $0) }],
      box: circle)
    var flow = try CharacteristicFlow(
      measure: measure, field: AlignmentField(.cuckerSmale, kernel: .constant, strength: strength),
      integrator: .rungeKutta4, step: 1e-3)
    let shock = -logarithm(1 - strength / slope) / strength
    try flow.advance(to: shock - 2e-3)
    let before = flow.particles.positions
    #expect(zip(before, before.dropFirst()).allSatisfy { $0 < $1 })
    try flow.advance(to: shock + 2e-3)
    let after = flow.particles.positions
    #expect(zip(after, after.dropFirst()).contains { $0 >= $1 })
  }
}
