import TestSupport
import Testing

@testable import OptimalTransport

/// The account of rounding errors on tensor grids, whose costs are added up axis by axis.
@Suite struct CostRoundingTests {
  /// Every pass rounds a number of the size of the potential. Here all of them round upwards by nearly
  /// half a unit, which no count of roundings for a cost that is computed as a whole covers.
  @Test(arguments: 4...40)
  func passesThatAllRoundUpwards(axes: Int) throws {
    // Steps of a little more than half the distance of doubles at 2^20.
    let step = 0x1.1p-33
    let target = try TensorGrid(nodes: (0..<axes).map { _ in [step] }, masses: [1])
    let source = try TensorGrid(nodes: (0..<axes).map { _ in [0] }, masses: [1])
    let problem = try TransportProblem(
      from: source, to: target,
      cost: .blocks((0..<axes).map { CostBlock(axes: $0..<$0 + 1, exponent: 1) }), exponent: 1)
    let unit = problem.pairCosts.unitExponent
    let large = 0x1p20.scaled(by: -unit)
    let certificate = try Certificate(problem: problem, targetPotentials: [-large])
    // A sum of equal powers of two times small integers: exact.
    let cost = Double(axes) * step
    #expect(certificate.lower.scaled(by: unit) <= cost)
  }

  #if arch(x86_64)
    /// Potentials of every size on random grids: in extended precision none of the bounds is above the
    /// cost of any coupling.
    @Test func boundsHoldInExtendedPrecision() throws {
      var generator = SeededGenerator(seed: 9)
      for round in 0..<200 {
        let axes = 1 + round % 5
        func grid() throws -> TensorGrid {
          let nodes = (0..<axes).map { _ in (0..<2).map { _ in generator.uniform() } }
          let count = 1 << axes
          return try TensorGrid(nodes: nodes, masses: generator.masses(.random, count: count))
        }
        let problem = try TransportProblem(from: grid(), to: grid(), exponent: 2)
        let size = [1e-3, 1, 1e6, 1e12][round % 4]
        let potentials = (0..<problem.target.count).map { _ in size * (generator.uniform() - 0.5) }
        let certificate = try Certificate(problem: problem, targetPotentials: potentials)
        var cost = Float80(0)
        let plan = MarginalRepair.northWest(problem.source.masses, problem.target.masses)
        for entry in 0..<plan.count {
          let from = problem.source.point(Int(plan.sources[entry]))
          let to = problem.target.point(Int(plan.targets[entry]))
          let square = zip(from, to).reduce(Float80(0)) {
            $0 + (Float80($1.0) - Float80($1.1)) * (Float80($1.0) - Float80($1.1))
          }
          cost += Float80(plan.masses[entry]) * square
        }
        let lower = Float80(certificate.lower.scaled(by: problem.pairCosts.unitExponent))
        #expect(lower <= cost * (1 + 1e-15))
      }
    }
  #endif
}
