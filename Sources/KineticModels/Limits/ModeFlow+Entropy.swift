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

  /// The rate at which collisions take free energy away, −dF/dt: for the limit that of R⊗M.
  ///
  /// With h = f/M it is θ²ε⁻²∫∫(∂ᵥh)²/h·M for collisions of Fokker and Planck and of swarms,
  /// ε⁻²∫∫ν(h − ρ)log(h/ρ)M for BGK, and for the limit equation ∫ν⁻¹R|∂ₓR/R − F|² of Fokker and Planck and
  /// θD∫ν⁻¹|∂ₓR|²/R of the others.
  ///
  /// - Returns: `nil` for swarms and BGK under a force, which works on the velocities by ∇W and M, and not by v
  ///   alone, so that the free energy changes also without collisions.
  /// - Complexity: O(n·modes·128).
  public var freeEnergyDissipation: Double? {
    let isFokkerPlanck = if case .fokkerPlanck = equation.collision { true } else { false }
    guard isFokkerPlanck || !equation.hasForce else { return nil }
    return epsilon > 0 ? collisionalDissipation : diffusiveDissipation
  }

  private var diffusiveDissipation: Double {
    let (slopes, force) = (slope(of: density), force)
    let rates = Self.rates(density, equation.exponent)
    var sum = CompensatedSum()
    for i in density.indices where density[i] > 0 {
      let u = slopes[i] / density[i] - (force.isEmpty ? 0 : force[i])
      sum.add(density[i] * u * u / rates[i])
    }
    return basis.temperature * basis.diffusion * sum.value * length / Double(positionCount)
  }

  private var collisionalDissipation: Double {
    let n = positionCount
    let range = basis.velocityRange
    let parts = 128
    let step = (range.upperBound - range.lowerBound) / Double(parts)
    let isRelaxing = if case .bgk = equation.collision { true } else { false }
    // Σc_m p_m′ = Σ_n(Σ_m B_mn c_m)p_n.
    let slopes = (0..<(isRelaxing ? 0 : basis.count)).map { column in
      (1..<basis.count).reduce(into: [Double](repeating: 0, count: n)) { sum, m in
        let entry = epsilon * basis.force[m, column]
        guard entry != 0 else { return }
        for i in 0..<n { sum[i] += entry * moments[(m - 1) * n + i] }
      }
    }
    let rates = Self.rates(density, equation.exponent)
    var sum = CompensatedSum()
    for j in 0..<parts {
      let velocity = range.lowerBound + (Double(j) + 0.5) * step
      let mass = basis.equilibrium(velocity) * step
      let values = basis.values(at: velocity)
      // Where f errs below 0 in the tails it counts as 0.
      for (i, h) in quotient(at: velocity).enumerated() where h > 0 {
        if isRelaxing {
          guard density[i] > 0 else { continue }
          sum.add(mass * rates[i] * (h - density[i]) * log(h / density[i]))
        } else {
          let slope = zip(slopes, values).reduce(0) { $0 + $1.0[i] * $1.1 }
          sum.add(mass * slope * slope / h)
        }
      }
    }
    let factor = isRelaxing ? 1 : basis.temperature * basis.temperature
    return factor * sum.value * length / Double(n) / (epsilon * epsilon)
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
