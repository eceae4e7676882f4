import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// What holds for every field.
@Suite struct KernelFieldTests {
  /// The force of a cosine kernel against the double sum over all pairs.
  @Test func cosineModesAreThePairSum() throws {
    let box = try ProductDomain([.circle(length: 1), .circle(length: 2.5)])
    let measure = try cloud(count: 30, dimension: 2, seed: 6, box: box)
    let modes = [([1, 0], 0.3), ([2, -1], -0.2), ([0, 3], 0.1)].map {
      CosineField.Mode(waves: $0.0, amplitude: $0.1)
    }
    let field = try CosineField(modes: modes, box: box)
    let particles = try ParticleState(measure)
    let found = accelerations(field, particles)
    for i in 0..<30 {
      var sum = [0.0, 0.0]
      for j in 0..<30 {
        for mode in modes {
          let k = zip(mode.waves, box.axes).map { 2 * .pi * Double($0) / $1.length }
          let phase = (0..<2).reduce(0) {
            $0 + k[$1] * (particles.positions[$1 * 30 + i] - particles.positions[$1 * 30 + j])
          }
          for axis in 0..<2 {
            sum[axis] -= particles.masses[j] * mode.amplitude * k[axis] * sine(phase)
          }
        }
      }
      for axis in 0..<2 { #expect(abs(found[axis * 30 + i] - sum[axis]) < 1e-14) }
    }
  }

  /// B is attained: the force differs by B times a small distance at the kernel's top.
  @Test(arguments: [0.3, -2])
  func theCurvatureOfACosineKernelIsB(curvature: Double) throws {
    let box = try ProductDomain([.circle(length: 2)])
    let field = try CosineField(curvature: curvature, box: box)
    #expect(abs((field.curvatureBound ?? 0) - abs(curvature)) < 1e-15)
    let measure = try PhaseSpaceMeasure(
      positions: [[0.5, 0.5 + 1e-6]], velocities: [[0, 0]], masses: [1, 0], box: box)
    let found = accelerations(field, try ParticleState(measure))
    #expect(abs(found[0]) < 1e-15)
    // Attractive for c > 0: the test particle on the right is drawn to the left.
    #expect(abs(found[1] + curvature * 1e-6) < 1e-14)
  }

  // MARK: Radial kernels

  /// The direct sums against the user's own gradient, for numbers of particles that do not fill a
  /// register.
  @Test(arguments: 1...3, [1, 5, 33])
  func radialSumsAreThePairSum(dimension: Int, count: Int) throws {
    let particles = try ParticleState(cloud(count: count, dimension: dimension, seed: 9))
    let sphere: Double = [2, 2 * Double.pi, 4 * Double.pi][dimension - 1]
    let cases: [(RadialField.Kernel, @Sendable (SIMD3<Double>) -> SIMD3<Double>)] = [
      (
        .gaussian(amplitude: 0.7, width: 0.4),
        { x in
          let square = (x * x).sum()
          return -0.7 / 0.16 * exponential(-square / 0.32) * x
        }
      ),
      (
        .coulomb(charge: -3, softening: 0.1),
        { x in
          let s = (x * x).sum() + 0.01
          return -3 / sphere / power(s, Double(dimension) / 2) * x
        }
      ),
    ]
    for (kernel, gradient) in cases {
      let found = accelerations(try RadialField(kernel, dimension: dimension), particles)
      let exact = accelerations(PairwiseField(gradient: gradient), particles)
      let scale = exact.map(abs).max() ?? 0
      for (a, b) in zip(found, exact) { #expect(abs(a - b) <= 1e-14 * scale) }
    }
  }

  /// B is attained at the middle of the kernel.
  @Test(arguments: 1...3) func theCurvatureOfARadialKernelIsB(dimension: Int) throws {
    var positions = [[Double]](repeating: [0, 0], count: dimension)
    positions[0][1] = 1e-5
    let pair = try ParticleState(
      PhaseSpaceMeasure(positions: positions, velocities: positions, masses: [1, 0]))
    for kernel in [
      RadialField.Kernel.gaussian(amplitude: -0.7, width: 0.4), .coulomb(charge: 3, softening: 0.2),
    ] {
      let field = try RadialField(kernel, dimension: dimension)
      let bound = try #require(field.curvatureBound)
      #expect(abs(accelerations(field, pair)[1] / (1e-5 * bound) - 1) < 1e-8)
    }
  }

  /// Energy is conserved to the integrator's order, which ties each potential to its force.
  @Test func energyIsConserved() throws {
    let box = try torus()
    let onTorus = try cloud(count: 200, seed: 7, box: box)
    let free = try cloud(count: 200, seed: 7)
    let cases: [(PhaseSpaceMeasure, any ForceField)] = [
      (onTorus, try CosineField(curvature: 3, box: box)),
      (free, try RadialField(.gaussian(amplitude: 1, width: 0.5), dimension: 1)),
      (free, try RadialField(.coulomb(charge: 1, softening: 0.3), dimension: 1)),
      (
        try cloud(count: 60, dimension: 2, seed: 7),
        try RadialField(.coulomb(charge: 1, softening: 0.3), dimension: 2)
      ),
      (
        try cloud(count: 60, dimension: 3, seed: 7),
        try RadialField(.coulomb(charge: 1, softening: 0.5), dimension: 3)
      ),
      (
        onTorus,
        PairwiseField(value: { x in 0.1 * cosine(2 * Double.pi * x[0]) }) { x in
          [-0.2 * Double.pi * sine(2 * Double.pi * x[0]), 0, 0]
        }
      ),
      (free, try QuadraticField(curvature: 3)),
      (free, try QuadraticField(curvature: -1)),
      (
        free,
        ExternalField(potential: { _, x in x[0] * x[0] * x[0] * x[0] }) { _, x in
          [-4 * x[0] * x[0] * x[0], 0, 0]
        }
      ),
    ]
    for (measure, field) in cases {
      var drifts: [Double] = []
      for step in [0.02, 0.01] {
        var flow = try CharacteristicFlow(
          measure: measure, field: field, integrator: .yoshida4, step: step)
        let before = try #require(flow.diagnostics.energy)
        try flow.advance(to: 3)
        let after = flow.diagnostics
        #expect(abs(after.kineticEnergy + (after.potentialEnergy ?? 0) - before) < 1e-6)
        drifts.append(abs((after.energy ?? 0) - before))
      }
      #expect(drifts[1] < drifts[0] / 8 || drifts[0] < 1e-12, "\(field.name): \(drifts)")
    }
  }

  /// Over 10⁴ steps in a smooth field the energy of a symplectic method stays within its order.
  @Test(arguments: [(Integrator.strang, 2e-4), (.yoshida4, 2e-8), (.yoshida6, 1e-11)])
  func energyDoesNotDrift(integrator: Integrator, bound: Double) throws {
    let box = try torus()
    let measure = try PhaseSpaceMeasure(
      positions: [[0.1, 0.3, 0.55, 0.8]], velocities: [[0.1, -0.2, 0.05, 0]], box: box)
    var flow = try CharacteristicFlow(
      measure: measure, field: CosineField(curvature: 2, box: box), integrator: integrator,
      step: 0.02)
    let before = try #require(flow.diagnostics.energy)
    try flow.advance(to: 200)
    let drift = abs(try #require(flow.diagnostics.energy) / before - 1)
    #expect(drift < bound)
  }

  @Test func aForceThatDependsOnTimeIsTakenAtTheRightTime() throws {
    // x″ = cos t from rest: x = 1 − cos t.
    let start = try PhaseSpaceMeasure(positions: [[0]], velocities: [[0]])
    for integrator in Integrator.allCases {
      var errors: [Double] = []
      for step in [0.2, 0.1] {
        var flow = try CharacteristicFlow(
          measure: start, field: ExternalField { time, _ in [cosine(time), 0, 0] },
          integrator: integrator, step: step)
        try flow.advance(to: 2)
        errors.append(abs(flow.particles.positions[0] - (1 - cosine(2))))
      }
      #expect(order(errors[0], errors[1]) > Double(integrator.order) - 0.2)
    }
  }
}

/// The accelerations of a field at time 0.
func accelerations<Field: ForceField>(_ field: Field, _ particles: ParticleState) -> [Double] {
  var scratch = Field.Scratch()
  var result = [Double](repeating: .nan, count: particles.positions.count)
  field.accelerations(of: particles, at: 0, scratch: &scratch, into: &result)
  return result
}
