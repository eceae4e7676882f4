import Libc

/// The modes of a collision operator in one velocity: −C(Mp_n) = μ_n·Mp_n, p_0 = 1, ⟨p_m, p_n⟩_M = δ_mn.
///
/// A density is f = M·Σc_n(x)p_n(v). Transport couples its coefficients by A_mn = ⟨(v − V)p_m, p_n⟩_M with the
/// mean velocity V of M, and a force by B_mn = ⟨p_m′, p_n⟩_M.
public struct VelocityBasis: Sendable {
  /// μ_n, of which μ_0 = 0.
  public let rates: [Double]
  /// V.
  public let meanVelocity: Double
  /// θ, the temperature of M ∝ e^{−W/θ}.
  public let temperature: Double
  /// A.
  let transport: CouplingMatrix
  /// B.
  let force: CouplingMatrix
  /// ‖A‖: no wave in x is faster.
  let largestSpeed: Double
  /// ‖B‖.
  let largestSlope: Double
  private let shape: Shape

  private enum Shape: Sendable {
    case hermite
    /// Sums of the polynomials that are orthogonal with respect to M: row n has the coefficients of p_n.
    case polynomials(OrthogonalPolynomials, sums: [[Double]])
  }

  /// The number of modes, that of mass included.
  public var count: Int { rates.count }

  /// D = ΣA_0n²/μ_n of the limit ∂tρ = ∇·(ν⁻¹(D∇ρ − Kρ·F)).
  public var diffusion: Double {
    (1..<count).reduce(0) { sum, n in
      let moment = transport[0, n]
      return sum + moment * moment / rates[n]
    }
  }

  /// K = ΣA_0n·B_n0/μ_n = ⟨(v − V)²⟩/θ.
  public var mobility: Double {
    (1..<count).reduce(0) { $0 + transport[0, $1] * force[$1, 0] / rates[$1] }
  }

  /// Hermite polynomials He_n/√n!, for the standard normal distribution.
  ///
  /// - Parameters:
  ///   - count: how many, at least 2.
  ///   - relaxing: whether all modes but the mass have the rate 1, as in the BGK equation; otherwise that
  ///     of He_n is n, as for Fokker and Planck.
  /// - Throws: `KineticModelError.noConvergence`.
  static func hermite(_ count: Int, relaxing: Bool) throws(KineticModelError) -> VelocityBasis {
    var (a, b) = (matrix(count), matrix(count))
    for n in 1..<count {
      let root = Double(n).squareRoot()
      a[n - 1][n] = root
      a[n][n - 1] = root
      b[n][n - 1] = root
    }
    let lowest = try LAPACK.lowestEigenpairs(
      diagonal: Array(repeating: 0, count: count),
      offDiagonal: (1..<count).map { Double($0).squareRoot() }, count: 1)
    return VelocityBasis(
      rates: [0] + (1..<count).map { relaxing ? 1 : Double($0) }, meanVelocity: 0, temperature: 1,
      transport: CouplingMatrix(a), force: CouplingMatrix(b), largestSpeed: -lowest.values[0],
      largestSlope: Double(count - 1).squareRoot(), shape: .hermite)
  }

  /// The modes of f ↦ ∇ᵥ·(f∇W + θ∇ᵥf).
  ///
  /// In the orthonormal polynomials q_m of M the operator is −θBBᵀ, so that the singular values of B are
  /// √(μ_n/θ): small rates lose no digits by being squared. For a smooth W the modes converge faster
  /// than any power of the degree; a kink at 0 leaves about ten digits.
  ///
  /// - Parameter count: how many, at least 2; more are taken until ΣA_0n²/μ_n has all of D.
  /// - Throws: `KineticModelError`: in particular `.unresolvedModes` where D differs from the quadrature of
  ///   `SwarmingCoefficients`.
  /// - Complexity: O(1): about 10⁹ operations.
  static func swarm(
    _ potential: VelocityPotential, temperature: Double, count: Int
  ) throws(KineticModelError) -> VelocityBasis {
    guard temperature > 0, temperature.isFinite else {
      throw .badParameter(name: "theta", value: temperature, requirement: "positive and finite")
    }
    let degree = OrthogonalPolynomials.standardCount
    let window = try VelocityWindow(
      potential, temperature: temperature, isRadial: false, modeCount: degree)
    let equilibrium = LineEquilibrium(potential, temperature: temperature, window: window)
    let polynomials = OrthogonalPolynomials(potential, temperature: temperature, window: window)
    let slopes = polynomials.slopes
    let found = try LAPACK.leftSingularVectors((1..<degree).map { Array(slopes[$0].dropLast()) })
    let rates = [0] + found.values.map { temperature * $0 * $0 }
    let sums =
      [[1] + Array(repeating: 0, count: degree - 1)] + found.vectors.map { [0] + $0 }
    let jacobi = polynomials.jacobiMatrix
    let mean = jacobi[0][0]
    // A_0n, by which modes are met: q_1 is the only polynomial that the velocity meets.
    let moments = sums.map { jacobi[0][1] * $0[1] }
    let terms = (1..<degree).map { moments[$0] * moments[$0] / rates[$0] }
    let whole = terms.reduce(0, +)
    let error = (whole / equilibrium.diffusion - 1).magnitude
    guard error < 1e-7 else { throw .unresolvedModes(potential: potential.name, error: error) }
    // Enough for D, and for K = ΣA_0n²/θ.
    let variance = jacobi[0][1] * jacobi[0][1]
    var partial = (diffusion: 0.0, drift: 0.0)
    let needed = terms.indices.first { index in
      partial.diffusion += terms[index]
      partial.drift += moments[index + 1] * moments[index + 1]
      return partial.diffusion > whole * (1 - 1e-13) && partial.drift > variance * (1 - 1e-11)
    }
    let kept = min(max(count, (needed ?? 0) + 2), degree * 3 / 4)
    var shifted = jacobi
    for n in 0..<degree { shifted[n][n] -= mean }
    let a = conjugate(shifted, by: sums, keeping: kept)
    return VelocityBasis(
      rates: Array(rates[..<kept]), meanVelocity: mean, temperature: temperature,
      transport: CouplingMatrix(a),
      force: CouplingMatrix(conjugate(slopes, by: sums, keeping: kept)),
      largestSpeed: try largestEigenvalue(a),
      largestSlope: (rates[kept - 1] / temperature).squareRoot(),
      shape: .polynomials(polynomials, sums: Array(sums[..<kept])))
  }

  private static func matrix(_ count: Int) -> [[Double]] {
    Array(repeating: Array(repeating: 0, count: count), count: count)
  }

  /// The entries s_m·(matrix s_n) for the first vectors.
  private static func conjugate(
    _ matrix: [[Double]], by vectors: [[Double]], keeping count: Int
  ) -> [[Double]] {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let images = vectors[..<count].map { vector in matrix.map { dot($0, vector) } }
    return (0..<count).map { m in (0..<count).map { n in dot(vectors[m], images[n]) } }
  }

  /// The largest modulus of an eigenvalue of a symmetric matrix.
  private static func largestEigenvalue(_ matrix: [[Double]]) throws(KineticModelError) -> Double {
    var largest = 0.0
    for sign in [1.0, -1] {
      var band = SymmetricBand(count: matrix.count, width: matrix.count - 1)
      for row in matrix.indices {
        for column in row..<matrix.count { band[row, column] = sign * matrix[row][column] }
      }
      largest = max(largest, -(try LAPACK.lowestEigenpairs(band, count: 1).values[0]))
    }
    return largest
  }

  /// Whether M is the standard normal distribution.
  var isNormal: Bool { if case .hermite = shape { true } else { false } }

  /// κ_n of −∂ᵥ(M·p_n′) = κ_n·Mp_n.
  func stiffness(_ index: Int) -> Double {
    switch shape {
    case .hermite: Double(index)
    case .polynomials: rates[index] / temperature
    }
  }

  // MARK: Values

  /// M(v).
  public func equilibrium(_ velocity: Double) -> Double {
    switch shape {
    case .hermite: exp(-velocity * velocity / 2) / (2 * Double.pi).squareRoot()
    case .polynomials(let polynomials, _): polynomials.density(velocity)
    }
  }

  /// p_0(v), p_1(v), …
  ///
  /// - Complexity: O(count) for Hermite polynomials, O(count·degree) for others.
  public func values(at velocity: Double) -> [Double] {
    switch shape {
    case .hermite:
      var values = [1, velocity]
      for n in 1..<max(1, count - 1) {
        values.append(
          (velocity * values[n] - Double(n).squareRoot() * values[n - 1])
            / Double(n + 1).squareRoot())
      }
      return Array(values.prefix(count))
    case .polynomials(let polynomials, let sums):
      let values = polynomials.values(at: velocity)
      return sums.map { row in zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }

  /// The velocities outside of which M has less than e^{−40} of its greatest value.
  public var velocityRange: ClosedRange<Double> {
    switch shape {
    case .hermite: -9.5...9.5
    case .polynomials(let polynomials, _): polynomials.range
    }
  }

  /// ⟨φ, p_n⟩_M of a smooth bounded function: what φM has of each mode.
  ///
  /// - Complexity: O(count) for each of some thousand velocities.
  public func projection(_ function: (Double) -> Double) -> [Double] {
    // The trapezoidal rule on functions that vanish at both ends with all of their derivatives.
    let (parts, range) = (4000, velocityRange)
    let step = (range.upperBound - range.lowerBound) / Double(parts)
    var sums = [Double](repeating: 0, count: count)
    for j in 0...parts {
      let velocity = range.lowerBound + Double(j) * step
      let factor = equilibrium(velocity) * function(velocity) * step
      for (index, value) in values(at: velocity).enumerated() { sums[index] += factor * value }
    }
    return sums
  }
}
