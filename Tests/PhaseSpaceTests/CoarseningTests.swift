import Libc
import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

@Suite struct CoarseningTests {
  // MARK: What is merged

  /// Cells of two particles each, 2h apart on one axis: the centroid is between them, the variance h².
  @Test(arguments: [1.0, 1.5, 2, 3])
  func lossOfPairsIsTheirHalfDistance(p: Double) throws {
    let metric = try KineticMetric(exponent: p, positionWeight: 4)
    let h = 0x1p-6
    let x = (0..<8).flatMap { [Double($0) - h, Double($0) + h] }
    let particles = Particles(positions: [x], velocities: [x.map { _ in 3 }])
    let cloud = try particles.cloud(metric, cells: 8)
    #expect(cloud.count == 8)
    #expect(cloud.atoms[0].sorted() == (0..<8).map(Double.init))
    #expect(cloud.atoms[1].allSatisfy { $0 == 3 })
    let truth = pow(4, 1 / p) * h
    let loss = try #require(cloud.loss)
    #expect(truth <= loss && loss <= truth * (1 + 1e-10), "\(loss) \(truth)")
  }

  /// One cell keeps the mean, and loses the standard deviation.
  @Test func oneCellLosesTheDeviation() throws {
    var generator = SeededGenerator(seed: 3)
    let x = (0..<1000).map { _ in generator.uniform() * 5 + 100 }
    let v = (0..<1000).map { _ in generator.uniform() }
    let masses = generator.masses(.random, count: 1000)
    let metric = try KineticMetric(velocityWeight: 9)
    let particles = Particles(positions: [x], velocities: [v], masses: masses)
    let cloud = try particles.cloud(metric, cells: 1)
    let (position, velocity) = (WeightedSpread(x, masses), WeightedSpread(v, masses))
    #expect(abs(cloud.atoms[0][0] - position.mean) <= 1e-12)
    #expect(abs(cloud.atoms[1][0] - velocity.mean) <= 1e-13)
    let truth =
      (position.deviation * position.deviation + 9 * velocity.deviation * velocity.deviation)
      .squareRoot()
    #expect(abs(try #require(cloud.loss) - truth) <= 1e-10 * truth)
  }

  /// Cells that are joined again are those of a tree with fewer cells, and their loss does not fall.
  @Test(arguments: [1.0, 2])
  func joinedCellsAreThoseOfASmallerTree(p: Double) throws {
    let particles = Particles.random(dimension: 2, count: 3000, masses: .random, seed: 5)
    let metric = try KineticMetric(exponent: p)
    let clouds = try particles.clouds(metric, cells: 400, levels: [1, 20, 100, 400])
    let direct = try particles.cloud(metric, cells: 100)
    #expect(clouds.map(\.count) == [1, 20, 100, 400])
    for axis in direct.atoms.indices {
      for (one, other) in zip(direct.atoms[axis], clouds[2].atoms[axis]) {
        #expect(abs(one - other) <= 1e-13)
      }
    }
    let losses = clouds.compactMap(\.loss)
    let loss = try #require(direct.loss)
    #expect(abs(loss - losses[2]) <= 1e-10 * losses[2])
    #expect(losses == losses.sorted(by: >))
  }

  /// The same bits for chunks of any size.
  @Test(arguments: [1, 7, 640, 5000])
  func chunksLeaveNoTrace(size: Int) throws {
    let metric = try KineticMetric.twisted(a: 2, b: 0.5, c: 1, exponent: 3)
    let particles = Particles.random(
      dimension: 2, count: 5000, masses: .random, seed: 8, box: [.circle(length: 0.7)])
    let whole = try particles.cloud(metric, cells: 200)
    let pieces = try particles.cloud(metric, cells: 200, chunk: size)
    #expect(whole.atoms == pieces.atoms && whole.masses == pieces.masses)
    #expect(whole.loss == pieces.loss)
  }

  // MARK: The bracket

  /// The bracket of all particles contains their distance, on lines and circles, for every metric.
  @Test(arguments: 0..<48)
  func bracketsHoldTheDistance(seed: Int) throws {
    let (metric, clouds) = try Particles.twoClouds(
      seed: seed, dimension: 1 + seed % 3, exponent: [1, 1.5, 2, 3][seed / 3 % 4], .joint,
      counts: [240, 300])
    let exact = try metric.distance(from: clouds[0].measure(), to: clouds[1].measure())
    for cells in [1, 9, 60, 299] {
      let coarse = try clouds.map { try $0.cloud(metric, cells: cells) }
      let found = try coarse[0].distance(to: coarse[1])
      #expect(
        found.distanceBounds.lower <= exact.distanceBounds.upper
          && exact.distanceBounds.lower <= found.distanceBounds.upper,
        "\(cells) cells: \(found.distanceBounds) without \(exact.distance)")
      #expect(found.distanceBounds.contains(exact.distance))
      #expect(
        found.distanceBounds.lower <= found.cells.distanceBounds.lower
          || found.distanceBounds.lower <= exact.distance)
      #expect(found.distanceBounds.width < 2.1 * (found.losses.source + found.losses.target) + 1e-9)
    }
  }

  /// For p = 2 the upper end is below that of the triangle inequality, and nearly reached by clouds that
  /// differ by a shift much larger than the cells.
  @Test func squaresOfLossesAddUp() throws {
    let metric = try KineticMetric()
    let first = Particles.random(dimension: 2, count: 2000, masses: .equal, seed: 1)
    let second = Particles.random(dimension: 2, count: 2000, masses: .equal, seed: 2, shift: 20)
    let (source, target) = (
      try first.cloud(metric, cells: 10), try second.cloud(metric, cells: 10)
    )
    let found = try source.distance(to: target)
    let cost = found.cells.cost
    let (one, other) = found.losses
    let squares = (cost + one * one + other * other).squareRoot()
    #expect(abs(found.distanceBounds.upper - squares) <= 1e-9)
    #expect(found.distanceBounds.upper < found.cells.distance + (one + other) / 4)
    // The means alone prove nearly all of the distance.
    #expect(found.distanceBounds.lower > 20 * 2.squareRoot() - 0.2)
  }

  /// A state that is hotter on one axis and the same on the others is as far away as its marginals are, however
  /// few cells there are; means alone would see nothing.
  @Test(arguments: [false, true])
  func marginalsProveWhatCellsCannot(isPeriodic: Bool) throws {
    let metric = try KineticMetric(velocityWeight: 4)
    let box: [CoordinateAxis] = [isPeriodic ? .circle(length: 1) : .line, .line]
    let cold = Particles.random(dimension: 4, count: 3000, masses: .equal, seed: 6, box: box)
    var hot = cold
    hot.velocities[1] = cold.velocities[1].map { 3 * ($0 - 0.5) + 0.5 }
    let (source, target) = (try cold.cloud(metric, cells: 30), try hot.cloud(metric, cells: 30))
    let squares = CompensatedSum(cold.velocities[1].map { ($0 - 0.5) * ($0 - 0.5) })
    let truth = 2 * 2 * (squares.value / 3000).squareRoot()
    let found = try source.distance(to: target).distanceBounds
    #expect(found.contains(truth))
    #expect(found.lower > 0.99 * truth, "\(found) \(truth)")
    #expect(source.meanDistance(to: target) < 0.1 * truth)
    // Nothing merged on one side.
    let whole = try cold.cloud(metric, cells: 3000)
    let mixed = try whole.distance(to: target).distanceBounds
    #expect(mixed.contains(truth) && mixed.lower > 0.99 * truth)
  }

  /// As many cells as particles lose nothing: the answer is that of the particles themselves.
  @Test(arguments: [1.0, 2, 3])
  func asManyCellsAsParticlesLoseNothing(p: Double) throws {
    let metric = try KineticMetric(exponent: p)
    let clouds = [1, 2].map {
      Particles.random(
        dimension: 2, count: 150, masses: .random, seed: $0, box: [.circle(length: 1)])
    }
    let exact = try metric.distance(from: clouds[0].measure(), to: clouds[1].measure())
    let coarse = try clouds.map { try $0.cloud(metric, cells: 150) }
    #expect(coarse.allSatisfy { $0.isExact && $0.loss == 0 })
    let found = try coarse[0].distance(to: coarse[1])
    #expect(found.distanceBounds == exact.distanceBounds)
    #expect(found.cells.cost == exact.cost)
  }

  /// Particles on both sides of the origin of a circle are neighbours for the distance, though not for the
  /// cells.
  @Test func circlesHaveNoEnd() throws {
    let metric = try KineticMetric()
    let first = Particles(
      positions: [[0.99, 0.01, 0.98, 0.02]], velocities: [[0, 0, 0, 0]],
      box: [.circle(length: 1)])
    let second = Particles(
      positions: [[0.01, 0.99, 0.02, 0.98]], velocities: [[0, 0, 0, 0]],
      box: [.circle(length: 1)])
    for cells in [1, 2, 3] {
      let found = try first.cloud(metric, cells: cells)
        .distance(to: second.cloud(metric, cells: cells))
      #expect(found.distanceBounds.lower == 0)
      if cells > 1 { #expect(found.distanceBounds.upper < 0.03) }
    }
  }

  /// Only positions, or only velocities.
  @Test(arguments: [ComparedSpace.position, .velocity])
  func spacesAreCoarsenedByThemselves(space: ComparedSpace) throws {
    let metric = try KineticMetric(exponent: 1)
    let clouds = [1, 2].map {
      Particles.random(dimension: 4, count: 200, masses: .random, seed: $0, box: [.line, .line])
    }
    let exact = try metric.distance(
      from: clouds[0].measure(), to: clouds[1].measure(), space: space)
    let coarse = try clouds.map { try $0.cloud(metric, cells: 50, space: space) }
    let found = try coarse[0].distance(to: coarse[1])
    #expect(found.distanceBounds.contains(exact.distance))
    #expect(found.losses.source < 0.2)
  }

  // MARK: What is refused

  @Test func badInputIsRefused() throws {
    let line = try ProductDomain([.line])
    let plain = try KineticMetric()
    func sample(_ metric: KineticMetric, _ count: Int = 10) throws -> CoarseningSample {
      try CoarseningSample(in: metric, box: line, velocityDimension: 1, count: count, seed: 1)
    }
    let nonlinear = try KineticMetric(nonlinearity: .logarithmic())
    #expect(throws: CoarseningError.nonlinear) { try sample(nonlinear) }
    #expect(throws: CoarseningError.badCount(of: "particles to draw", 0)) { try sample(plain, 0) }
    #expect(throws: CoarseningError.noMass) { try sample(plain).cells(3) }
    var filled = try sample(plain)
    let chunk = try ParticleChunk(positions: [[1, 2]], velocities: [[0, 0]])
    try filled.add(chunk)
    #expect(throws: CoarseningError.badCount(of: "cells", 0)) { try filled.cells(0) }
    #expect(throws: CoarseningError.mixedMasses) {
      try filled.add(ParticleChunk(positions: [[1]], velocities: [[0]], masses: [1]))
    }
    #expect(throws: CoarseningError.dimensionMismatch(expected: [1, 1], found: [2, 1])) {
      try filled.add(ParticleChunk(positions: [[1], [2]], velocities: [[0]]))
    }
    #expect(throws: PhaseSpaceError.badCoordinate(name: "v1", particle: 1, value: .infinity)) {
      try ParticleChunk(positions: [[1, 2]], velocities: [[0, .infinity]])
    }
    var large = CoarsenedMeasure(try filled.cells(1))
    try large.add(ParticleChunk(positions: [[1e200, 1]], velocities: [[0, 0]]))
    #expect(throws: CoarseningError.outOfRange("coordinate", 1e200)) { try large.cloud() }
    let cubic = try KineticMetric(exponent: 3)
    let particles = Particles.random(dimension: 2, count: 50, masses: .equal, seed: 1)
    let unmeasured = try particles.cloud(cubic, cells: 5, measuresLoss: false)
    #expect(throws: CoarseningError.lossNotMeasured) { try unmeasured.distance(to: unmeasured) }
    let other = try particles.cloud(plain, cells: 5)
    #expect(throws: CoarseningError.differentMetrics) { try other.distance(to: unmeasured) }
    var losses = try CoarseningLoss(of: [unmeasured])
    try losses.add(chunk)
    #expect(throws: CoarseningError.differentParticles(expected: 50, found: 2)) {
      try losses.clouds()
    }
  }
}
