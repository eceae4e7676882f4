/// How many steps a flow takes, counted before the first of them.
package enum StepCount {
  /// No way takes more steps than this: as many would keep a processor busy for hours even with a few
  /// hundred particles.
  package static let limit = 1e9

  /// The least number of equal steps none of which is longer than a given one.
  ///
  /// - Throws: `FlowError.tooManySteps` beyond `limit`, and where a step is too short to change the
  ///   time.
  package static func steps(from start: Double, to end: Double, step: Double) throws(FlowError)
    -> Int
  {
    guard end.isFinite else { throw .badTime(end) }
    // Halves, so that no difference of times overflows.
    let half = (end / 2 - start / 2).magnitude
    guard half > 0 else { return start == end ? 0 : 1 }
    // A quotient that misses a whole number by rounding alone is that number.
    let count = max(1, (half / step * 2 * (1 - 1e-12)).rounded(.up))
    let later = max(start.magnitude, end.magnitude)
    guard count <= limit, count == 1 || half / count * 4 > later.ulp else {
      throw .tooManySteps(start: start, end: end, step: step, count: count)
    }
    return Int(count)
  }
}
