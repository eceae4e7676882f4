import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct MonotoneTransformTests {
  /// Checks that the transform is at most the least entry of a sweep over all pairs, and below it by
  /// no more than it allows for rounding.
  private func compare(
    _ problem: TransportProblem, _ comment: Comment,
    _ potential: (_ coordinate: Double) -> Double
  ) throws {
    let geometry = try #require(problem.pairCosts.geometry)
    let sources = try SortedPoints(problem.source, at: geometry.sources)
    let targets = try SortedPoints(problem.target, at: geometry.targets)
    let potentials = targets.coordinates.map(potential)
    let values = try MonotoneTransform(
      at: sources.coordinates, of: potentials, at: targets.coordinates, geometry: geometry
    ).values()
    var offsets = potentials
    for (index, value) in zip(targets.indices, potentials) { offsets[Int(index)] = value }
    for (value, index) in zip(values, sources.indices) {
      let least = geometry.rowMinimum(Int(index), offsets: offsets).value
      // Seven halvings of at most 20 roundings each, twice, of numbers up to 4.
      #expect(value <= least && least - value <= 7 * 40 * 0x1p-51, comment)
    }
  }

  @Test(arguments: [1.0, 1.5, 2, 3], [CoordinateAxis.line, .circle(length: 1)])
  func agreesWithASweep(exponent: Double, axis: CoordinateAxis) throws {
    var generator = SeededGenerator(seed: 51)
    for (n, m) in [(1, 1), (1, 700), (16, 3), (17, 17), (300, 1), (500, 400), (1000, 1)] {
      for lattice in [false, true] {
        let problem = try TransportProblem(
          from: generator.measure(count: n, dimension: 1, masses: .random, lattice: lattice),
          to: generator.measure(count: m, dimension: 1, masses: .random, lattice: lattice),
          domain: ProductDomain([axis]), exponent: exponent)
        for size in [0, 1e-3, 1] {
          try compare(problem, "\(n) \(m) \(lattice) \(size)") { _ in
            size * (generator.uniform() - 0.5)
          }
        }
      }
    }
  }

  /// With c = |x − y| and g = y all columns beyond a row's point are equally good, and the roundings
  /// decide at each halving anew which are given up.
  @Test(arguments: [CoordinateAxis.line, .circle(length: 1)])
  func allowsForRoundingAtTies(axis: CoordinateAxis) throws {
    var generator = SeededGenerator(seed: 52)
    for _ in 0..<20 {
      let problem = try TransportProblem(
        from: generator.measure(count: 1000, dimension: 1, masses: .equal),
        to: generator.measure(count: 1000, dimension: 1, masses: .equal),
        domain: ProductDomain([axis]),
        cost: .blocks([CostBlock(axes: 0..<1, weight: 1.3, exponent: 1)]), exponent: 1)
      let weight = try #require(problem.pairCosts.geometry).blocks[0].weight
      try compare(problem, "ties") { weight * $0 }
    }
  }
}
