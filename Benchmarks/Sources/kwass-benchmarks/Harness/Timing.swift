import Foundation
import KineticTransport

/// Repeated times of one piece of work.
struct Timing: Codable {
  /// Wall-clock seconds of each repetition, in order.
  let seconds: [Double]

  /// The shortest time.
  var best: Double { seconds.min() ?? .nan }

  /// The middle time.
  var median: Double {
    let sorted = seconds.sorted()
    let half = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
  }

  /// Repeats work until it was done `repetitions` times or has taken a minute in all.
  ///
  /// - Returns: the times and the result of the last repetition.
  static func measure<Result>(
    repetitions: Int, _ work: () throws -> Result
  ) throws -> (timing: Timing, result: Result) {
    var seconds: [Double] = []
    while true {
      let stopwatch = Stopwatch()
      let result = try work()
      seconds.append(stopwatch.seconds)
      blackHole(result)
      if seconds.count >= repetitions || seconds.reduce(0, +) > 60 {
        return (Timing(seconds: seconds), result)
      }
    }
  }

  /// The processor time that work takes, which others on the machine do not lengthen.
  static func processorSeconds<Result>(
    _ work: () throws -> Result
  ) rethrows -> (seconds: Double, result: Result) {
    let start = clock()
    let result = try work()
    return (Double(clock() - start) / Double(CLOCKS_PER_SEC), result)
  }

  /// Takes a value such that the optimiser cannot leave out the work that made it.
  @inline(never)
  private static func blackHole<Value>(_: Value) {}
}
