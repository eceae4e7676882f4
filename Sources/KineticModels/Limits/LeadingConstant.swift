import CharacteristicFlows
import Libc
import OptimalTransport

extension ModeFlow {
  /// The limit of W_{λ,2}(f, R⊗M)/ε as ε → 0, behind the initial layer and for well-prepared data: the root of
  /// Σ_m⟨w_m, (κ_m + L_R/λ)⁻¹w_m⟩_R with f = R(1 + εΣw_m p_m)M to first order, L_R g = −(R·g′)′/R and
  /// −∂ᵥ(M·p_m′) = κ_m·Mp_m.
  ///
  /// The optimal map is id + ε∇φ with φ = Σφ_m(x)p_m(v) and (κ_m + L_R/λ)φ_m = w_m: where velocities are to change,
  /// part of it is done by moving positions. Collisions of BGK and of Fokker and Planck leave w_1 = u alone,
  /// u = −(∂ₓR/R − F)/ν, with κ_1 = 1; those of swarms all w_m = −(A_m0∂ₓR/R − F·B_m0)/μ_m, with κ_m = μ_m/θ. With no
  /// weight on positions it is the root of Σ⟨w_m, w_m⟩_R/κ_m, for Fokker and Planck that of the dissipation of the free
  /// energy (Documentation/KineticModels.md).
  ///
  /// - Parameter positionWeight: λ.
  /// - Returns: the constant, what it does not exceed, and φ_1.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(n³), for swarms for each mode.
  public func leadingConstant(
    positionWeight: Double
  ) throws(KineticModelError) -> LeadingConstant {
    let n = positionCount
    let step = length / Double(n)
    guard density.allSatisfy({ $0 > 0 }) else {
      throw .nonpositiveDensity(value: density.min() ?? 0, exponent: equation.exponent)
    }
    let slopes = slope(of: density)
    let rates = Self.rates(density, equation.exponent)
    let force = force
    // DᵀRD/λ with the derivative D of trigonometric interpolants.
    let derivatives = (0..<n).map { column in
      slope(of: (0..<n).map { $0 == column ? 1 : 0 })
    }
    var stiffness = SymmetricBand(count: n, width: n - 1)
    for row in 0..<n {
      for column in row..<n {
        var sum = 0.0
        for i in 0..<n { sum += derivatives[row][i] * density[i] * derivatives[column][i] }
        stiffness[row, column] = sum / positionWeight
      }
    }
    var (square, bound) = (0.0, 0.0)
    var potential: [Double] = []
    for m in 1..<basis.count {
      let (a, b) = (basis.transport[m, 0], basis.force[m, 0])
      guard m == 1 || a != 0 || b != 0 else { continue }
      let w = (0..<n).map { i in
        -(a * slopes[i] / density[i] - (force.isEmpty ? 0 : b * force[i]))
          / (rates[i] * basis.rates[m])
      }
      let stiffnessOfVelocity = basis.stiffness(m)
      // Symmetric and positive definite.
      var matrix = stiffness
      for i in 0..<n { matrix[i, i] += stiffnessOfVelocity * density[i] }
      let phi = try LAPACK.solve(matrix, (0..<n).map { density[$0] * w[$0] })
      if m == 1 { potential = phi }
      for i in 0..<n {
        square += density[i] * w[i] * phi[i] * step
        bound += density[i] * w[i] * w[i] / stiffnessOfVelocity * step
      }
    }
    return LeadingConstant(
      constant: max(0, square).squareRoot(), bound: bound.squareRoot(), potential: potential)
  }

  /// A lower bound of W_{λ,2}(f, R⊗M) for the densities themselves: Kantorovich's, of the potential 2εv·g(x).
  ///
  /// Its conjugate is min_x[λ|x − y|² − 2εw·g(x) − ε²g(x)²], as the minimum over v is that of a parabola, and
  /// ∫φ df = 2ε∫g·c_1. To the order ε the bound is attained where g is that of the leading constant. The minimum
  /// over x is taken on `fineCount` places and of the parabola through three of them.
  ///
  /// - Parameters:
  ///   - limit: the flow of R on the same grid.
  ///   - leading: the constant of the limit.
  ///   - positionWeight: λ.
  /// - Complexity: O(n·65·fineCount).
  func kantorovichBound(
    beside limit: ModeFlow, _ leading: LeadingConstant, positionWeight: Double
  ) throws(KineticModelError) -> Double {
    let n = positionCount
    let parts = max(1, 1024 / n)
    let count = n * parts
    guard let interpolation = FineInterpolation(count: n, fineCount: count) else {
      throw .flow(.badGrid("a size that FFTW can transform"))
    }
    let g = interpolation.values(leading.potential).map { $0 * epsilon }
    let step = length / Double(count)
    // λ|x − y|² by the number of steps between the two.
    let ways = (0..<count).map { index in
      let way = Double(min(index, count - index)) * step
      return positionWeight * way * way
    }
    let flux = mode(1)
    var sum = CompensatedSum()
    for i in 0..<n { sum.add(2 * g[i * parts] * flux[i]) }
    let spacing = 0.25
    for w in stride(from: -8.0, through: 8, by: spacing) {
      let weight = basis.equilibrium(w) * spacing
      let rows = Parallel.map(count: n, costPerItem: 2000) { i in
        limit.density[i] * Self.least(count, around: i * parts, ways) { -(2 * w + g[$0]) * g[$0] }
      }
      for value in rows { sum.add(weight * value) }
    }
    return max(0, sum.value * length / Double(n)).squareRoot()
  }

  /// The least sum of a function and the ways from a place, between the places by a parabola.
  private static func least(
    _ count: Int, around place: Int, _ ways: [Double], _ function: (Int) -> Double
  ) -> Double {
    func value(_ index: Int) -> Double {
      let wrapped = (index % count + count) % count
      return function(wrapped) + ways[((wrapped - place) % count + count) % count]
    }
    var (best, least) = (0, Double.infinity)
    for index in 0..<count {
      let found = value(index)
      if found < least { (best, least) = (index, found) }
    }
    let (left, right) = (value(best - 1), value(best + 1))
    let curvature = left + right - 2 * least
    return curvature > 0 ? least - (right - left) * (right - left) / (8 * curvature) : least
  }
}

/// What W_{λ,2}(f, R⊗M) is to the order ε.
public struct LeadingConstant: Sendable {
  /// The root of Σ_m⟨w_m, (κ_m + L_R/λ)⁻¹w_m⟩_R.
  public let constant: Double
  /// The root of Σ_m⟨w_m, w_m⟩_R/κ_m, ‖u‖_{L²(R)} but for swarms.
  public let bound: Double
  /// φ_1, g = (1 + L_R/λ)⁻¹u but for swarms, at the positions of the flow.
  public let potential: [Double]
}
