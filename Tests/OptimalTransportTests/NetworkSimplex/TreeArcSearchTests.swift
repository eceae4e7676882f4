import Foundation
import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct TreeArcSearchTests {
  private static let geometries: [(axes: [CoordinateAxis], blocks: [CostBlock])] = [
    ([.line, .line], [CostBlock(axes: 0..<2, exponent: 2)]),
    ([.line, .line], [CostBlock(axes: 0..<2, exponent: 1)]),
    (
      [.circle(length: 1), .line],
      [CostBlock(axes: 0..<1, weight: 3, exponent: 1), CostBlock(axes: 1..<2, exponent: 1)]
    ),
    (
      [.circle(length: 1), .line, .line, .circle(length: 2)],
      [CostBlock(axes: 0..<2, exponent: 1.5), CostBlock(axes: 2..<4, weight: 0.2, exponent: 3)]
    ),
  ]

  private struct Setting {
    let pair: CloudPair
    let potentials: NodePotentials

    /// Potentials that are nearly tight at a random partner of each point.
    init(_ geometry: Int, regularization: Double, noise: Double) throws {
      var generator = SeededGenerator(seed: 47)
      let (axes, blocks) = TreeArcSearchTests.geometries[geometry]
      let problem = try TransportProblem(
        from: generator.measure(count: 333, dimension: axes.count, masses: .random),
        to: generator.measure(count: 290, dimension: axes.count, masses: .random),
        domain: ProductDomain(axes), cost: .blocks(blocks), exponent: 1)
      let plain = try #require(problem.pairCosts.geometry)
      let masses = PerturbedMasses(source: problem.source, target: problem.target)
      func cloud(_ points: UnsafePointer<Double>, _ supplies: [Int128]) throws -> PointCloud {
        let hierarchy = try PointHierarchy(
          coordinates: points, supplies: supplies, axisScales: plain.axisScales, coarsest: 64)
        return try #require(hierarchy.clouds.last)
      }
      let pair = CloudPair(
        sources: try cloud(plain.sources, masses.supplies),
        targets: try cloud(plain.targets, masses.demands),
        geometry: CostGeometry(plain, regularizedBy: regularization))
      let (n, m) = (pair.sources.count, pair.targets.count)
      let g = (0..<m).map { pair.targets.coordinates[$0] * 0.4 + noise * generator.uniform() }
      var f: [Double] = []
      var partners: [Int32] = []
      for i in 0..<n {
        let values = (0..<m).map { pair.cost(i, $0) - g[$0] }
        let best = try #require(values.indices.min { values[$0] < values[$1] })
        f.append(values[best] + noise * (generator.uniform() - 0.5))
        partners.append(Int32(best))
      }
      self.pair = pair
      potentials = NodePotentials(
        source: f, target: g, sourcePartners: partners,
        targetPartners: (0..<m).map { _ in Int32(generator.next() % UInt64(n)) })
    }

    func value(_ i: Int, _ j: Int) -> Double { pair.cost(i, j) - potentials.target[j] }
  }

  /// The tree leaves out nothing that a look at all pairs finds, and gives the same numbers.
  @Test(arguments: geometries.indices, [0.0, 0.3]) func findsAllViolations(
    geometry: Int, regularization: Double
  ) throws {
    for noise in [0.0, 0.01, 1] {
      let setting = try Setting(geometry, regularization: regularization, noise: noise)
      let search = TreeArcSearch(setting.pair)
      let pricing = try search.price(setting.potentials, perPoint: 3, skippingTies: false)
      for i in 0..<setting.pair.sources.count {
        let least = (0..<setting.pair.targets.count).map { setting.value(i, $0) }.min() ?? 0
        #expect(pricing.feasibleSourcePotentials[i] == min(setting.potentials.source[i], least))
      }
      let best = try #require(
        (0..<setting.pair.sources.count).map { i in
          (0..<setting.pair.targets.count).map { setting.value(i, $0) }.min() ?? 0
        }.enumerated().map { $1 - setting.potentials.source[$0] }.min())
      #expect((best < -1e-13) == (pricing.violations.count > 0))
    }
  }

  /// Ties cost a few roundings of the potentials, and no more.
  @Test(arguments: geometries.indices) func tiesLowerPotentialsByRoundings(geometry: Int) throws {
    for noise in [0.0, 0.01] {
      let setting = try Setting(geometry, regularization: 0, noise: noise)
      let search = TreeArcSearch(setting.pair)
      let pricing = try search.price(setting.potentials, perPoint: 3, skippingTies: true)
      let largest = (setting.potentials.source + setting.potentials.target).map(abs).max() ?? 0
      for i in 0..<setting.pair.sources.count {
        let least = (0..<setting.pair.targets.count).map { setting.value(i, $0) }.min() ?? 0
        let feasible = pricing.feasibleSourcePotentials[i]
        #expect(feasible <= least)
        #expect(feasible >= min(least, setting.potentials.source[i]) - 30 * .ulpOfOne * largest)
      }
    }
  }

  /// The candidates of each point are its best ones.
  @Test(arguments: geometries.indices, [0.0, 0.3]) func candidatesAreTheBest(
    geometry: Int, regularization: Double
  ) throws {
    let setting = try Setting(geometry, regularization: regularization, noise: 0.05)
    let (n, m) = (setting.pair.sources.count, setting.pair.targets.count)
    let arcs = try TreeArcSearch(setting.pair).candidates(setting.potentials, perPoint: 5)
    let order = zip(arcs.sources, arcs.targets).map { m * Int($0) + Int($1) }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
    let pairs = Set((0..<arcs.count).map { m * Int(arcs.sources[$0]) + Int(arcs.targets[$0]) })
    for i in 0..<n {
      let best = (0..<m).sorted { setting.value(i, $0) < setting.value(i, $1) }.prefix(5)
      #expect(best.allSatisfy { pairs.contains(m * i + $0) })
    }
    for j in 0..<m {
      let values = (0..<n).map { setting.pair.cost($0, j) - setting.potentials.source[$0] }
      let best = (0..<n).sorted { values[$0] < values[$1] }.prefix(5)
      #expect(best.allSatisfy { pairs.contains(m * $0 + j) })
    }
    for arc in 0..<arcs.count {
      #expect(arcs.costs[arc] == setting.pair.cost(Int(arcs.sources[arc]), Int(arcs.targets[arc])))
    }
  }

  /// Σ w·r + ε·(w·r)² over the blocks of exponent 1.
  @Test func regularizedCostsAreWhatTheySay() throws {
    let problem = try TransportProblem(
      from: DiscreteMeasure(axes: [[0], [0], [0]]), to: DiscreteMeasure(axes: [[3], [4], [2]]),
      cost: .blocks([
        CostBlock(axes: 0..<2, weight: 0.5, exponent: 1), CostBlock(axes: 2..<3, exponent: 2),
      ]), exponent: 1)
    let geometry = try #require(problem.pairCosts.geometry)
    let unit = 1.0.scaled(by: geometry.unitExponent)
    #expect(abs(geometry.cost(0, 0) * unit - 6.5) < 1e-14)
    let regularized = CostGeometry(geometry, regularizedBy: 0.1)
    let scaled = 2.5 / unit
    #expect(abs(regularized.cost(0, 0) * unit - (6.5 + 0.1 * scaled * 2.5)) < 1e-14)
    #expect(RegularizationStages(for: geometry, cost: 1).isDone == false)
    let quadratic = try TransportProblem(
      from: DiscreteMeasure(axes: [[0]]), to: DiscreteMeasure(axes: [[3]]), exponent: 2)
    #expect(
      RegularizationStages(for: try #require(quadratic.pairCosts.geometry), cost: 1).isDone)
  }

  /// How convex the first cost is: for sums of distances on single axes much, between grids little; for norms by how
  /// much the cost of a typical displacement grows, and less where a tolerance is given.
  @Test(arguments: [20, 100])
  func strengthsFitTheCost(side: Int) throws {
    var generator = SeededGenerator(seed: 5)
    let nodes = (0..<side * side).map { (Double($0 % side), 0.5 * Double($0 / side)) }
    let grid = try DiscreteMeasure(axes: [nodes.map(\.0), nodes.map(\.1)])
    let random = nodes.map { _ in generator.uniform() }
    let cloud = try DiscreteMeasure(axes: [random, nodes.map { _ in generator.uniform() }])
    let strip = try DiscreteMeasure(axes: [nodes.map(\.0), random])
    func first(
      _ source: DiscreteMeasure, _ target: DiscreteMeasure, _ blocks: [Range<Int>],
      tolerance: Double = 0
    ) throws -> [Double] {
      let problem = try TransportProblem(
        from: source, to: target,
        cost: .blocks(blocks.map { CostBlock(axes: $0, exponent: 1) }), exponent: 1)
      let points = try #require(problem.pairCosts.geometry)
      let stages = RegularizationStages(for: points, cost: 0.1, tolerance: tolerance)
      let nothing = [Int128](repeating: 1, count: side * side)
      let hierarchy = try PointHierarchy(
        coordinates: points.sources, supplies: nothing, axisScales: points.axisScales,
        coarsest: side * side)
      let clouds = try #require(hierarchy.clouds.last)
      let regularized = stages.costs(
        of: CloudPair(sources: clouds, targets: clouds, geometry: points)
      ).geometry
      return zip(regularized.blockSquares, regularized.blocks).map { $0 / ($1.weight * $1.weight) }
    }
    let (sum, norm) = ([0..<1, 1..<2], [0..<2])
    for (source, target) in [(cloud, cloud), (strip, grid), (grid, cloud)] {
      #expect(try first(source, target, sum).allSatisfy { $0 > 0.5 })
    }
    #expect(try first(grid, grid, sum).allSatisfy { (0.01...0.2).contains($0) })
    for measure in [grid, cloud] {
      #expect(try first(measure, measure, norm).allSatisfy { (0.001...0.1).contains($0) })
    }
    #expect(try first(cloud, cloud, sum, tolerance: 1e-3).allSatisfy { $0 < 2e-3 })
  }
}
