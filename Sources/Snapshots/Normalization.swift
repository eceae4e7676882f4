import OptimalTransport

/// A way to choose the units of a snapshot by the snapshot itself.
public enum Normalization: Sendable, Hashable {
  /// Each position axis by its period.
  case box
  /// Positions by the Debye length v_th/ω_p, velocities by v_th, their standard deviation; the value is
  /// the plasma frequency ω_p.
  case debye(plasmaFrequency: Double)
  /// Each axis by its own standard deviation.
  case standardDeviations
  /// All positions by one standard deviation and all velocities by one: the root of the mean of the
  /// squares of those of the axes.
  case blockDeviations

  /// The factors that a snapshot settles, which may then be those of other snapshots, too.
  ///
  /// - Throws: `NormalizationError`.
  /// - Complexity: O(n).
  public func scaling(of snapshot: Snapshot) throws(NormalizationError) -> Scaling {
    let (positions, velocities) = try divisors(snapshot)
    for (letter, divisors) in [("x", positions), ("v", velocities)] {
      for (axis, divisor) in divisors.enumerated() where !(divisor > 0 && divisor.isFinite) {
        throw .badDivisor(axis: "\(letter)\(axis + 1)", value: divisor)
      }
    }
    return Scaling(positions: positions.map { 1 / $0 }, velocities: velocities.map { 1 / $0 })
  }

  private func divisors(
    _ snapshot: Snapshot
  ) throws(NormalizationError) -> (positions: [Double], velocities: [Double]) {
    let deviations = [snapshot.positions, snapshot.velocities].map { columns in
      columns.map { WeightedSpread($0, snapshot.weights).deviation }
    }
    let thermalSpeed = Self.mean(deviations[1])
    func divided(by length: Double) -> (positions: [Double], velocities: [Double]) {
      (snapshot.positions.map { _ in length }, snapshot.velocities.map { _ in thermalSpeed })
    }
    switch self {
    case .box:
      guard let box = snapshot.box, box.axes.allSatisfy(\.isPeriodic) else { throw .noPeriod }
      return (box.axes.map(\.length), snapshot.velocities.map { _ in 1 })
    case .debye(let plasmaFrequency): return divided(by: thermalSpeed / plasmaFrequency)
    case .standardDeviations: return (deviations[0], deviations[1])
    case .blockDeviations: return divided(by: Self.mean(deviations[0]))
    }
  }

  /// The root of the mean square of the deviations of some axes, by scaling; 1 for none.
  private static func mean(_ deviations: [Double]) -> Double {
    guard let largest = deviations.max(), largest > 0, largest.isFinite else {
      return deviations.first ?? 1
    }
    let unit = largest.exponent
    let squares = deviations.map { $0.scaled(by: -unit) * $0.scaled(by: -unit) }
    return (CompensatedSum(squares).value / Double(deviations.count)).squareRoot()
      .scaled(by: unit)
  }
}

/// Why a snapshot settles no units.
public enum NormalizationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An axis of the box has no period, or there is no box.
  case noPeriod
  /// The particles do not differ on an axis, or differ by too much for a number.
  case badDivisor(axis: String, value: Double)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .noPeriod: "Units by the box need a period on every axis."
    case .badDivisor(let axis, let value):
      "\(axis) would be divided by \(value); the particles must differ there."
    }
  }
}
