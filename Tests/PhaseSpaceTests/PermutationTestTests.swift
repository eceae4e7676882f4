import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@Suite struct PermutationTestTests {
  private func sample(
    _ count: Int, seed: UInt64, shift: Double = 0, masses: Double? = nil
  ) throws -> PhaseSpaceMeasure {
    var generator = SeededGenerator(seed: seed)
    return try PhaseSpaceMeasure(
      positions: [(0..<count).map { _ in shift + generator.uniform() }],
      velocities: [(0..<count).map { _ in generator.uniform() }],
      masses: masses.map { Array(repeating: $0, count: count) })
  }

  private func test(
    _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure, permutations: Int = 19
  ) throws -> PermutationTest {
    let metric = try KineticMetric(exponent: 1)
    return try PermutationTest(
      of: first, and: second,
      distanceBounds: metric.distance(from: first, to: second).distanceBounds,
      in: metric, permutations: permutations, seed: 1)
  }

  /// What is far apart is further apart than every division; what is the same is nearer than all.
  @Test func differencesAreSignificant() throws {
    let a = try sample(40, seed: 1)
    #expect(try test(a, sample(50, seed: 2, shift: 3)).pValue == 1.0 / 20)
    #expect(try test(a, a).pValue == 1)
    // In other units of mass.
    let other = try sample(50, seed: 2, shift: 3, masses: 1e-12)
    #expect(try test(a, other).exceedances == 0)
  }

  /// Samples of one state have p-values at most α with a probability of at most α: over 60 of them, more than
  /// 14 p-values of at most 0.1 have a probability below 1e-3, and fewer than 20 of at most 0.5 one below 1e-2.
  @Test func samplesOfOneStateAreNot() throws {
    let values = try (0..<60).map { index in
      try test(
        sample(12, seed: 100 + 2 * index), sample(15, seed: 101 + 2 * index), permutations: 9
      ).pValue
    }
    #expect(values.count { $0 <= 0.1 } <= 14)
    #expect(values.count { $0 <= 0.5 } >= 20)
    #expect(values.allSatisfy { $0 >= 0.1 && $0 <= 1 })
  }

  @Test func whatCannotBeTestedIsRefused() throws {
    let (a, b) = (try sample(4, seed: 1), try sample(4, seed: 2))
    let metric = try KineticMetric()
    let bounds = try metric.distance(from: a, to: b).distanceBounds
    #expect(throws: NoiseFloorError.tooFew(particles: 8, splits: 0)) {
      try PermutationTest(
        of: a, and: b, distanceBounds: bounds, in: metric, permutations: 0, seed: 1)
    }
    let still = try PhaseSpaceMeasure(positions: [[1, 2]], velocities: [])
    #expect(throws: NoiseFloorError.self) {
      try PermutationTest(
        of: a, and: still, distanceBounds: bounds, in: metric, permutations: 3, seed: 1)
    }
    #expect(throws: NoiseFloorError.self) {
      try PermutationTest(
        of: a, and: b, distanceBounds: bounds, in: metric, permutations: 3, seed: 1,
        progress: { _ in false })
    }
  }
}
