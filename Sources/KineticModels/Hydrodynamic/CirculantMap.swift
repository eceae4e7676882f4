import Libc

/// A linear map of functions on even points of a circle that commutes with shifts: a derivative or an average.
struct CirculantMap: Sendable {
  private let count: Int
  /// What the value k points further on counts for, from k = 1 − count to count − 1.
  private let entries: [Double]

  /// - Parameter entry: what the value k points further on counts for, for k from 0 to `count` − 1.
  private init(count: Int, _ entry: (Int) -> Double) {
    self.count = count
    let row = (0..<count).map(entry)
    entries = Array(row.dropFirst()) + row
  }

  /// The derivative of the trigonometric interpolant without the highest third of its waves, whose products would
  /// be taken for others.
  static func derivative(count: Int, length: Double) -> CirculantMap {
    let wave = 2 * Double.pi / length
    return CirculantMap(count: count) { k in
      (1...max(1, count / 3)).reduce(0) { sum, mode in
        // By the remainder, so that the angle is exact.
        let angle = 2 * Double.pi * Double(k * mode % count) / Double(count)
        return sum + 2 / Double(count) * wave * Double(mode) * sin(angle)
      }
    }
  }

  /// ∫φ(|x − y|)f(y)dy by the trapezoidal rule.
  static func average(
    _ kernel: CommunicationKernel, count: Int, length: Double
  ) -> CirculantMap {
    let step = length / Double(count)
    return CirculantMap(count: count) { k in step * kernel(Double(min(k, count - k)) * step) }
  }

  /// The map of lines of `count` values, one after the other, added up with a factor.
  func add(_ factor: Double, _ values: [Double], to result: inout [Double]) {
    let count = count
    entries.withUnsafeBufferPointer { entries in
      values.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer { result in
          for start in stride(from: 0, to: values.count, by: count) {
            for i in 0..<count {
              let shift = count - 1 - i
              var sums = SIMD8<Double>.zero
              var j = 0
              while j + 8 <= count {
                for lane in 0..<8 {
                  sums[lane] += entries[shift + j + lane] * values[start + j + lane]
                }
                j += 8
              }
              var sum = sums.sum()
              while j < count {
                sum += entries[shift + j] * values[start + j]
                j += 1
              }
              result[start + i] += factor * sum
            }
          }
        }
      }
    }
  }

  /// The map of a line.
  func callAsFunction(_ values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: values.count)
    add(1, values, to: &result)
    return result
  }
}
