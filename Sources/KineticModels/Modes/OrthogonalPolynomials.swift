import Libc

/// The polynomials q_0 = 1, q_1, … of norm 1 that are orthogonal with respect to M ∝ e^{−W/θ}:
/// v·q_n = b_n·q_{n+1} + a_n·q_n + b_{n−1}·q_{n−1}.
struct OrthogonalPolynomials: Sendable {
  /// a_n.
  let diagonal: [Double]
  /// b_n, from q_n to q_{n+1}.
  let offDiagonal: [Double]
  /// ⟨q_m′, q_n⟩_M in row m, of which those with n ≥ m vanish.
  let slopes: [[Double]]
  /// Where M is at least e^{−40} of its greatest value.
  let range: ClosedRange<Double>
  private let potential: VelocityPotential
  private let temperature: Double
  /// What W has where M = 1/norm.
  private let minimum: Double
  private let norm: Double

  /// So many polynomials have all digits of the first ninety or so modes of a smooth potential.
  static let standardCount = 128

  /// Stieltjes' procedure on the quadrature of `LineEquilibrium`, with each polynomial orthogonalised twice
  /// against all before it.
  ///
  /// - Complexity: O(count²·points).
  init(
    _ potential: VelocityPotential, temperature: Double, window: VelocityWindow,
    count: Int = standardCount
  ) {
    let (velocities, masses) = LineEquilibrium.quadrature(
      potential, temperature: temperature, window: window)
    let points = velocities.count
    var functions = [masses.map { $0.squareRoot() }]
    var derivatives = [[Double](repeating: 0, count: points)]
    var (a, b, rows) = ([Double](), [Double](), [[Double]]())
    for n in 0..<count {
      rows.append(
        functions.map { Self.dot($0, derivatives[n]) }
          + Array(repeating: 0, count: count - functions.count))
      rows[n][n] = 0
      let q = functions[n]
      let mean = Self.dot(zip(velocities, q).map { $0 * $1 }, q)
      a.append(mean)
      guard n + 1 < count else { break }
      let before = n > 0 ? b[n - 1] : 0
      var next = [Double](repeating: 0, count: points)
      var slope = next
      for i in 0..<points {
        let shifted = velocities[i] - mean
        next[i] = shifted * q[i] - (n > 0 ? before * functions[n - 1][i] : 0)
        slope[i] =
          q[i] + shifted * derivatives[n][i] - (n > 0 ? before * derivatives[n - 1][i] : 0)
      }
      for _ in 0..<2 { for other in functions { Self.remove(other, from: &next) } }
      let length = Self.dot(next, next).squareRoot()
      b.append(length)
      // A derivative is a polynomial of lower degree: what rounding adds is left out.
      var projected = [Double](repeating: 0, count: points)
      for other in functions {
        let part = Self.dot(other, slope) / length
        for i in 0..<points { projected[i] += part * other[i] }
      }
      functions.append(next.map { $0 / length })
      derivatives.append(projected)
    }
    (diagonal, offDiagonal, slopes) = (a, b, rows)
    self.potential = potential
    self.temperature = temperature
    minimum = window.minimum
    // Masses are M times the weights; one place tells the factor.
    norm = Self.norm(potential, temperature, window)
    range = Self.range(velocities, potential, temperature, window.minimum)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func remove(_ direction: [Double], from vector: inout [Double]) {
    let part = dot(direction, vector)
    for i in vector.indices { vector[i] -= part * direction[i] }
  }

  /// ∫e^{−(W − min W)/θ}.
  private static func norm(
    _ potential: VelocityPotential, _ temperature: Double, _ window: VelocityWindow
  ) -> Double {
    // The trapezoidal rule on a function that vanishes at both ends with all of its derivatives.
    let count = 1 << 14
    let (low, high) = (window.range.lowerBound, window.range.upperBound)
    let step = (high - low) / Double(count)
    return (0...count).reduce(0) {
      $0 + exp((window.minimum - potential(low + Double($1) * step)) / temperature)
    } * step
  }

  private static func range(
    _ velocities: [Double], _ potential: VelocityPotential, _ temperature: Double,
    _ minimum: Double
  ) -> ClosedRange<Double> {
    let kept = velocities.filter { potential($0) - minimum < 40 * temperature }
    return (kept.first ?? -1)...(kept.last ?? 1)
  }

  /// The multiplication by v: a symmetric tridiagonal matrix.
  var jacobiMatrix: [[Double]] {
    let count = diagonal.count
    var matrix = Array(repeating: [Double](repeating: 0, count: count), count: count)
    for n in 0..<count {
      matrix[n][n] = diagonal[n]
      if n + 1 < count {
        matrix[n][n + 1] = offDiagonal[n]
        matrix[n + 1][n] = offDiagonal[n]
      }
    }
    return matrix
  }

  /// M(v).
  func density(_ velocity: Double) -> Double {
    exp((minimum - potential(velocity)) / temperature) / norm
  }

  /// q_0(v), q_1(v), …
  func values(at velocity: Double) -> [Double] {
    var values = [1.0]
    for n in 0..<offDiagonal.count {
      values.append(
        ((velocity - diagonal[n]) * values[n] - (n > 0 ? offDiagonal[n - 1] * values[n - 1] : 0))
          / offDiagonal[n])
    }
    return values
  }
}
