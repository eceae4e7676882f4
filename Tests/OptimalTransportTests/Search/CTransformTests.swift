import TestSupport
import Testing

@testable import OptimalTransport
import Libc

@Suite struct CTransformTests {
  /// Enough pairs for the search tree.
  private func problem(
    _ domain: ProductDomain, _ blocks: [CostBlock], lattice: Bool = false
  ) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 31)
    let dimension = domain.axes.count
    return try TransportProblem(
      from: generator.measure(count: 1100, dimension: dimension, masses: .random, lattice: lattice),
      to: generator.measure(count: 1003, dimension: dimension, masses: .random, lattice: lattice),
      domain: domain, cost: .blocks(blocks), exponent: 2)
  }

  private static let geometries: [(axes: [CoordinateAxis], blocks: [CostBlock])] = [
    ([.line], [CostBlock(axes: 0..<1, exponent: 2)]),
    ([.circle(length: 0.8), .line], [CostBlock(axes: 0..<2, exponent: 1)]),
    (
      [.circle(length: 1), .line, .line],
      [CostBlock(axes: 0..<1, weight: 3, exponent: 2), CostBlock(axes: 1..<3, exponent: 1.5)]
    ),
    (
      [.line, .line, .circle(length: 0.3), .circle(length: 2)],
      [CostBlock(axes: 0..<2, weight: 0.01, exponent: 4), CostBlock(axes: 2..<4, exponent: 2)]
    ),
  ]

  /// Smooth, rough, constant, with single peaks, and with all points on few places.
  @Test(arguments: geometries.indices, ["smooth", "rough", "constant", "peaks", "lattice"])
  func searchFindsWhatASweepFinds(geometry: Int, kind: String) throws {
    let (axes, blocks) = Self.geometries[geometry]
    let problem = try problem(ProductDomain(axes), blocks, lattice: kind == "lattice")
    let costs = problem.pairCosts
    var generator = SeededGenerator(seed: 32)
    for side in [TransportSide.source, .target] {
      let others = side == .source ? problem.target : problem.source
      let offsets = (0..<others.count).map { index -> Double in
        let point = axes.indices.map { others.coordinates[$0 * others.count + index] }
        let wave = point.enumerated().reduce(0) { $0 + 0.1 * sin(3 * $1.1 + Double($1.0)) }
        switch kind {
        case "rough": return wave + 0.2 * generator.uniform()
        case "constant": return 0.25
        case "peaks": return index % 100 == 7 ? 5 : wave
        default: return wave
        }
      }
      let found = try problem.cTransform(side, of: offsets)
      offsets.withUnsafeBufferPointer { buffer in
        guard let offsets = buffer.baseAddress else { return }
        for (index, value) in found.enumerated() {
          let least =
            side == .source
            ? costs.rowMinimum(index, offsets: offsets).value
            : costs.columnMinimum(index, offsets: offsets).value
          #expect(value == least)
        }
      }
    }
  }

  /// Offsets that are not finite cannot be bounded by a tree; a sweep takes them as they are.
  @Test func infiniteOffsetsNeverWin() throws {
    let problem = try problem(ProductDomain([.line]), [CostBlock(axes: 0..<1, exponent: 2)])
    var offsets = [Double](repeating: 0, count: problem.target.count)
    let plain = try problem.cTransform(.source, of: offsets)
    #expect(plain.allSatisfy { $0 >= 0 && $0 < 0.01 })
    offsets[5] = -.infinity
    let found = try problem.cTransform(.source, of: offsets)
    #expect(zip(found, plain).allSatisfy { $0 >= $1 && $0 < 0.1 })
  }
}
