import Libc
import OptimalTransport

extension ModeFlow {
  /// The free energy ∫∫f·log(f/M) + ∫Eρ + ½∫∫k dρdρ, times the temperature where it is not 1; for the limit that
  /// of R⊗M. It never grows for collisions of Fokker and Planck, and without a force for swarms.
  ///
  /// - Complexity: O(n·modes·128).
  public var freeEnergy: Double {
    let n = positionCount
    let range = basis.velocityRange
    let parts = epsilon > 0 ? 128 : 0
    let step = (range.upperBound - range.lowerBound) / Double(max(1, parts))
    var sum = CompensatedSum()
    for j in 0..<parts {
      let velocity = range.lowerBound + (Double(j) + 0.5) * step
      let mass = basis.equilibrium(velocity) * step
      // Where f errs below 0 in the tails it counts as 0.
      for value in quotient(at: velocity) where value > 0 { sum.add(mass * value * log(value)) }
    }
    if epsilon == 0 { for value in density where value > 0 { sum.add(value * log(value)) } }
    return basis.temperature * sum.value * length / Double(n) + potentialEnergy
  }

  /// ∫Σ_{n≥1}μ_n c_n²/ρ: θ times the Fisher information of f relative to ρM, to the second order in f − ρM.
  var relativeFisherInformation: Double {
    let n = positionCount
    var sum = CompensatedSum()
    for m in 1..<basis.count {
      for i in 0..<n where density[i] > 0 {
        let c = epsilon * moments[(m - 1) * n + i]
        sum.add(basis.rates[m] * c * c / density[i])
      }
    }
    return sum.value * length / Double(n)
  }
}
