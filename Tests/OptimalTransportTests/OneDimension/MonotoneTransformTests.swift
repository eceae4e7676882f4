import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct MonotoneTransformTests {
  /// Any potentials, good or bad: the transform is at most the least entry of a sweep over all
  /// pairs, and below it by no more than it allows for rounding.
  @Test(arguments: [1.0, 1.5, 2, 3], [Axis.line, .circle(length: 1)])
  func agreesWithASweep(exponent: Double, axis: Axis) throws {
    var generator = SeededGenerator(seed: 51)
    for (n, m) in [(1, 1), (1, 700), (16, 3), (17, 17), (300, 1), (500, 400), (1000, 1)] {
      for lattice in [false, true] {
        for size in [0, 1e-3, 1] {
          let problem = try TransportProblem(
            from: generator.measure(count: n, dimension: 1, masses: .random, lattice: lattice),
            to: generator.measure(count: m, dimension: 1, masses: .random, lattice: lattice),
            domain: Domain([axis]), exponent: exponent)
          let geometry = try #require(problem.pairCosts.geometry)
          let sources = SortedPoints(problem.source, at: geometry.sources)
          let targets = SortedPoints(problem.target, at: geometry.targets)
          let potentials = (0..<m).map { _ in size * (generator.uniform() - 0.5) }
          let transform = MonotoneTransform(
            at: sources.coordinates, of: potentials, at: targets.coordinates, geometry: geometry)
          var offsets = potentials
          for (index, value) in zip(targets.indices, potentials) { offsets[Int(index)] = value }
          for (value, index) in zip(transform.values(), sources.indices) {
            let least = geometry.rowMinimum(Int(index), offsets: offsets).value
            // Six halvings of at most 20 roundings each, twice, of numbers up to 2.
            #expect(value <= least && least - value <= 6 * 40 * 0x1p-52, "\(n) \(m) \(lattice)")
          }
        }
      }
    }
  }
}
