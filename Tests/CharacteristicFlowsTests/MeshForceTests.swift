import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// The force that a mesh gives between two particles, beside the true one.
@Suite struct MeshForceTests {
  /// The field of a unit of mass at the origin of the unit torus with a uniform background, −ΔU = δ − 1,
  /// by the sum of P. P. Ewald: near images by screened charges, the rest by waves.
  private func exactField(_ place: [Double]) -> [Double] {
    guard place.count > 1 else {
      let x = place[0] - place[0].rounded()
      return [(x < 0 ? -0.5 : 0.5) - x]
    }
    let (d, screening) = (place.count, 36.0)
    var field = [Double](repeating: 0, count: d)
    for image in vectors(-2...2, d) {
      let r = zip(place, image).map { $0 - Double($1) }
      let square = r.reduce(0) { $0 + $1 * $1 }
      let distance = square.squareRoot()
      let factor =
        d == 2
        ? exponential(-screening * square) / (2 * .pi * square)
        : (complementaryError(6 * distance)
          + 12 * distance / Double.pi.squareRoot() * exponential(-screening * square))
          / (4 * .pi * square * distance)
      for axis in 0..<d { field[axis] += factor * r[axis] }
    }
    for wave in vectors(-11...11, d) where wave.contains(where: { $0 != 0 }) {
      let k = wave.map { 2 * .pi * Double($0) }
      let square = k.reduce(0) { $0 + $1 * $1 }
      let phase = zip(k, place).reduce(0) { $0 + $1.0 * $1.1 }
      let factor = exponential(-square / (4 * screening)) / square * sine(phase)
      for axis in 0..<d { field[axis] += factor * k[axis] }
    }
    return field
  }

  private func vectors(_ range: ClosedRange<Int>, _ dimension: Int) -> [[Int]] {
    (0..<dimension).reduce([[]]) { rows, _ in rows.flatMap { row in range.map { row + [$0] } } }
  }

  /// Directions along an axis, a diagonal, and others; the places of the first particle in a cell.
  private func pairs(_ dimension: Int) -> [(direction: [Double], place: [Double])] {
    var generator = SeededGenerator(seed: 5)
    let first = [[1, 0, 0], [1, 1, 1], [0.3, -0.8, 0.5], [-0.9, 0.2, 0.7]]
    return first.map { direction in
      let own = Array(direction.prefix(dimension))
      let norm = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (own.map { $0 / norm }, own.map { _ in generator.uniform() })
    }
  }

  /// The largest error of the force between two equal masses, relative to the force, and the force on
  /// both together.
  private func error(
    _ dimension: Int, _ cells: Int, _ shape: ParticleMeshField.Shape,
    _ filter: ParticleMeshField.Filter, distance: Double
  ) throws -> (error: Double, momentum: Double) {
    let box = try torus(dimension)
    let field = try ParticleMeshField(
      epsilon: 1, box: box, cells: Array(repeating: cells, count: dimension), shape: shape,
      filter: filter)
    var (largest, momentum) = (0.0, 0.0)
    for (direction, place) in pairs(dimension) {
      let measure = try PhaseSpaceMeasure(
        positions: (0..<dimension).map { [place[$0], place[$0] + distance * direction[$0]] },
        velocities: Array(repeating: [0, 0], count: dimension), box: box)
      let found = accelerations(field, try ParticleState(measure))
      let exact = exactField(direction.map { distance * $0 }).map { $0 / 2 }
      let scale = exact.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for axis in 0..<dimension {
        largest = max(largest, abs(found[2 * axis + 1] - exact[axis]) / scale)
        momentum = max(momentum, abs(found[2 * axis] + found[2 * axis + 1]) / scale)
      }
    }
    return (largest, momentum)
  }

  /// The sum that the others are set beside: the figure of a pair at a distance of .2 on an axis, and
  /// the field of a charge where no image is near.
  @Test func theReferenceIsRight() {
    #expect(abs(exactField([0.2, 0, 0])[0] / 2 - 0.957) < 1e-3)
    #expect(abs(exactField([0.01, 0, 0])[0] * 4 * .pi * 1e-4 - 1) < 1e-5)
    #expect(abs(exactField([0.01, 0])[0] * 2 * .pi * 1e-2 - 1) < 1e-3)
    for d in 1...3 {
      #expect(exactField([0.5, 0.5, 0.5].suffix(d)).allSatisfy { abs($0) < 1e-13 })
    }
  }

  /// From ten cells on, the error falls at least with the second power of the cells (quadratic) or the
  /// third (cubic), down to 1e-5.
  @Test(arguments: 1...3, ParticleMeshField.Shape.allCases)
  func theForceConverges(dimension: Int, shape: ParticleMeshField.Shape) throws {
    for distance in [0.1, 0.2, 0.35] {
      // The coarsest mesh whose cells are a tenth of the distance.
      let sizes = (dimension == 3 ? [32, 64, 96] : [32, 64, 128, 256]).filter {
        distance * Double($0) >= 6.4
      }
      var errors: [Double] = []
      for cells in sizes {
        let found = try error(dimension, cells, shape, .gaussian, distance: distance)
        #expect(found.momentum < 1e-10)
        let bound = distance * Double(cells) < 10 ? 0.08 : 2.5e-3
        #expect(found.error < bound, "\(cells) cells, distance \(distance): \(found.error)")
        errors.append(found.error)
      }
      for (index, (coarse, fine)) in zip(errors, errors.dropFirst()).enumerated() {
        let ratio = Double(sizes[index + 1]) / Double(sizes[index])
        let order = shape == .quadratic ? 2.0 : 3.0
        #expect(
          fine < max(coarse * (1 / ratio).power(order), 1e-5),
          "distance \(distance), \(sizes): \(errors)")
      }
    }
  }

  /// A particle alone feels nothing, whatever the filter, and wherever it is.
  @Test(arguments: 1...3, ParticleMeshField.Filter.allCases)
  func noParticleFeelsItself(dimension: Int, filter: ParticleMeshField.Filter) throws {
    let box = try torus(dimension)
    for place in [0.0, 0.123, 0.4999, 1e17, -1e300] {
      let measure = try PhaseSpaceMeasure(
        positions: Array(repeating: [place], count: dimension),
        velocities: Array(repeating: [0], count: dimension), box: box)
      let lifts = Array(repeating: [place], count: dimension)
      let field = try ParticleMeshField(
        epsilon: 1, box: box, cells: Array(repeating: 16, count: dimension), filter: filter)
      let flow = try CharacteristicFlow(measure: measure, lifts: lifts, field: field, step: 1)
      var forces = Array(repeating: Double.nan, count: dimension)
      var scratch = ParticleMeshField.Scratch()
      field.accelerations(of: flow.particles, at: 0, scratch: &scratch, into: &forces)
      // The field of a mass at 16 cells is of size 10 to 1000.
      #expect(forces.allSatisfy { abs($0) < 1e-11 }, "\(place)")
    }
  }

  /// What the filters do to a wave is what they say.
  @Test(arguments: ParticleMeshField.Filter.allCases, ParticleMeshField.Shape.allCases)
  func wavesAreAsRightAsTheFilterSays(
    filter: ParticleMeshField.Filter, shape: ParticleMeshField.Shape
  ) throws {
    let (cells, count) = (32, 4096)
    let field = try ParticleMeshField(
      epsilon: 1, box: torus(), cells: [cells], shape: shape, filter: filter)
    for mode in [1, 3] {
      let k = 2 * Double.pi * Double(mode)
      let places = (0..<count).map { index -> Double in
        let x = (Double(index) + 0.5) / Double(count)
        return x + 1e-4 * sine(k * x)
      }
      let particles = try ParticleState(
        PhaseSpaceMeasure(
          positions: [places], velocities: [places.map { _ in 0 }], box: torus()))
      let found = accelerations(field, particles)
      // E = −ξ for a displacement ξ = 10⁻⁴ sin kx, but for the square of it.
      var projected = 0.0
      for (index, value) in found.enumerated() {
        projected += value * sine(k * (Double(index) + 0.5) / Double(count))
      }
      projected *= 2 / (Double(count) * 1e-4)
      let angle = k / Double(cells)
      let (q, half) = (2.5 * angle * angle, angle / 2)
      let factor: Double
      switch filter {
      case .gaussian: factor = exponential(-q) * (1 + q * (1 + q / 2 * (1 + q / 3 * (1 + q / 4))))
      case .sharp: factor = 1
      case .shape: factor = (sine(half) / half).power(Double(2 * shape.rawValue + 2))
      }
      #expect(abs(projected + factor) < 1e-5, "\(projected) \(factor)")
    }
  }
}
