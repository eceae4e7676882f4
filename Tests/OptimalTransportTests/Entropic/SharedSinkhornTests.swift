import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// One Sinkhorn iteration that several processes share out by rows.
@Suite struct SharedSinkhornTests {
  private static func clouds(_ count: Int, _ other: Int, seed: UInt64 = 5) throws
    -> TransportProblem
  {
    var generator = SeededGenerator(seed: seed)
    return try TransportProblem(
      from: generator.measure(count: count, dimension: 2, masses: .withZeros),
      to: generator.measure(count: other, dimension: 2, masses: .random), exponent: 2)
  }

  /// Of each kind of kernel one.
  private static func problems() throws -> [TransportProblem] {
    [
      try clouds(61, 70), try clouds(1100, 1013),
      try TensorGridTests.problems([12, 9], [11, 10]).grid,
    ]
  }

  /// All numbers of a solution that a kernel has a part in.
  private static func numbers(
    _ problem: TransportProblem, _ group: any ProcessGroup
  ) throws -> [Double] {
    let solver = SinkhornSolver(regularization: .relative(0.01), group: group)
    let entropic = try solver.solveEntropic(problem)
    let bounds = try entropic.unregularizedCostBounds()
    let divergence = try solver.divergence(entropic)
    let plan = try solver.coupling(of: entropic)
    var numbers = entropic.potentials.source + entropic.potentials.target + plan.masses
    numbers += plan.targets.map(Double.init) + [bounds.lower, bounds.upper, divergence.value]
    numbers += [
      entropic.transportCost, entropic.dualCost, try entropic.transportCost(ofAxes: 0..<1) ?? 0,
    ]
    let adaptive = AdaptiveSinkhornSolver(relativeWidth: 0.1, group: group)
    let solution = try adaptive.solve(problem)
    numbers += solution.potentials.source + [solution.costBounds.lower, solution.costBounds.upper]
    let unbalanced = UnbalancedSinkhornSolver(
      regularization: .relative(0.05), relaxation: .totalVariation(strength: 0.5), group: group)
    let relaxed = try unbalanced.solve(problem)
    let relaxedBounds = try relaxed.unregularizedCostBounds()
    return numbers + relaxed.sourceMarginal + [relaxedBounds.lower, relaxedBounds.upper]
  }

  /// Any number of processes gives the bits of one, and each of them sends a part of the numbers.
  @Test(arguments: [2, 3, 5]) func processesGiveTheBitsOfOne(count: Int) throws {
    for problem in try Self.problems() {
      let alone = try Self.numbers(problem, SingleProcess()).map(\.bitPattern)
      let group = ThreadGroup(size: count)
      for result in group.run({ try Self.numbers(problem, $0) }) {
        #expect(try result.get().map(\.bitPattern) == alone)
      }
      let sent = group.bytesSent
      #expect(try #require(sent.max()) < 2 * #require(sent.min()), "\(sent)")
      if problem.separableCosts == nil {
        #expect(sent.reduce(0, +) > 8 * problem.source.count * 50, "\(sent)")
      }
    }
  }

  /// The parts of what is searched by a tree, and of loops so long that they are cut up.
  @Test func partsOfLoopsFitTogether() throws {
    let problem = try Self.clouds(2050, 1500)
    let offsets = problem.target.coordinates.prefix(1500).map { 0.1 * $0 }
    let whole = try problem.cTransform(.source, of: offsets)
    let group = ThreadGroup(size: 3)
    for result in group.run({ try problem.cTransform(.source, of: offsets, SharedLoops(group: $0)) }
    ) {
      #expect(try result.get() == whole)
    }
    for count in [0, 1, 2, 7, 100] {
      let numbers = (0..<count).map { 3 * $0 }
      for result in group.run({ member in
        try SharedLoops(group: member).map(count: count, costPerItem: 9e8, of: []) { 3 * $0 }
      }) {
        #expect(try result.get() == numbers)
      }
      let groups = (0..<count).map { item in [Int](repeating: item, count: item % 3) }
      for result in group.run({ member in
        try SharedLoops(group: member).map(
          count: count, costPerItem: 9e8, of: [], length: { $0 % 3 }
        ) { item in [Int](repeating: item, count: item % 3) }
      }) {
        #expect(try result.get() == groups)
      }
    }
  }

  /// What one process alone is asked for needs no other.
  @Test func gradientsNeedNoOtherProcess() throws {
    let problem = try Self.clouds(30, 40)
    let group = ThreadGroup(size: 2)
    let found = group.run { member in
      let solution = try SinkhornSolver(regularization: 0.05, group: member).solveEntropic(problem)
      guard member.rank == 1 else { return [Double]() }
      return try solution.gradient().sourcePoints + solution.barycentricProjection()
    }
    let alone = try SinkhornSolver(regularization: 0.05).solveEntropic(problem)
    #expect(try found[1].get() == alone.gradient().sourcePoints + alone.barycentricProjection())
  }

  // MARK: Stopping

  /// A process that is stopped stops all, wherever its handler says so, and all of them know a bracket; the others
  /// need no handler.
  @Test(arguments: [0, 1, 3, 40]) func oneStopsAll(reports: Int) throws {
    let problem = try Self.clouds(1100, 1013)
    let exact = try NetworkSimplex().solve(problem).cost
    let group = ThreadGroup(size: 3)
    let found = group.run { member -> PartialBracket? in
      let asked = Counter()
      let handler: ProgressHandler = { _ in asked.next() <= reports }
      let solver = AdaptiveSinkhornSolver(relativeWidth: 1e-6, group: member)
      return stopped {
        try solver.solve(problem, progress: member.rank == 1 ? handler : nil)
      }
    }
    for result in found {
      let bracket = try #require(try result.get())
      #expect(bracket.costBounds.contains(exact))
    }
  }

  private final class Counter: @unchecked Sendable {
    private let count = Mutex(0)
    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }

  /// A clock that each process has for itself.
  @Test func timeLimitsOfAllStopAll() throws {
    let problem = try Self.clouds(1500, 1400)
    let group = ThreadGroup(size: 2)
    let found = group.run { member in
      let limit = TimeLimit(seconds: 0.2 + 0.1 * Double(member.rank))
      return stopped {
        try AdaptiveSinkhornSolver(relativeWidth: 1e-7, group: member).solve(
          problem, progress: limit.handler)
      }
    }
    for result in found { #expect(try result.get() != nil) }
  }

  // MARK: Failures

  private func failures(
    _ count: Int, _ body: @escaping @Sendable (ThreadGroup.Member) throws -> Void
  ) -> [String] {
    ThreadGroup(size: count).run(body).map { result in
      if case .failure(let error) = result, case .exchange(let reason)? = error as? SolverError {
        return reason
      }
      return "\(result)"
    }
  }

  /// Processes with other points, metrics or options find out and do not wait for each other.
  @Test func processesWithDifferentProblemsAreRefused() throws {
    let (one, other) = (try Self.clouds(50, 60), try Self.clouds(50, 60, seed: 6))
    let scaled = try TransportProblem(
      from: one.source, to: one.target, exponent: 1)
    for different in [other, scaled] {
      for reason in failures(
        3,
        { member in
          _ = try SinkhornSolver(regularization: 0.1, group: member).solveEntropic(
            member.rank == 2 ? different : one)
        })
      {
        #expect(reason.hasPrefix("The processes 0 and 2 of a group do not work on the same: "))
      }
    }
    for reason in failures(
      2,
      { member in
        _ = try SinkhornSolver(
          regularization: member.rank == 0 ? 0.1 : 0.2, group: member
        ).solveEntropic(one)
      })
      + failures(
        2,
        { member in
          _ = try SinkhornSolver(
            regularization: 0.1, maximumIterations: 100 + member.rank, group: member
          ).solveEntropic(one)
        })
      + failures(
        2,
        { member in
          _ = try AdaptiveSinkhornSolver(
            relativeWidth: 0.1 + 0.1 * Double(member.rank), group: member
          ).solveEntropic(one)
        })
    {
      #expect(reason.hasPrefix("The processes 0 and 1 of a group do not work on the same: "))
    }
  }

  /// What a group cannot bring over ends the work with its sentence.
  @Test func groupsThatFail() throws {
    let problem = try Self.clouds(50, 60)
    for calls in [1, 3, 20] {
      for reason in failures(
        2,
        { member in
          _ = try SinkhornSolver(
            regularization: 0.01, group: Faulty(member: member, calls: calls) { _ in nil }
          ).solveEntropic(problem)
        })
      {
        #expect(reason == "The wire is cut.")
      }
      for change in [
        { @Sendable (all: [[UInt8]]) in [all[0], Array(all[1].dropLast(8))] },
        { @Sendable (all: [[UInt8]]) in [all[0], all[1] + [1]] },
      ] as [@Sendable ([[UInt8]]) -> [[UInt8]]] where calls > 10 {
        let other = failures(2) { member in
          _ = try SinkhornSolver(
            regularization: 0.01, group: Faulty(member: member, calls: calls, change)
          ).solveEntropic(problem)
        }
        #expect(other.allSatisfy { $0.contains("has not sent what it should") }, "\(other)")
      }
      let few = failures(2) { member in
        _ = try SinkhornSolver(
          regularization: 0.01, group: Faulty(member: member, calls: calls) { [$0[0]] }
        ).solveEntropic(problem)
      }
      #expect(few.allSatisfy { $0.contains("Of the 2 processes of a group 1 have sent") }, "\(few)")
    }
  }

  /// A group that goes wrong after some exchanges.
  private struct Faulty: ProcessGroup {
    let member: ThreadGroup.Member
    let calls: Int
    let change: @Sendable ([[UInt8]]) -> [[UInt8]]?
    private let counter = Counter()
    var rank: Int { member.rank }
    var size: Int { member.size }

    init(
      member: ThreadGroup.Member, calls: Int,
      _ change: @escaping @Sendable ([[UInt8]]) -> [[UInt8]]?
    ) {
      (self.member, self.calls, self.change) = (member, calls, change)
    }

    func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]] {
      let all = try member.gather(bytes)
      guard counter.next() >= calls else { return all }
      guard let changed = change(all) else { throw ProcessGroupError("The wire is cut.") }
      return changed
    }

    func abort(_ status: Int32) {}
  }
}
