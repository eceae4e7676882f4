import Libc
import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// Particles that are moved to the centers of a grid.
@Suite struct GridCoarseningTests {
  /// Every particle is 1 from the center of its cell: on the line, and across the origin of a circle not at all.
  @Test(arguments: [1.0, 1.5, 2, 3])
  func losesTheWayToTheCenters(p: Double) throws {
    let metric = try KineticMetric(exponent: p, positionWeight: 4)
    let x = [0.0, 2, 4, 6, 8]
    for axis in [CoordinateAxis.line, .circle(length: 8)] {
      let particles = Particles(positions: [x], velocities: [x.map { _ in 3 }], box: [axis])
      let cloud = try particles.gridded(metric, [particles], cells: 4)
      #expect(cloud.atoms[0] == [1, 3, 5, 7] && cloud.atoms[1] == [3, 3, 3, 3])
      // On the circle 8 is 0.
      #expect(cloud.masses == (axis.isPeriodic ? [2, 1, 1, 1] : [1, 1, 1, 2]))
      let (truth, loss) = (pow(4, 1 / p), try #require(cloud.loss))
      #expect(truth <= loss && loss <= truth * (1 + 1e-10), "\(loss) \(truth)")
    }
  }

  /// Centers are no centroids: what holds for squares of losses there would exclude the distance.
  @Test func squaresOfLossesDoNotAddUp() throws {
    let metric = try KineticMetric()
    let ends = [0.0, 1].map { Particles(positions: [[$0]], velocities: [[0]]) }
    let clouds = try ends.map { try $0.gridded(metric, ends, cells: 1) }
    let found = try clouds[0].distance(to: clouds[1])
    #expect(found.cells.distance == 0)
    #expect(found.distanceBounds.contains(1) && found.distanceBounds.upper < 1 + 1e-6)
  }

  /// The bracket of all particles contains their distance, on lines and circles, for every metric, with an exact solver
  /// and with Sinkhorn's iteration axis by axis.
  @Test(arguments: 0..<48)
  func bracketsHoldTheDistance(seed: Int) throws {
    let (metric, particles) = try Particles.twoClouds(
      seed: seed, dimension: 1 + seed % 2, exponent: [1, 1.5, 2, 3][seed / 2 % 4], .split,
      counts: [200, 240])
    let exact = try metric.distance(from: particles[0].measure(), to: particles[1].measure())
    let solvers: [(any TransportSolver, keepsGrid: Bool)] = [
      (AutomaticSolver(), false), (SinkhornSolver(regularization: .relative(0.01)), true),
    ]
    for cells in [1, 3, seed % 2 == 0 ? 20 : 5] {
      for (solver, keepsGrid) in solvers {
        let clouds = try particles.map {
          try $0.gridded(metric, particles, cells: cells, keepsGrid: keepsGrid)
        }
        let found = try clouds[0].distance(to: clouds[1], solver: solver)
        #expect(
          found.distanceBounds.contains(exact.distance),
          "\(cells) cells: \(found.distanceBounds) without \(exact.distance)")
        if let solver = solver as? any EntropicTransportSolver {
          let entropic = try clouds[0].entropicDistance(to: clouds[1], solver: solver)
          #expect(entropic.distanceBounds.contains(exact.distance))
          #expect(entropic.losses == found.losses)
        }
        let lost = found.losses.source + found.losses.target
        #expect(found.distanceBounds.width <= 2.001 * lost + found.cells.distanceBounds.width)
      }
    }
  }

  /// The same bits for chunks of any size and for one thread.
  @Test(arguments: [1, 7, 640, 5000])
  func chunksLeaveNoTrace(size: Int) throws {
    let metric = try KineticMetric.twisted(a: 2, b: 0.5, c: 1, exponent: 3)
    let particles = Particles.random(
      dimension: 2, count: 5000, masses: .random, seed: 8, box: [.circle(length: 0.7)])
    let whole = try particles.gridded(metric, [particles], cells: 9)
    let pieces = try ThreadLimit.with(1) {
      try particles.gridded(metric, [particles], cells: 9, chunk: size)
    }
    #expect(whole.atoms == pieces.atoms && whole.masses == pieces.masses)
    #expect(whole.loss == pieces.loss)
  }

  @Test func whatIsWrongIsSaid() throws {
    func error(_ body: () throws -> Void) -> CoarseningError? {
      do {
        try body()
        return nil
      } catch { return error as? CoarseningError }
    }
    let metric = try KineticMetric()
    let particles = Particles.random(dimension: 2, count: 10, masses: .equal, seed: 1)
    let extent = try particles.extent(metric)
    #expect(
      error { _ = try CoarseningGrid(covering: [extent], positions: 2049, velocities: 2048) }
        == .tooManyCells(most: 1 << 22))
    #expect(
      error { _ = try CoarseningGrid(covering: [extent], positions: .max, velocities: .max) }
        == .tooManyCells(most: 1 << 22))
    #expect(
      error { _ = try CoarseningGrid(covering: [extent], positions: 0, velocities: 1) }
        == .badCount(of: "cells on an axis", 0))
    let grid = try CoarseningGrid(covering: [extent], positions: 2, velocities: 2)
    #expect(
      error { _ = try GriddedMeasure(grid, extent).cloud() }
        == .differentParticles(expected: 10, found: 0))
    let other = try particles.extent(try KineticMetric(exponent: 1))
    #expect(
      error { _ = try CoarseningGrid(covering: [extent, other], positions: 2, velocities: 2) }
        == .differentMetrics)
    let empty = try CoarseningExtent(
      in: metric, box: ProductDomain([.line]), velocityDimension: 1)
    #expect(
      error { _ = try CoarseningGrid(covering: [extent, empty], positions: 2, velocities: 2) }
        == .noMass)
  }
}

extension Particles {
  func extent(_ metric: KineticMetric, chunk: Int = 1 << 20) throws -> CoarseningExtent {
    var extent = try CoarseningExtent(
      in: metric, box: ProductDomain(axes), velocityDimension: velocities.count)
    try forEachChunk(chunk) { try extent.add($0) }
    return extent
  }

  /// These particles on a grid in which all of some lie.
  func gridded(
    _ metric: KineticMetric, _ all: [Particles], cells: Int, keepsGrid: Bool = false,
    chunk: Int = 1 << 20
  ) throws -> CoarseCloud {
    let grid = try CoarseningGrid(
      covering: try all.map { try $0.extent(metric, chunk: chunk) }, positions: cells,
      velocities: cells)
    var measure = GriddedMeasure(grid, try extent(metric, chunk: chunk))
    try forEachChunk(chunk) { try measure.add($0) }
    return try measure.cloud(keepsGrid: keepsGrid)
  }
}
