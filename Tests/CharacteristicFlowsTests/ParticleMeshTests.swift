import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// The field of Vlasov–Poisson by a particle mesh.
@Suite struct ParticleMeshTests {
  /// The periodic field by its Fourier series, over the modes that the mesh keeps.
  private func series(
    _ particles: ParticleState, cells: [Int], epsilon: Double
  ) -> [[Double]] {
    let (n, d) = (particles.count, particles.dimension)
    let lengths = particles.box.axes.map(\.length)
    var fields = [[Double]](repeating: Array(repeating: 0, count: n), count: d)
    let limits = (0..<3).map { $0 < d ? cells[$0] / 3 : 0 }
    for a in -limits[0]...limits[0] {
      for b in -limits[1]...limits[1] {
        for c in -limits[2]...limits[2] where (a, b, c) != (0, 0, 0) {
          let k = zip([a, b, c], lengths).map { 2 * .pi * Double($0) / $1 }
          let square = k.reduce(0) { $0 + $1 * $1 }
          let phases = (0..<n).map { i in
            k.indices.reduce(0) { $0 + k[$1] * particles.positions[$1 * n + i] }
          }
          let cosines = phases.map(cosine)
          let sines = phases.map(sine)
          let re = zip(particles.masses, cosines).reduce(0) { $0 + $1.0 * $1.1 }
          let im = zip(particles.masses, sines).reduce(0) { $0 + $1.0 * $1.1 }
          for axis in 0..<d {
            for i in 0..<n {
              fields[axis][i] +=
                k[axis] / (square * epsilon * epsilon) * (sines[i] * re - cosines[i] * im)
            }
          }
        }
      }
    }
    return fields
  }

  /// Against the series, the mesh errs by aliases only, which fall with the degree of the shape.
  @Test(arguments: 1...3)
  func theFieldIsThatOfItsModes(dimension: Int) throws {
    let box = try ProductDomain(
      [.circle(length: 1), .circle(length: 2), .circle(length: 0.5)].prefix(dimension).map(\.self))
    let cells = Array([24, 30, 18].prefix(dimension))
    let measure = try cloud(count: 40, dimension: dimension, seed: 8, box: box)
    let particles = try ParticleState(measure)
    let exact = series(particles, cells: cells, epsilon: 0.5)
    let scale = exact.joined().map(abs).max() ?? 0
    var errors: [Double] = []
    for shape in ParticleMeshField.Shape.allCases {
      let field = try ParticleMeshField(
        epsilon: 0.5, box: box, cells: cells, shape: shape, filter: .sharp)
      let found = accelerations(field, particles)
      let error = zip(found, exact.joined()).map { abs($0 - $1) }.max() ?? .infinity
      errors.append(error / scale)
      // Momentum: to rounding, whatever the error of the force.
      for axis in 0..<dimension {
        let force = zip(found[(axis * 40)...], measure.masses).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(force) < 1e-13 * scale)
      }
    }
    // An alias of the mode N/3 is (1/2)^(degree + 1) of it, before the shape is divided out.
    #expect(errors[0] < 0.2 && errors[1] < 0.08 && errors[1] < errors[0], "\(errors)")
  }

  /// A smooth density: the mesh and the exact sheets agree.
  @Test func meshAndSheetsAgreeInOneDimension() throws {
    let measure = try SampleFamily.densityWave.sample(
      count: 20_000, seed: 2, isQuiet: true, parameters: ["amplitude": 0.3])
    let particles = try ParticleState(measure)
    let exact = accelerations(try SheetField(epsilon: 0.2), particles)
    let mesh = accelerations(
      try ParticleMeshField(epsilon: 0.2, box: torus(), cells: [64], shape: .cubic), particles)
    let error = zip(exact, mesh).map { abs($0 - $1) }.max() ?? .infinity
    let scale = exact.map(abs).max() ?? 0
    #expect(error < 2e-3 * scale, "\(error / scale)")
    let energies = try [
      SheetField(epsilon: 0.2) as any ForceField,
      ParticleMeshField(epsilon: 0.2, box: torus(), cells: [64], shape: .cubic),
    ].map { $0.potentialEnergy(of: particles, at: 0) ?? .nan }
    #expect(abs(energies[1] / energies[0] - 1) < 1e-3)
  }

  /// A cold wave along the second axis of a torus oscillates with the plasma frequency 1/ε.
  @Test func aColdWaveOscillates() throws {
    let (side, epsilon) = (64, 0.1)
    let points = (0..<side * side).map { index in
      ((Double(index / side) + 0.5) / 64, (Double(index % side) + 0.5) / 64)
    }
    let measure = try PhaseSpaceMeasure(
      positions: [points.map(\.0), points.map { $0.1 + 0.01 * sine(2 * .pi * $0.1) }],
      velocities: Array(repeating: points.map { _ in 0 }, count: 2), box: torus(2))
    var flow = try CharacteristicFlow(
      measure: measure,
      field: ParticleMeshField(epsilon: epsilon, box: torus(2), cells: [32, 32]),
      integrator: .yoshida4, step: 0.01)
    let before = flow.diagnostics
    try flow.advance(to: 0.25)
    let factor = cosine(2.5)
    let (x, y) = (flow.particles.position(0), flow.particles.position(1))
    let errors = zip(zip(x, y), points).map { found, point in
      let expected = point.1 + 0.01 * sine(2 * .pi * point.1) * factor
      return (x: abs(found.0 - point.0), y: abs(found.1 - expected))
    }
    #expect(errors.allSatisfy { $0.x < 1e-12 && $0.y < 2e-5 })
    let drift = ((flow.diagnostics.energy ?? 0) - (before.energy ?? 1)) / (before.energy ?? 1)
    #expect(abs(drift) < 1e-3)
  }

  @Test func impossibleMeshesAreRefused() throws {
    let box = try torus(2)
    for cells in [[8], [8, 2], [8, 8, 8]] {
      #expect(throws: FlowError.self) {
        try ParticleMeshField(epsilon: 1, box: box, cells: cells)
      }
    }
    for epsilon in [0, -1, .nan, .infinity, 1e-300] {
      #expect(throws: FlowError.self) {
        try ParticleMeshField(epsilon: epsilon, box: box, cells: [8, 8])
      }
      #expect(throws: FlowError.self) { try SheetField(epsilon: epsilon) }
    }
  }
}
