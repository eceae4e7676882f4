import LinearPrograms
import TestSupport
import Testing

@testable import OptimalTransport

/// Solvers that share no step of the optimisation must agree on everything that can be posed.
@Suite struct AgreementTests {
  /// All exact solvers. Those for one dimension refuse other problems.
  private static let solvers: [any TransportSolver] =
    general + [LineSolver(), CircleSolver()]

  /// Those that take every problem.
  private static let general: [any TransportSolver] =
    [NetworkSimplex()] + (LinearProgramSolver.isAvailable ? [LinearProgramSolver()] : [])

  /// What a solver finds; `nil` when it is not made for such a problem.
  private static func solution(
    of problem: TransportProblem, by solver: any TransportSolver
  ) throws(SolverError) -> TransportSolution? {
    do {
      return try solver.solve(problem)
    } catch {
      if case .unsuitable = error { return nil }
      throw error
    }
  }

  /// What the comparison of many problems found.
  private struct Comparison {
    /// How many problems each solver took.
    var solved: [String: Int] = [:]
    /// The largest relative difference of two costs, and where.
    var disagreement = (worst: 0.0, description: "none")
    /// For each solver the largest relative width of a bracket, and where.
    var widest: [String: (width: Double, description: String)] = [:]

    /// Solves a problem with all solvers that take it, judges each, and compares them.
    mutating func add(_ problem: TransportProblem, _ description: String) throws {
      let comment = Comment(rawValue: description)
      let solutions = try AgreementTests.solvers.compactMap {
        try AgreementTests.solution(of: problem, by: $0)
      }
      for solution in solutions {
        judge(solution, comment)
        solved[solution.method, default: 0] += 1
        let width = solution.costBounds.relativeWidth
        if width >= widest[solution.method]?.width ?? 0 {
          widest[solution.method] = (width, description)
        }
      }
      let costs = solutions.map(\.cost)
      let (least, greatest) = (costs.min() ?? 0, costs.max() ?? 0)
      // A least cost of 0 is found up to the rounding of the masses, a few 1e-16 of the largest cost.
      let rounding = 1e-15.scaled(by: problem.pairCosts.unitExponent)
      #expect(greatest - least <= 1e-10 * least + rounding, comment)
      // Each proves its own bracket of the same number.
      let bounds = solutions.map(\.costBounds)
      #expect((bounds.map(\.lower).max() ?? 0) <= (bounds.map(\.upper).min() ?? 0), comment)
      if least > rounding, (greatest - least) / least > disagreement.worst {
        disagreement = ((greatest - least) / least, description)
      }
    }

    /// Says where the solvers differ most.
    func report() {
      print("worst disagreement \(disagreement.worst), \(disagreement.description)")
      for (method, entry) in widest.sorted(by: { $0.key < $1.key }) {
        print(
          "\(method), \(solved[method] ?? 0) problems: widest bracket \(entry.width), "
            + "\(entry.description)")
      }
    }
  }

  private func compare(
    seed: UInt64, problems: Int, counts: ClosedRange<Int>
  ) throws -> Comparison {
    var generator = SeededGenerator(seed: seed)
    var comparison = Comparison()
    for index in 0..<problems {
      let agreement = try generator.agreementProblem(index, counts: counts)
      try comparison.add(agreement.problem, agreement.description)
    }
    comparison.report()
    for solver in Self.general {
      #expect(comparison.solved[solver.name] == problems)
    }
    return comparison
  }

  @Test func solversAgreeOnSmallProblems() throws {
    let comparison = try compare(seed: 2026, problems: 500, counts: 1...40)
    for solver in Self.solvers { #expect((comparison.solved[solver.name] ?? 0) >= 5) }
  }

  /// Beyond the size up to which the network simplex stores all arcs: levels, trees, searches.
  @Test func solversAgreeOnLargerProblems() throws {
    #expect(NetworkSimplex.flatPairs < 130 * 130)
    _ = try compare(seed: 2027, problems: 12, counts: 130...140)
  }

  /// Costs that no geometry stands behind, with many ties among them.
  @Test func solversAgreeOnMatrices() throws {
    var generator = SeededGenerator(seed: 2028)
    var comparison = Comparison()
    for index in 0..<40 {
      let family = MassFamily.allCases[index % 4]
      let (source, target) = (
        try generator.measure(
          count: 1 + Int(generator.next() % 30), dimension: 1, masses: family),
        try generator.measure(
          count: 1 + Int(generator.next() % 30), dimension: 1, masses: family)
      )
      let hasTies = index % 3 == 0
      let costs = (0..<source.count * target.count).map { _ in
        hasTies ? Double(generator.next() % 4) : generator.uniform()
      }
      try comparison.add(
        TransportProblem(from: source, to: target, cost: .matrix(costs), exponent: 1),
        "matrix \(index)\(hasTies ? ", tied costs" : "")")
    }
    comparison.report()
    #expect(
      comparison.solved[LinearProgramSolver().name]
        == (LinearProgramSolver.isAvailable ? 40 : nil))
  }
}
