import TestSupport
import Testing

@testable import OptimalTransport

/// Inputs made to break an entropic solver, through every way of solving: what comes back is right
/// and finite, or an error that says why there is nothing.
@Suite struct PathologicalSinkhornTests {
  /// Nodes and masses of both sides; on one axis, so that each is a grid as well.
  struct Input: Sendable, CustomTestStringConvertible {
    let name: String
    let source: (points: [Double], masses: [Double])
    let target: (points: [Double], masses: [Double])
    var testDescription: String { name }

    func problem(onGrid: Bool) throws -> TransportProblem {
      if onGrid {
        return try TransportProblem(
          from: TensorGrid(nodes: [source.points], masses: source.masses),
          to: TensorGrid(nodes: [target.points], masses: target.masses), exponent: 2)
      }
      return try TransportProblem(
        from: DiscreteMeasure(axes: [source.points], masses: source.masses),
        to: DiscreteMeasure(axes: [target.points], masses: target.masses), exponent: 2)
    }
  }

  static let inputs = [
    Input(name: "one point each", source: ([0], [1]), target: ([3], [1])),
    Input(name: "one point, twice the same", source: ([2], [1]), target: ([2], [1])),
    Input(name: "one against three", source: ([0], [1]), target: ([3, 4, 5], [1, 0, 2])),
    Input(
      name: "identical measures", source: ([0, 1, 2.5, 3], [1, 2, 3, 4]),
      target: ([0, 1, 2.5, 3], [1, 2, 3, 4])),
    Input(
      name: "far apart", source: ([0, 1, 2], [1, 1, 1]),
      target: ([1e8, 1e8 + 1, 1e8 + 2], [1, 1, 1])),
    Input(
      name: "duplicates", source: ([0, 0, 0, 1, 1], [1, 2, 1, 1, 1]),
      target: ([1, 1, 0, 2, 2], [1, 1, 1, 1, 2])),
    Input(
      name: "masses of all sizes", source: ([0, 1, 2, 3], [1e-300, 1e-150, 1e-8, 1]),
      target: ([0.5, 1.5, 2.5, 3.5], [1, 1e-290, 0, 1e-12])),
  ]

  static let scales = [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6]

  /// The result of a solver; `nil` where it says that it did not converge, which is no failure at
  /// regularisations below a thousandth of the costs.
  private func result<Value>(
    _ scale: Double, _ body: () throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Value? {
    do {
      return try body()
    } catch SolverError.notConverged(_, let reason) {
      #expect(scale < 1e-3, "\(reason)", sourceLocation: sourceLocation)
      #expect(!reason.contains("nan"), sourceLocation: sourceLocation)
      return nil
    }
  }

  @Test(arguments: inputs, [false, true])
  func everyWayOfSolvingIsRight(input: Input, onGrid: Bool) throws {
    let problem = try input.problem(onGrid: onGrid)
    #expect((problem.separableCosts != nil) == onGrid)
    let exact = try NetworkSimplex().solve(input.problem(onGrid: false))
    let largest = 1.0.scaled(by: problem.pairCosts.unitExponent)
    func hold(_ bounds: ProvedBounds, _ location: SourceLocation = #_sourceLocation) {
      #expect(
        bounds.lower <= exact.costBounds.upper && exact.costBounds.lower <= bounds.upper,
        "\(bounds) \(exact.costBounds)", sourceLocation: location)
    }
    for scale in Self.scales {
      let epsilon = scale * largest
      let solver = SinkhornSolver(regularization: epsilon, maximumIterations: 2_000)
      if let solution = try result(scale, { try solver.solveEntropic(problem) }) {
        #expect(solution.marginalError <= 1e-6)
        #expect(solution.transportCost.isFinite && solution.transportCost >= 0)
        #expect(solution.entropicCost.isFinite)
        #expect(abs(solution.entropicCost - solution.dualCost) <= 4e-6 * (largest + epsilon))
        try hold(solution.unregularizedCostBounds())
        if scale >= 1e-9 { #expect(plainMarginalError(solution) <= 2e-6) }
        // Divergences may fail where the self-problems converge slowly; they are never negative.
        if let divergence = try result(scale, { try solver.divergence(solution) }) {
          #expect(divergence.value.isFinite && divergence.value >= 0)
          if input.source == input.target { #expect(divergence.value <= divergence.errorBound) }
        }
      }
      if let solution = try result(scale, { try solver.solve(problem) }) {
        judge(solution, closedTo: nil)
        hold(solution.costBounds)
      }
      let mass = 0.4 * min(problem.source.rawMass, problem.target.rawMass)
      for relaxation in [
        MarginalRelaxation.kullbackLeibler(strength: 0.5 * largest),
        .totalVariation(strength: 0.2 * largest), .movedMass(mass),
      ] {
        let relaxed = UnbalancedSinkhornSolver(
          regularization: epsilon, relaxation: relaxation, maximumIterations: 2_000)
        guard let solution = try result(scale, { try relaxed.solve(problem) }) else { continue }
        #expect(solution.residual <= 1e-6)
        #expect(solution.movedMass.isFinite && solution.movedMass >= 0)
        #expect(solution.totalCost.isFinite && solution.transportCost >= 0)
        let bounds = try solution.unregularizedCostBounds()
        #expect(bounds.lower.isFinite && bounds.lower >= 0 && bounds.upper.isFinite)
        if case .movedMass = relaxation {
          #expect(abs(solution.movedMass - mass) <= 1e-6 * meanMass(problem))
        }
      }
    }
    if let solution = try result(1e-6, { try AdaptiveSinkhornSolver().solveEntropic(problem) }) {
      let bounds = try #require(solution.provedCostBounds)
      hold(bounds)
      #expect(bounds.relativeWidth <= 0.01 || bounds.width <= 1e-6 * largest)
    }
  }

  private func meanMass(_ problem: TransportProblem) -> Double {
    (problem.source.rawMass * problem.target.rawMass).squareRoot()
  }
}

private func == (
  first: (points: [Double], masses: [Double]), second: (points: [Double], masses: [Double])
) -> Bool { first.points == second.points && first.masses == second.masses }
