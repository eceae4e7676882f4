/// The mean and the standard deviation of numbers with weights, without overflow or underflow on the
/// way: both are finite where the numbers are.
package struct WeightedSpread: Sendable, Equatable {
  /// The mean; it lies between the smallest and the greatest number of positive weight.
  package let mean: Double
  /// The root of the mean square of the differences from the mean; 0 for numbers that are all the same.
  package let deviation: Double

  /// The spread of numbers.
  ///
  /// - Parameter weights: one for each number, nonnegative; `nil` for equal ones.
  /// - Returns: not a number where a number or a weight is not finite or no weight is positive.
  /// - Complexity: O(n).
  package init(_ values: some Collection<Double>, _ weights: [Double]? = nil) {
    let heaviest = weights.map { $0.reduce(0, max) } ?? 1
    guard heaviest > 0, heaviest.isFinite, values.allSatisfy(\.isFinite) else {
      (mean, deviation) = (.nan, .nan)
      return
    }
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
      (mean, deviation) = (0, 0)
      return
    }
    // Powers of two change no digit. Numbers below 1/2 have differences below 1.
    let (unit, weightUnit) = (largest.exponent + 2, heaviest.exponent)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for (value, index) in zip(values, 0...) where weights.map({ $0[index] > 0 }) ?? true {
      (least, greatest) = (min(least, value), max(greatest, value))
    }
    guard least < greatest else {
      (mean, deviation) = (least, 0)
      return
    }
    func terms() -> some Sequence<(value: Double, weight: Double)> {
      zip(values, 0...).lazy.map { value, index in
        (value.scaled(by: -unit), weights.map { $0[index].scaled(by: -weightUnit) } ?? 1)
      }
    }
    var (total, sum) = (CompensatedSum(), CompensatedSum())
    for (value, weight) in terms() {
      total.add(weight)
      sum.add(value * weight)
    }
    // Products of numbers that are nearly the same are rounded to both sides of them.
    let center = min(
      max(sum.value / total.value, least.scaled(by: -unit)), greatest.scaled(by: -unit))
    // The spread of numbers that are nearly the same is small beside them.
    let widest = terms().reduce(0) { max($0, abs($1.value - center)) }
    mean = center.scaled(by: unit)
    guard widest > 0 else {
      deviation = 0
      return
    }
    var squares = CompensatedSum()
    for (value, weight) in terms() {
      let difference = (value - center).scaled(by: -widest.exponent)
      squares.add(difference * difference * weight)
    }
    deviation = (squares.value / total.value).squareRoot().scaled(by: widest.exponent + unit)
  }
}
