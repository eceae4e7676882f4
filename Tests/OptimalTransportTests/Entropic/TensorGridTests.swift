import TestSupport
import Testing

@testable import OptimalTransport
import Libc

@Suite struct TensorGridTests {
  /// Two bumps on a grid of cells, one axis a circle of length 1.
  static func grid(_ shape: [Int], at center: (Double, Double), empty: Bool = false) throws
    -> TensorGrid
  {
    func centers(_ count: Int) -> [Double] {
      (0..<count).map { (Double($0) + 0.5) / Double(count) }
    }
    let nodes = [centers(shape[0]), centers(shape[1]).map { 4 * $0 - 2 }]
    var masses: [Double] = []
    for x in nodes[0] {
      for v in nodes[1] {
        let (dx, dv) = (x - center.0, v - center.1)
        let isEmpty = empty && (v < -1 || (x > 0.4 && x < 0.5))
        masses.append(isEmpty ? 0 : 0.01 + exp(-30 * dx * dx - 2 * dv * dv))
      }
    }
    return try TensorGrid(nodes: nodes, masses: masses)
  }

  static let domain = ProductDomain(uncheckedAxes: [.circle(length: 1), .line])
  static let split = GroundCost.blocks([
    CostBlock(axes: 0..<1, weight: 3, exponent: 2), CostBlock(axes: 1..<2, exponent: 2),
  ])

  static func problems(
    _ shape: [Int], _ other: [Int], cost: GroundCost = split, empty: Bool = false
  ) throws -> (grid: TransportProblem, points: TransportProblem) {
    let source = try grid(shape, at: (0.3, -0.5), empty: empty)
    let target = try grid(other, at: (0.8, 0.4))
    return (
      try TransportProblem(from: source, to: target, domain: domain, cost: cost, exponent: 2),
      try TransportProblem(
        from: source.measure, to: target.measure, domain: domain, cost: cost, exponent: 2)
    )
  }

  @Test func nodesAreInRowMajorOrder() throws {
    let grid = try TensorGrid(nodes: [[1, 2], [5, 6, 7]], masses: [1, 2, 3, 4, 5, 6])
    #expect(grid.shape == [2, 3])
    #expect(grid.measure.point(0) == [1, 5] && grid.measure.point(2) == [1, 7])
    #expect(grid.measure.point(3) == [2, 5] && grid.measure.rawMass == 21)
    #expect(throws: MeasureError.massCountMismatch(expected: 4, found: 3)) {
      try TensorGrid(nodes: [[1, 2], [3, 4]], masses: [1, 1, 1])
    }
    #expect(throws: MeasureError.empty) { try TensorGrid(nodes: [[1], []], masses: []) }
    #expect(throws: MeasureError.noAxes) { try TensorGrid(nodes: [], masses: [1]) }
    #expect(throws: MeasureError.self) { try TensorGrid(nodes: [[.nan]], masses: [1]) }
    #expect(throws: MeasureError.self) { try TensorGrid(nodes: [[0]], masses: [0]) }
    let long = [Double](repeating: 0, count: 1 << 16)
    #expect(throws: MeasureError.self) {
      try TensorGrid(nodes: [long, long, long, long], masses: [])
    }
  }

  /// Each pass against the sweep over all pairs, with other numbers of nodes on either side.
  @Test(arguments: [1.0, 0.01, 1e-5])
  func passesAgreeWithSweeps(regularization: Double) throws {
    for cost in [
      Self.split, .euclidean(dimension: 2, exponent: 2),
      .blocks([CostBlock(axes: 0..<1, exponent: 1), CostBlock(axes: 1..<2, exponent: 1.5)]),
      .blocks([CostBlock(axes: 1..<2, weight: 0.3, exponent: 2)]),
    ] {
      let (grid, points) = try Self.problems([7, 12], [10, 9], cost: cost, empty: true)
      let separable = try #require(grid.separableCosts)
      #expect(points.separableCosts == nil)
      var fast = try SinkhornIteration(problem: grid)
      var slow = try SinkhornIteration(problem: points)
      let own = OwnRegularization(regularization)
      let kernels = (fast.kernel(own), slow.kernel(own))
      #expect(kernels.0 is GridKernel && kernels.1 is PairKernel)
      let rounding = 1e-14 * (1 + regularization)
      for _ in 0..<3 {
        for side in [TransportSide.target, .source] {
          let steps = try (fast.halfStep(side, kernels.0), slow.halfStep(side, kernels.1))
          for (a, b) in zip(steps.0.potential, steps.1.potential) {
            #expect(abs(a - b) <= rounding)
          }
          if side == .source {
            (fast.source, slow.source) = (steps.1.potential, steps.1.potential)
          } else {
            (fast.target, slow.target) = (steps.1.potential, steps.1.potential)
          }
        }
      }
      let shifts = slow.source.map { $0 * kernels.1.scale }
      let sums = try (
        kernels.0.rowSums(offsets: fast.offsets(.target, kernels.0), shifts: shifts),
        kernels.1.rowSums(offsets: slow.offsets(.target, kernels.1), shifts: shifts)
      )
      for (a, b) in zip(sums.0, sums.1) {
        #expect(abs(a.mass - b.mass) <= 1e-13 * kernels.1.scale)
        #expect(abs(a.cost - b.cost) <= 1e-13 * kernels.1.scale)
      }
      for (side, offsets) in [(TransportSide.target, slow.source), (.source, slow.target)] {
        let minima = try separable.minima(side, offsets: offsets)
        for index in minima.indices {
          var plain = Double.infinity
          for other in offsets.indices {
            let (i, j) = side == .target ? (other, index) : (index, other)
            plain = min(plain, grid.pairCosts.cost(i, j) - offsets[other])
          }
          #expect(abs(minima[index] - plain) <= 4e-16)
        }
      }
    }
  }

  @Test func otherCostsAreThoseOfPoints() throws {
    let source = try Self.grid([5, 6], at: (0.3, -0.5))
    let problem = try TransportProblem(from: source, to: source, exponent: 1)
    #expect(problem.separableCosts == nil)
    let squares = try TransportProblem(from: source, to: source, exponent: 2)
    #expect(squares.separableCosts != nil)
    #expect(try squares.swapped().separableCosts != nil)
  }

  /// The whole solver on 64 × 64 nodes, beside the solver for points.
  @Test func agreesWithPoints() throws {
    let (grid, points) = try Self.problems([64, 64], [64, 64], empty: true)
    let solver = SinkhornSolver(regularization: 0.05, marginalTolerance: 1e-11)
    let fast = try solver.solveEntropic(grid)
    let slow = try solver.solveEntropic(points)
    #expect(abs(fast.transportCost - slow.transportCost) <= 1e-9)
    #expect(abs(fast.entropicCost - slow.entropicCost) <= 1e-9)
    #expect(abs(fast.dualCost - slow.dualCost) <= 1e-9)
    let bounds = try (fast.unregularizedCostBounds(), slow.unregularizedCostBounds())
    #expect(abs(bounds.0.upper - bounds.1.upper) <= 1e-9)
    #expect(bounds.0.lower <= bounds.1.upper && bounds.1.lower <= bounds.0.upper)
  }

  /// Brackets hold the exact cost, also of the given-mass, unbalanced and self problems.
  @Test func bracketsHoldTheExactCost() throws {
    let (grid, points) = try Self.problems([12, 15], [14, 11], empty: true)
    let exact = try NetworkSimplex().solve(points).cost
    let bounds = try #require(try AdaptiveSinkhornSolver().solveEntropic(grid).provedCostBounds)
    #expect(bounds.lower <= exact && exact <= bounds.upper)
    #expect(bounds.relativeWidth <= 0.01)
    let solver = SinkhornSolver(regularization: 0.02, marginalTolerance: 1e-9)
    let divergences = (try solver.divergence(grid), try solver.divergence(points))
    #expect(abs(divergences.0.value - divergences.1.value) <= 1e-7)
    let same = try TransportProblem(
      from: Self.grid([12, 15], at: (0.3, 0)), to: Self.grid([12, 15], at: (0.3, 0)),
      domain: Self.domain, cost: Self.split, exponent: 2)
    #expect(try solver.divergence(same).value == 0)
    let partial = UnbalancedSinkhornSolver(
      regularization: 0.02, relaxation: .kullbackLeibler(strength: 1), tolerance: 1e-10)
    let relaxed = (try partial.solve(grid), try partial.solve(points))
    #expect(abs(relaxed.0.totalCost - relaxed.1.totalCost) <= 1e-8 * relaxed.1.totalCost)
    // The plan of the rounded solution, from the same potentials.
    judge(try solver.solve(grid), closedTo: nil)
  }
}
