import LinearPrograms
import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// Squares, powers and costs below the normal numbers: every route to a bracket counts what they lose.
@Suite struct UnderflowTests {
  /// Half of the mass moves by `step`, on `axes` axes; the other half stays at the distance 1.
  private func problem(_ step: Double, axes: Int = 1, far: Double = 1) throws -> TransportProblem {
    let rest = Array(repeating: [0, 0.0], count: axes - 1)
    return try TransportProblem(
      from: DiscreteMeasure(axes: [[0, far]] + rest),
      to: DiscreteMeasure(axes: [[step, far]] + rest), exponent: 1)
  }

  /// The square of the only difference vanishes beside that of the largest one.
  private static let step = 1e-170

  @Test(arguments: [1, 2]) func exactPlans(axes: Int) throws {
    let problem = try problem(Self.step, axes: axes)
    #expect(try AutomaticSolver().solve(problem).costBounds.contains(Self.step / 2))
    guard LinearProgramSolver.isAvailable else { return }
    #expect(try LinearProgramSolver().solve(problem).costBounds.contains(Self.step / 2))
  }

  @Test(arguments: [1, 2]) func quickBrackets(axes: Int) throws {
    let quick = try #require(try problem(Self.step, axes: axes).quickBracket())
    #expect(quick.costBounds.contains(Self.step / 2), "\(quick.costBounds)")
  }

  /// What is proved of a run that is stopped at once.
  @Test func stoppedRuns() throws {
    let problem = try problem(Self.step, axes: 2)
    for calls in 0..<4 {
      let limit = Countdown(calls)
      do throws(SolverError) {
        let solution = try NetworkSimplex().solve(problem) { _ in limit.goesOn() }
        #expect(solution.costBounds.contains(Self.step / 2))
      } catch {
        let bracket = try #require(error.bracket)
        #expect(bracket.costBounds.contains(Self.step / 2), "\(bracket)")
      }
    }
  }

  @Test func entropicPlans() throws {
    let problem = try problem(Self.step)
    let solution = try SinkhornSolver(regularization: 1e-3).solveEntropic(problem)
    #expect(try solution.unregularizedCostBounds().contains(Self.step / 2))
    #expect(
      try SinkhornSolver(regularization: 1e-3).solve(problem).costBounds.contains(Self.step / 2))
  }

  /// Leaving the mass costs far more than moving it, and still so little that the slack for the roundings
  /// of marginals does not hide what the cost lacks.
  @Test func unbalancedPlans() throws {
    let problem = try problem(Self.step)
    let solver = UnbalancedSinkhornSolver(
      regularization: 1e-173, relaxation: .totalVariation(strength: 1e-167), tolerance: 1e-9)
    let bounds = try solver.solve(problem).unregularizedCostBounds()
    #expect(bounds.contains(Self.step / 2 * (problem.source.rawMass)), "\(bounds)")
  }

  @Test(.enabled(if: LinearProgramSolver.isAvailable)) func flatDistances() throws {
    for far in [1.0, 1e150] {
      let distance = try BoundedLipschitzDistance(of: problem(Self.step * far, far: far))
      #expect(
        distance.distanceBounds.contains(min(1, Self.step * far / 2)), "\(distance.distanceBounds)")
    }
  }

  /// Squares among the subnormal numbers are rounded up as well as down.
  @Test func bothWays() throws {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<200 {
      let step = (0.5 + 8 * generator.uniform()).squareRoot() * 0x1p-537
      let bounds = try NetworkSimplex().solve(problem(step, axes: 2)).costBounds
      #expect(bounds.contains(step / 2), "\(bounds) \(step / 2)")
    }
  }

  /// In the unit of the ground cost the cost is below half of the least positive number.
  @Test func costsThatTheCallersUnitCannotHold() throws {
    for axes in [1, 2] {
      let rest = Array(repeating: [0, 0.0], count: axes - 1)
      let problem = try TransportProblem(
        from: DiscreteMeasure(axes: [[0, 1e-150]] + rest),
        to: DiscreteMeasure(axes: [[1.2e-162, 1e-150]] + rest), exponent: 2)
      let bounds = try AutomaticSolver().solve(problem).costBounds
      #expect(bounds.lower == 0 && bounds.upper > 0, "\(bounds)")
    }
  }

  /// An axis on which all points agree has no part in the unit of the others and takes no digit away.
  @Test(arguments: [1.0, 1.5, 2, 3]) func tinyCoordinatesBesideAConstantOne(p: Double) throws {
    let blocks = (0..<2).map { CostBlock(axes: $0..<$0 + 1, exponent: p) }
    let problem = try TransportProblem(
      from: DiscreteMeasure(axes: [[0, 3e-96], [7, 7]]),
      to: DiscreteMeasure(axes: [[1e-95, 2e-95], [7, 7]]), cost: .blocks(blocks), exponent: p)
    let bounds = try NetworkSimplex().solve(problem).costBounds
    #expect(bounds.lower > 0 && bounds.relativeWidth < 1e-13, "\(bounds)")
    let quick = try #require(problem.quickBracket()).costBounds
    #expect(quick.lower > 0 && quick.relativeWidth < 1e-13, "\(quick)")
    let grids = try TransportProblem(
      from: TensorGrid(nodes: [[0, 3e-96], [7]], masses: [1, 1]),
      to: TensorGrid(nodes: [[1e-95, 2e-95], [7]], masses: [1, 1]), cost: .blocks(blocks),
      exponent: p)
    #expect(grids.separableCosts != nil && grids.transformRounding.underflow < 1e-100)
    let solution = try SinkhornSolver(regularization: bounds.upper * 1e-3).solveEntropic(grids)
    #expect(try solution.unregularizedCostBounds().relativeWidth < 1e-3)
  }

  /// Pairs at the same place cost nothing, exactly, whichever image of a circle their coordinates name.
  @Test func samePlaces() throws {
    let solution = try NetworkSimplex().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [[0.25, 0.75], [0, 1]]),
        to: DiscreteMeasure(axes: [[1.25, -0.25], [0, 1]]),
        domain: ProductDomain([.circle(length: 1), .line]), exponent: 1))
    #expect(solution.costBounds == ProvedBounds(lower: 0, upper: 0))
  }
}

/// Says yes so often.
private final class Countdown: Sendable {
  private let left: Mutex<Int>

  init(_ calls: Int) { left = Mutex(calls) }

  func goesOn() -> Bool {
    left.withLock {
      $0 -= 1
      return $0 >= 0
    }
  }
}
