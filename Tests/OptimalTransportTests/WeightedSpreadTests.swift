import Testing

@testable import OptimalTransport

@Suite struct WeightedSpreadTests {
  @Test func closedForms() {
    let plain = WeightedSpread([1, 2, 3, 4])
    #expect(plain.mean == 2.5 && abs(plain.deviation - 1.25.squareRoot()) < 1e-15)
    let weighted = WeightedSpread([0, 4], [3, 1])
    #expect(weighted.mean == 1 && abs(weighted.deviation - 3.0.squareRoot()) < 1e-15)
    #expect(WeightedSpread([7, 7, 7]).deviation == 0)
    #expect(WeightedSpread([0, 0]) == WeightedSpread([0.0]))
  }

  /// Neither squares nor sums leave the numbers where the result does not.
  @Test(arguments: [1e-300, 1e-200, 1e154, 1e200, 8e307]) func extremeNumbers(unit: Double) {
    let spread = WeightedSpread([-unit, unit, -unit, unit])
    #expect(spread.mean == 0 && abs(spread.deviation / unit - 1) < 1e-13)
    let weighted = WeightedSpread([unit, 2 * unit], [1e308, 1e308])
    #expect(abs(weighted.mean / unit - 1.5) < 1e-13)
    #expect(abs(weighted.deviation / unit - 0.5) < 1e-13)
    // A spread that is small beside the numbers.
    let near = WeightedSpread([1, 1 + 0x1p-40])
    #expect(abs(near.deviation - 0x1p-41) < 0x1p-52)
  }

  /// Numbers that are all the same have no spread, whatever rounding makes of their products with weights; what has
  /// no weight does not count.
  @Test(arguments: 0..<4) func theSameNumberEverywhere(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let weights = (0..<1000).map { _ in generator.uniform() }
    for value in [1000.1, 1.0 / 3, -1e-300, 8e307] {
      let spread = WeightedSpread(Array(repeating: value, count: 1000), weights)
      #expect(spread.mean == value && spread.deviation == 0)
      let beside = WeightedSpread([0] + Array(repeating: value, count: 1000), [0] + weights)
      #expect(beside == spread)
      let near = WeightedSpread((0..<1000).map { $0 % 2 == 0 ? value : value.nextUp }, weights)
      #expect(value...value.nextUp ~= near.mean && near.deviation <= value.ulp)
    }
  }

  @Test func whatIsNoNumberStaysNone() {
    #expect(WeightedSpread([1, .nan]).deviation.isNaN)
    #expect(WeightedSpread([1, .infinity]).mean.isNaN)
    #expect(WeightedSpread([1, 2], [0, 0]).mean.isNaN)
    #expect(WeightedSpread([1, 2], [1, .infinity]).deviation.isNaN)
  }
}
