import Synchronization
import TestSupport
import Testing

@testable import OptimalTransport

/// What solvers do before their first iteration: right, and stopped as soon as they are told.
@Suite struct StoppableSetUpTests {
  /// Counts questions, and says no from one of them on.
  private final class Questions: Sendable {
    private let asked = Mutex(0)
    private let last: Int

    init(upTo last: Int = .max) { self.last = last }

    var count: Int { asked.withLock { $0 } }
    var handler: ProgressHandler {
      { _ in
        self.asked.withLock {
          $0 += 1
          return $0 < self.last
        }
      }
    }
  }

  private struct Item: Sendable, Equatable {
    let key: Double
    let place: Int
  }

  /// Runs of every length, many equal keys: the order of a stable sort.
  @Test(arguments: [0, 1, 1 << 15, (1 << 15) + 1, 1 << 16, 100_000, 300_001])
  func sortsAreStable(count: Int) throws {
    var generator = SeededGenerator(seed: 3)
    let items = (0..<count).map {
      Item(key: (generator.uniform() * 1000).rounded(), place: $0)
    }
    let sorted = try items.stoppablySorted { $0.key < $1.key }
    let expected = items.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
    #expect(sorted == expected)
  }

  /// The set-up of a few hundred thousand points asks often enough for millions of them to be stopped at once.
  @Test func setUpAsksAndStops() throws {
    var generator = SeededGenerator(seed: 4)
    let count = 400_000
    let values = (0..<2 * count).map { _ in generator.uniform() }
    let line = try DiscreteMeasure(axes: [Array(values[..<count])])
    func order() throws(SolverError) -> [Int32] {
      try values.withUnsafeBufferPointer { buffer throws(SolverError) in
        guard let points = buffer.baseAddress else { return [] }
        return try KdOrder.stoppableOrder(
          coordinates: points, count: count, axisScales: [1, 1], leafSize: 8)
      }
    }
    func sorted() throws(SolverError) -> [Int32] {
      try values.withUnsafeBufferPointer { buffer throws(SolverError) in
        guard let points = buffer.baseAddress else { return [] }
        return try SortedPoints(line, at: points).indices
      }
    }
    func watched(
      _ questions: Questions, _ work: () throws(SolverError) -> [Int32]
    ) throws -> [Int32] {
      try SolverWatch.watching(questions.handler, fallback: { nil }) {
        _ throws(SolverError) in try work()
      }
    }
    for work in [order, sorted] {
      let questions = Questions()
      let found = try watched(questions, work)
      let expected = try work()
      #expect(found == expected)
      #expect(questions.count >= 8)
      for last in [1, 4, questions.count] {
        #expect(throws: SolverError.cancelled(nil)) {
          try watched(Questions(upTo: last), work)
        }
      }
    }
  }

  /// Solvers that are stopped at every question of their set-up have a bracket of the cost.
  @Test func stoppedSetUpsProveSomething() throws {
    var generator = SeededGenerator(seed: 6)
    func cloud(_ dimension: Int) throws -> DiscreteMeasure {
      try generator.measure(count: 70_000, dimension: dimension, masses: .random)
    }
    let plane = try TransportProblem(from: cloud(2), to: cloud(2), exponent: 2)
    let circle = try TransportProblem(
      from: cloud(1), to: cloud(1), domain: ProductDomain([.circle(length: 1)]), exponent: 2)
    let cases: [(TransportProblem, any TransportSolver)] = [
      (plane, SinkhornSolver(regularization: 0.1)), (plane, AdaptiveSinkhornSolver()),
      (circle, CircleSolver()),
    ]
    for (problem, solver) in cases {
      for last in [1, 3, 6] {
        let questions = Questions(upTo: last)
        let bracket = stopped { try solver.solve(problem, progress: questions.handler) }
        #expect(bracket.map { $0.costBounds.lower >= 0 && $0.costBounds.upper.isFinite } == true)
        // After the answer was no, only proofs ask, under a limit of their own; threads may ask at once.
        #expect(questions.count < last + 10, "\(solver.name)")
      }
    }
  }

  /// A caller that wants nothing but the end gets it without a proof.
  @Test func abandonedSetUpsProveNothing() throws {
    var generator = SeededGenerator(seed: 7)
    func cloud(_ dimension: Int) throws -> DiscreteMeasure {
      try generator.measure(count: 70_000, dimension: dimension, masses: .random)
    }
    let plane = try TransportProblem(from: cloud(2), to: cloud(2), exponent: 2)
    let line = try TransportProblem(from: cloud(1), to: cloud(1), exponent: 2)
    let cases: [(TransportProblem, any TransportSolver)] = [
      (plane, NetworkSimplex()), (plane, SinkhornSolver(regularization: 0.1)), (line, LineSolver()),
    ]
    for (problem, solver) in cases {
      let questions = Questions(upTo: 3)
      #expect(throws: SolverError.cancelled(nil), "\(solver.name)") {
        try SolverWatch.with(proofs: { false }) { () throws(SolverError) in
          _ = try solver.solve(problem, progress: questions.handler)
        }
      }
    }
  }
}
