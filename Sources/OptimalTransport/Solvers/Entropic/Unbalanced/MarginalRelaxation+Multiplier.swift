import Libc

extension MarginalRelaxation {
  /// The multiplier η of the constraint on the moved mass, after which potentials are min(0, s − η):
  /// the solution of Σ_i a_i min(1, e^{(η − s_i)/ε}) = mass.
  ///
  /// The left side is increasing in η, so that halving the interval ends at the nearest double.
  ///
  /// - Parameters:
  ///   - soft: the soft transforms s.
  ///   - masses: the masses a; the mass is at most their sum.
  static func multiplier(
    soft: [Double], masses: [Double], epsilon: Double, mass: Double
  ) -> Double {
    let reached = soft.indices.filter { masses[$0] > 0 }
    guard let least = reached.map({ soft[$0] }).min(), let most = reached.map({ soft[$0] }).max()
    else { return 0 }
    func moved(_ multiplier: Double) -> Double {
      var sum = CompensatedSum()
      for index in reached {
        sum.add(masses[index] * min(1, exp((multiplier - soft[index]) / epsilon)))
      }
      return sum.value
    }
    // At the upper end everything is moved; at the lower end at most the mass is.
    var upper = most
    if moved(upper) <= mass { return upper }
    let total = CompensatedSum(masses).value
    var lower = least + epsilon * min(0, log(mass / total))
    for _ in 0..<200 {
      let middle = lower / 2 + upper / 2
      guard middle > lower, middle < upper else { break }
      if moved(middle) > mass { upper = middle } else { lower = middle }
    }
    return lower
  }
}
