import Libc

/// What stands between values at even points of a circle: their trigonometric interpolant.
enum TrigonometricInterpolant {
  /// The values of some lines at some places, those of a place together.
  ///
  /// - Parameters:
  ///   - lines: each with the same number of values, at iL/n.
  ///   - places: where.
  ///   - length: L.
  /// - Complexity: O(places·n·lines).
  static func values(
    of lines: [[Double]], at places: [Double], length: Double
  ) -> [[Double]] {
    let n = lines.first?.count ?? 0
    return places.map { place in
      let weights = (0..<n).map { i -> Double in
        let angle = Double.pi * (place / length - Double(i) / Double(n))
        let (top, bottom) = (sin(Double(n) * angle), n.isMultiple(of: 2) ? tan(angle) : sin(angle))
        // Where the two meet the weight is 1.
        return bottom.magnitude < 1e-12 ? 1 : top / (Double(n) * bottom)
      }
      return lines.map { line in zip(weights, line).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
