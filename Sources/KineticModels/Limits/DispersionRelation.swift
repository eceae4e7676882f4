import Libc

/// The rates at which small waves about the uniform state decay.
public enum DispersionRelation {
  /// The rate of BGK: (1 − z)ν/ε² where √(π/2)/κ·erfcx(z/√2κ) = 1, κ = wavenumber·ε/ν.
  ///
  /// - Returns: `nil` from κ = √(π/2) on, where the eigenvalue has entered the continuous spectrum −ν/ε².
  public static func bgk(epsilon: Double, wavenumber: Double, rate: Double = 1) -> Double? {
    let kappa = wavenumber * epsilon / rate
    guard epsilon > 0 else { return wavenumber * wavenumber / rate }
    guard kappa < (Double.pi / 2).squareRoot() else { return nil }
    // Where 1 − z would cancel, z = 1 − κ² + κ⁴ + O(κ⁶).
    if kappa < 1e-3 { return wavenumber * wavenumber / rate * (1 - kappa * kappa) }
    // The left side falls from above 1 at z = 0 to below 1 at z = 1.
    let z = root(in: 0...1) { z in
      (Double.pi / 2).squareRoot() / kappa * scaledComplement(z / (2.0.squareRoot() * kappa)) - 1
    }
    return (1 - z) * rate / (epsilon * epsilon)
  }

  /// The rate of Fokker and Planck with an interaction k = a·cos(wavenumber·x), by the continued fraction of the
  /// recurrence of Hermite coefficients: s + κ²(1 + a/2)/(1 + ε²s + 2ε²κ²/(2 + ε²s + …)) = 0; negative for
  /// growth.
  ///
  /// - Returns: `nil` where no real rate lies between 0 and twice that of the limit.
  public static func fokkerPlanck(
    epsilon: Double, wavenumber: Double, interaction: Double = 0
  ) -> Double? {
    let square = epsilon * epsilon
    let drive = wavenumber * wavenumber * (1 + interaction / 2)
    guard drive != 0 else { return 0 }
    /// (s + …)/drive at s = −part·drive; `nil` beyond the poles of the continued fraction.
    func balance(_ part: Double) -> Double? {
      var tail = 0.0
      for n in stride(from: 400, through: 2, by: -1) {
        let bottom = Double(n) - square * part * drive + tail
        guard bottom > 0 else { return nil }
        tail = Double(n) * square * wavenumber * wavenumber / bottom
      }
      let bottom = 1 - square * part * drive + tail
      return bottom > 0 ? 1 / bottom - part : nil
    }
    var part = 0.0
    while part < 2 {
      let next = part + 1.0 / 64
      guard let value = balance(next) else { return nil }
      if value <= 0 { return drive * root(in: part...next) { balance($0) ?? -1 } }
      part = next
    }
    return nil
  }

  /// The rate at which the slowest small wave decays, by the eigenvalues of the truncated modes: the least real part
  /// of those of με⁻² + iκε⁻¹(A + ½a·B e_0eᵀ_0), with an interaction k = a·cos(wavenumber·x); negative for growth.
  ///
  /// With a mean velocity V it is the rate in the frame that moves with V/ε. Modes that do not reach the fast decay of
  /// high ones miss nothing of the slowest.
  ///
  /// - Returns: `nil` where ε is so small that rounding, 10⁻¹⁶μ_N/ε², would show in the seventh digit.
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(modes³).
  public static func modes(
    _ basis: VelocityBasis, epsilon: Double, wavenumber: Double, interaction: Double = 0
  ) throws(KineticModelError) -> Double? {
    let square = epsilon * epsilon
    let limit = wavenumber * wavenumber * (basis.diffusion + basis.mobility * interaction / 2)
    guard epsilon > 0 else { return limit }
    let speed = epsilon * wavenumber
    let rows = (0..<basis.count).map { m in
      (0..<basis.count).map { n in
        let push = n == 0 ? interaction / 2 * basis.force[m, 0] : 0
        return SIMD2<Double>(m == n ? basis.rates[m] : 0, speed * (basis.transport[m, n] + push))
      }
    }
    let least = try LAPACK.eigenvalues(rows).reduce(Double.infinity) { min($0, $1.x) }
    let norm = basis.rates[basis.count - 1] + speed * basis.largestSpeed
    guard least.magnitude > 1e-9 * norm else { return nil }
    return least / square
  }

  /// The root of a falling function.
  private static func root(
    in range: ClosedRange<Double>, _ function: (Double) -> Double
  ) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<200 where high > low {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if function(middle) > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// e^{x²}·erfc(x) for x ≥ 0; beyond 5 by its continued fraction.
  static func scaledComplement(_ x: Double) -> Double {
    guard x > 5 else { return exp(x * x) * erfc(x) }
    var tail = 0.0
    for n in stride(from: 120, through: 1, by: -1) { tail = Double(n) / 2 / (x + tail) }
    return 1 / (Double.pi.squareRoot() * (x + tail))
  }
}
