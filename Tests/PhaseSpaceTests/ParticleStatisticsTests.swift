import OptimalTransport
import Testing

@testable import PhaseSpace

/// Sums over particles that come in pieces.
@Suite struct ParticleStatisticsTests {
  /// Particles far from the origin on the first axis and of a mass of any kind.
  private func columns(
    _ count: Int, weighted: Bool = true
  ) -> (positions: [[Double]], velocities: [[Double]], masses: [Double]?) {
    var generator = SeededGenerator(seed: 9)
    func column(_ shift: Double) -> [Double] {
      (0..<count).map { _ in shift + generator.uniform() }
    }
    let (x, v) = (column(1e6), column(-0.25))
    return ([x, column(0)], [zip(x, v).map { $0 - 1e6 + 2 * $1 }], weighted ? column(0) : nil)
  }

  private func summary(
    _ all: (positions: [[Double]], velocities: [[Double]], masses: [Double]?), size: Int,
    box: ProductDomain? = nil
  ) throws -> ParticleStatistics.Summary {
    var statistics = ParticleStatistics(box: box)
    for start in stride(from: 0, to: all.positions[0].count, by: size) {
      let range = start..<min(start + size, all.positions[0].count)
      try statistics.add(
        ParticleChunk(
          positions: all.positions.map { Array($0[range]) },
          velocities: all.velocities.map { Array($0[range]) },
          masses: all.masses.map { Array($0[range]) }))
    }
    return try statistics.summary()
  }

  /// Pieces of any size, and more than one block of particles, give the same bits.
  @Test(arguments: [true, false]) func piecesDoNotMatter(weighted: Bool) throws {
    let all = columns(150_000, weighted: weighted)
    let whole = try summary(all, size: 150_000)
    for size in [999, 65_536, 65_537, 149_999] {
      let found = try summary(all, size: size)
      #expect(found.axes == whole.axes && found.covariances == whole.covariances)
      #expect(found.rawMass == whole.rawMass && found.count == whole.count)
      #expect(found.massRange?.least == whole.massRange?.least)
    }
    let limited = try ThreadLimit.with(1) { try summary(all, size: 7000) }
    #expect(limited.axes == whole.axes && limited.covariances == whole.covariances)
  }

  /// Means and deviations are those of sums over all particles; and the covariance of a sum is a sum.
  @Test(arguments: [true, false]) func sumsOverAll(weighted: Bool) throws {
    let all = columns(200_000, weighted: weighted)
    let found = try summary(all, size: 10_000)
    for (axis, values) in (all.positions + all.velocities).enumerated() {
      let spread = WeightedSpread(values, all.masses)
      let place = found.axes[axis]
      #expect(abs(place.mean - spread.mean) <= 1e-15 * (abs(spread.mean) + spread.deviation))
      #expect(abs(place.deviation - spread.deviation) <= 1e-13 * spread.deviation)
      #expect(place.least == values.min() && place.greatest == values.max())
      #expect(
        abs(found.covariances[axis][axis] / (spread.deviation * spread.deviation) - 1) < 1e-13)
    }
    let weights = all.masses ?? all.positions[0].map { _ in 1 }
    let total = CompensatedSum(weights).value
    for one in 0..<3 {
      for other in 0..<3 {
        let columns = all.positions + all.velocities
        let means = (found.axes[one].mean, found.axes[other].mean)
        let terms = zip(zip(columns[one], columns[other]), weights).map {
          ($0.0 - means.0) * ($0.1 - means.1) * $1
        }
        #expect(
          abs(found.covariances[one][other] - CompensatedSum(terms).value / total) < 1e-12)
      }
    }
    #expect(found.rawMass == (weighted ? total : 1))
  }

  /// Where the first block lies in one place and the others far away, little is lost.
  @Test func aFirstBlockElsewhere() throws {
    var all = columns(1 << 18, weighted: false)
    for index in 1 << 16..<1 << 18 { all.velocities[0][index] += 1e8 }
    let spread = WeightedSpread(all.velocities[0])
    let found = try summary(all, size: 4096).axes[2]
    #expect(abs(found.mean / spread.mean - 1) < 1e-15)
    #expect(abs(found.deviation / spread.deviation - 1) < 1e-14)
  }

  /// Neither squares nor sums leave the numbers, and what comes late may be much larger.
  @Test(arguments: [1e-300, 1e-160, 1.0, 1e160, 8e307]) func extremeNumbers(unit: Double) throws {
    func axis(_ values: [Double], _ masses: [Double]? = nil) throws -> ParticleStatistics.Axis {
      try summary(([values], [], masses), size: values.count).axes[0]
    }
    let spread = try axis([-unit, unit, -unit, unit])
    #expect(spread.mean == 0 && abs(spread.deviation / unit - 1) < 1e-13)
    let weighted = try axis([unit, 2 * unit], [0x1p-1063, 0x1p-1063])
    #expect(abs(weighted.mean / unit - 1.5) < 1e-13 && abs(weighted.deviation / unit - 0.5) < 1e-13)
    let same = try axis([unit, unit, unit].map { $0 / 3 })
    #expect(same.mean == unit / 3 && same.deviation == 0)
    let near = try axis([1, 1 + 0x1p-40])
    #expect(abs(near.deviation - 0x1p-41) < 0x1p-52)
    var late = [Double](repeating: 0, count: 1 << 17)
    late[1 << 17 - 1] = unit
    let found = try axis(late)
    #expect(abs(found.mean / unit * 0x1p17 - 1) < 1e-13)
    // The variance of a share of one in n is (1 − 1/n)/n.
    let variance = (1 - 0x1p-17) * 0x1p-17
    #expect(abs(found.deviation / unit / variance.squareRoot() - 1) < 1e-13)
  }

  /// Means lie in the range, and what is the same for all particles with mass has no deviation.
  @Test(arguments: 0..<4) func theSameCoordinateEverywhere(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = 70_000
    let masses = (0..<count).map { _ in generator.uniform() }
    for value in [1000.0, 1000.1, -1.0 / 3] {
      let same = Array(repeating: value, count: count)
      let near = (0..<count).map { $0 % 2 == 0 ? value : value.nextUp }
      let found = try summary(([[0] + same, [0] + near], [], [0] + masses), size: 999)
      #expect(found.axes[0].mean == value && found.axes[0].deviation == 0)
      #expect(found.covariances[0] == [0, 0])
      #expect(found.axes[0].least == min(0, value) && found.axes[0].greatest == max(0, value))
      #expect(value...value.nextUp ~= found.axes[1].mean && found.axes[1].deviation <= value.ulp)
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    func error(_ body: () throws -> Void) -> PhaseSpaceError? {
      do {
        try body()
        return nil
      } catch { return error as? PhaseSpaceError }
    }
    #expect(error { _ = try ParticleStatistics().summary() } == .measure(.empty))
    #expect(
      error { _ = try summary(([[1, 2]], [], [0, 0]), size: 1) } == .measure(.zeroTotalMass))
    #expect(
      error { _ = try summary(([[1, 2]], [], [1e308, 1e308]), size: 1) }
        == .measure(.infiniteTotalMass))
    let box = try ProductDomain([.circle(length: 1)])
    #expect(
      error { _ = try summary(([[1], [2]], [], nil), size: 1, box: box) }
        == .boxMismatch(box: 1, positions: 2))
    let wrapped = try summary(([[-0.25, 1.25]], [], nil), size: 1, box: box).axes[0]
    #expect(wrapped.least == 0.25 && wrapped.greatest == 0.75)
  }
}
