import CharacteristicFlows
import Libc
import OptimalTransport

extension ModeFlow {
  /// f on a phase-space grid with the positions of the flow.
  ///
  /// Where a run errs, f may fall below 0 in the tails.
  ///
  /// - Parameters:
  ///   - velocityRange: the velocities; `nil` for all that matter.
  ///   - velocityCount: how many velocities: even, at least 4.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(grid·modes).
  public func grid(
    velocityRange: ClosedRange<Double>? = nil, velocityCount: Int
  ) throws(KineticModelError) -> PhaseSpaceGrid {
    let range = velocityRange ?? basis.velocityRange
    let step = (range.upperBound - range.lowerBound) / Double(max(velocityCount, 1))
    var values: [Double] = []
    for j in 0..<max(velocityCount, 0) {
      let velocity = range.lowerBound + (Double(j) + 0.5) * step
      let equilibrium = basis.equilibrium(velocity)
      values += quotient(at: velocity).map { $0 * equilibrium }
    }
    do throws(FlowError) {
      return try PhaseSpaceGrid(
        length: length, velocityRange: range, positionCount: positionCount,
        velocityCount: velocityCount, time: time, values: values)
    } catch {
      throw .flow(error)
    }
  }

  /// f/M at each position for a velocity.
  ///
  /// - Complexity: O(n·modes).
  public func quotient(at velocity: Double) -> [Double] {
    var sum = density
    guard epsilon > 0 else { return sum }
    let n = positionCount
    for (index, value) in basis.values(at: velocity).enumerated().dropFirst() {
      let factor = epsilon * value
      for i in 0..<n { sum[i] += factor * moments[(index - 1) * n + i] }
    }
    return sum
  }

  /// The range of f/M for velocities up to 4 from their mean.
  ///
  /// - Complexity: O(n·modes).
  public var quotientRange: ClosedRange<Double> {
    var (least, largest) = (Double.infinity, -Double.infinity)
    for offset in stride(from: -4.0, through: 4, by: 0.125) {
      for value in quotient(at: basis.meanVelocity + offset) {
        (least, largest) = (min(least, value), max(largest, value))
      }
    }
    return least...max(least, largest)
  }

  /// ‖f − ρ̄M‖ in L²(M⁻¹) with the mean density ρ̄ = 1/L.
  public var deviation: Double {
    var sum = CompensatedSum()
    for value in density { sum.add((value - 1 / length) * (value - 1 / length)) }
    for value in moments { sum.add(epsilon * epsilon * value * value) }
    return (sum.value * length / Double(positionCount)).squareRoot()
  }

  /// ‖f − RM‖ in L²(M⁻¹), R the density of another flow on the same grid.
  public func distance(toDensityOf limit: ModeFlow) -> Double {
    var sum = CompensatedSum()
    for (value, other) in zip(density, limit.density) {
      sum.add((value - other) * (value - other))
    }
    for value in moments { sum.add(epsilon * epsilon * value * value) }
    return (sum.value * length / Double(positionCount)).squareRoot()
  }

  /// Mass, momentum, kinetic and potential energy ∫Eρ + ½∫∫k dρdρ.
  ///
  /// - Complexity: O(n·modes).
  public var diagnostics: FlowDiagnostics {
    let n = positionCount
    func integral(_ values: some Sequence<Double>) -> Double {
      CompensatedSum(values).value * length / Double(n)
    }
    let masses = [integral(density)] + (1..<basis.count).map { integral(mode($0)) }
    let mean = basis.meanVelocity
    let first = basis.transport.row(0)
    var second = [Double](repeating: 0, count: basis.count)
    for (m, value) in first.enumerated() where value != 0 {
      for entry in basis.transport.rows[m] { second[entry.column] += value * entry.value }
    }
    let flow = zip(first, masses).reduce(0) { $0 + $1.0 * $1.1 }
    let square = zip(second, masses).reduce(0) { $0 + $1.0 * $1.1 }
    return FlowDiagnostics(
      time: time, mass: masses[0], momentum: [mean * masses[0] + flow],
      kineticEnergy: (square + 2 * mean * flow + mean * mean * masses[0]) / 2,
      potentialEnergy: potentialEnergy)
  }

  /// ∫Eρ + ½∫∫k dρdρ.
  public var potentialEnergy: Double {
    var energy = 0.0
    for (index, waves) in harmonics.enumerated() {
      var (a, b) = (0.0, 0.0)
      for i in density.indices {
        a += density[i] * waves.cosine[i]
        b += density[i] * waves.sine[i]
      }
      (a, b) = (a * length / Double(positionCount), b * length / Double(positionCount))
      let harmonic = index + 1
      energy += equation.external.cosine(harmonic) * a + equation.external.sine(harmonic) * b
      energy += equation.interaction.cosine(harmonic) * (a * a + b * b) / 2
    }
    return energy
  }
}
