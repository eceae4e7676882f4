import Foundation
import InstructionSets
import OptimalTransport
import Testing
import TransportKernels

/// One step of shortest paths, by every body that this machine can run.
@Suite struct NearestTargetTests {
  @Test(arguments: [1, 7, 8, 9, 30, 128])
  func lowersAndFindsAsAPlainLoop(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let padded = (count + 7) / 8 * 8
    for round in 0..<50 {
      let row = (0..<padded).map { _ in generator.uniform() }
      let prices = (0..<padded).map { _ in generator.uniform() - 0.5 }
      let base = generator.uniform() - 0.5
      let start = (0..<padded).map { target -> Double in
        guard target < count, generator.uniform() < 0.8 else { return .nan }
        return generator.uniform() < 0.3 ? .infinity : 1.5 * generator.uniform() - 0.5
      }
      var (expected, origins) = (start, [Int64](repeating: -7, count: padded))
      for target in 0..<count where base + (row[target] - prices[target]) < start[target] {
        expected[target] = base + (row[target] - prices[target])
        origins[target] = Int64(round)
      }
      let least = expected.filter { !$0.isNaN }.min()
      for set in LogSumExpTests.instructionSets {
        var (distances, found) = (start, [Int64](repeating: -7, count: padded))
        let nearest = Int(
          tk_nearest_target_on(
            set, row, prices, base, Int64(round), &distances, &found, Int64(padded)))
        #expect(distances.map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(found == origins)
        if let least, least < .infinity {
          #expect(nearest >= 0 && expected[nearest] == least)
        } else {
          #expect(nearest == -1)
        }
      }
    }
  }

  @Test func amongEqualOnesEveryBodyFindsTheSame() {
    let row = [Double](repeating: 1, count: 16)
    var first: Int64?
    for set in LogSumExpTests.instructionSets {
      var (distances, origins) = (
        [Double](repeating: .infinity, count: 16), [Int64](repeating: 0, count: 16)
      )
      distances[0] = .nan
      let nearest = tk_nearest_target_on(set, row, row, 0, 3, &distances, &origins, 16)
      first = first ?? nearest
      #expect(nearest == first && nearest == 8)
      #expect(distances[1...].allSatisfy { $0 == 0 } && distances[0].isNaN)
    }
  }
}
