import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// Particles that come in chunks.
struct Particles {
  var positions: [[Double]]
  var velocities: [[Double]]
  var masses: [Double]?
  var box: [CoordinateAxis] = []

  var axes: [CoordinateAxis] { box.isEmpty ? positions.map { _ in .line } : box }

  /// Half of the coordinates are positions; where the box has another number of axes, so many.
  static func random(
    dimension: Int, count: Int, masses: MassFamily, seed: UInt64, box: [CoordinateAxis] = [],
    shift: Double = 0
  ) -> Particles {
    var generator = SeededGenerator(seed: seed)
    let axes = (0..<dimension).map { _ in (0..<count).map { _ in generator.uniform() + shift } }
    let positions = box.isEmpty ? dimension / 2 : box.count
    return Particles(
      positions: Array(axes[..<positions]), velocities: Array(axes[positions...]),
      masses: generator.masses(masses, count: count), box: box)
  }

  /// Two clouds on lines and circles, and one of four metrics, with which the result of merging is tested.
  ///
  /// - Parameters:
  ///   - seed: 0 to 47, of which twelve each have the same metric.
  ///   - form: that of the metric with weights.
  static func twoClouds(
    seed: Int, dimension: Int, exponent: Double, _ form: KineticMetric.Form, counts: [Int]
  ) throws -> (KineticMetric, [Particles]) {
    var generator = SeededGenerator(seed: UInt64(seed) + 100)
    let metrics = [
      try KineticMetric(exponent: exponent),
      try KineticMetric(exponent: exponent, form: form, positionWeight: 5, velocityWeight: 0.5),
      try KineticMetric.twisted(a: 2, b: 0.9, c: 1, exponent: exponent),
      try KineticMetric.freeFlow(time: 0.4, exponent: exponent),
    ]
    let box: [CoordinateAxis] = (0..<dimension).map { _ in
      generator.next() % 2 == 0 ? .line : .circle(length: 0.8)
    }
    let masses = MassFamily.allCases[seed % MassFamily.allCases.count]
    let clouds = counts.enumerated().map { index, count in
      random(
        dimension: 2 * dimension, count: count, masses: masses, seed: generator.next(), box: box,
        shift: Double(index) * 0.3)
    }
    return (metrics[seed / 12], clouds)
  }

  func measure() throws -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positions: positions, velocities: velocities, masses: masses, box: ProductDomain(axes))
  }

  func forEachChunk(_ size: Int, _ body: (ParticleChunk) throws -> Void) throws {
    let count = positions[0].count
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(count, start + size)
      try body(
        ParticleChunk(
          positions: positions.map { Array($0[range]) },
          velocities: velocities.map { Array($0[range]) }, masses: masses.map { Array($0[range]) }))
    }
  }

  func clouds(
    _ metric: KineticMetric, cells: Int, levels: [Int], chunk: Int = 1 << 20,
    space: ComparedSpace = .phase, measuresLoss: Bool = true
  ) throws -> [CoarseCloud] {
    var sample = try CoarseningSample(
      in: metric, box: ProductDomain(axes), velocityDimension: velocities.count, space: space,
      count: max(10 * cells, 4000), seed: 7)
    try forEachChunk(chunk) { try sample.add($0) }
    var measure = CoarsenedMeasure(try sample.cells(cells))
    try forEachChunk(chunk) { try measure.add($0) }
    let clouds = try levels.map { try measure.cloud(cells: $0) }
    guard metric.exponent != 2, measuresLoss else { return clouds }
    var losses = try CoarseningLoss(of: clouds)
    try forEachChunk(chunk) { try losses.add($0) }
    return try losses.clouds()
  }

  func cloud(
    _ metric: KineticMetric, cells: Int, chunk: Int = 1 << 20, space: ComparedSpace = .phase,
    measuresLoss: Bool = true
  ) throws -> CoarseCloud {
    try clouds(
      metric, cells: cells, levels: [cells], chunk: chunk, space: space, measuresLoss: measuresLoss
    )[0]
  }
}
