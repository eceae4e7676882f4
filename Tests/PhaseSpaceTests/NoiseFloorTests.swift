import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@Suite struct NoiseFloorTests {
  private func measure(
    _ count: Int, seed: UInt64, masses: [Double]? = nil
  ) throws -> PhaseSpaceMeasure {
    var generator = SeededGenerator(seed: seed)
    return try PhaseSpaceMeasure(
      positions: [(0..<count).map { _ in generator.uniform() }],
      velocities: [(0..<count).map { _ in generator.uniform() }], masses: masses,
      box: ProductDomain([.circle(length: 1)]), time: 3)
  }

  @Test func halvesHaveAllParticles() throws {
    let whole = try measure(11, seed: 1, masses: (1...11).map(Double.init))
    var generator = SeededGenerator(seed: 2)
    let (first, second) = try whole.randomHalves(using: &generator)
    #expect(first.count == 5 && second.count == 6)
    #expect(first.box == whole.box && second.time == 3)
    #expect(
      (Array(first.velocity(0)) + Array(second.velocity(0))).sorted()
        == Array(whole.velocity(0)).sorted())
    #expect(abs(first.rawMass + second.rawMass - 66) < 1e-12)
    // Equal masses stay equal to the last bit.
    let (half, _) = try measure(7, seed: 3).randomHalves(using: &generator)
    #expect(half.masses == Array(repeating: 1 / 3.0, count: 3))
  }

  @Test func distancesAreThoseOfTheHalves() throws {
    let whole = try measure(60, seed: 4)
    let metric = try KineticMetric(exponent: 1, positionWeight: 3)
    let floor = try NoiseFloor(of: whole, in: metric, splits: 4, seed: 9)
    var generator = SeededGenerator(seed: 9)
    let expected = try (0..<4).map { _ in
      let (first, second) = try whole.randomHalves(using: &generator)
      return try metric.distance(from: first, to: second).distance
    }
    #expect(floor.distances == expected && Set(expected).count == 4)
    #expect(floor.largest == expected.max() && floor.mean > 0 && floor.mean < floor.largest)
    // Noise falls with the number of particles.
    let larger = try NoiseFloor(of: measure(960, seed: 5), in: metric, splits: 4, seed: 9)
    #expect(larger.mean < 0.6 * floor.mean)
  }

  @Test func whatCannotBeSplitIsRefused() throws {
    let metric = try KineticMetric()
    let one = try measure(1, seed: 1)
    #expect(throws: NoiseFloorError.tooFew(particles: 1, splits: 5)) {
      try NoiseFloor(of: one, in: metric, splits: 5, seed: 1)
    }
    let light = try measure(2, seed: 1, masses: [1, 0])
    let error = #expect(throws: NoiseFloorError.self) {
      try NoiseFloor(of: light, in: metric, splits: 1, seed: 1)
    }
    #expect(error?.description.hasPrefix("A half of the particles is no measure: ") == true)
  }

  /// The bracket without a solver holds the distance, and is closed on an axis that sorting solves.
  @Test(arguments: [1.0, 2, 3]) func quickBracketsHoldTheDistance(exponent: Double) throws {
    let (source, target) = (try measure(80, seed: 6), try measure(70, seed: 7))
    for metric in [
      try KineticMetric(exponent: exponent),
      try KineticMetric(exponent: exponent, form: .joint, positionWeight: 4, shear: -0.5),
    ] {
      for space in ComparedSpace.allCases where metric.shear == 0 || space == .phase {
        let exact = try metric.distance(from: source, to: target, space: space)
        let quick = try #require(
          try metric.quickBracket(from: source, to: target, space: space))
        #expect(quick.costBounds.lower <= exact.costBounds.upper, "\(space)")
        #expect(quick.costBounds.upper >= exact.costBounds.lower, "\(space)")
        #expect(quick.costBounds.lower > 0 && quick.costBounds.upper < 1e4 * exact.cost, "\(space)")
      }
    }
    let nonlinear = try KineticMetric(nonlinearity: .power(0.5))
    #expect(try nonlinear.quickBracket(from: source, to: target) == nil)
  }
}
