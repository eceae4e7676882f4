import KineticTransport

/// What `--normalize` divides coordinates by. The numbers come from the first snapshot that is read and
/// hold for all of them.
public enum Normalization: String, Sendable, CaseIterable {
  /// Each position axis by its period.
  case box
  /// Positions by the Debye length v_th/ω_p, velocities by v_th, their standard deviation.
  case debye
  /// Each axis by its own standard deviation.
  case std
  /// All positions by one standard deviation and all velocities by one.
  case stdBlock = "std-block"

  /// The factors that a snapshot settles.
  ///
  /// - Parameter plasmaFrequency: ω_p, for `.debye`.
  func scaling(
    of snapshot: Snapshot, named name: String, plasmaFrequency: Double?
  ) throws(CommandFailure) -> Scaling {
    let (positions, velocities) = try divisors(snapshot, name, plasmaFrequency ?? 1)
    for (letter, divisors) in [("x", positions), ("v", velocities)] {
      for (axis, divisor) in divisors.enumerated() where !(divisor > 0 && divisor.isFinite) {
        throw CommandFailure(
          .badData,
          "\(name): --normalize \(rawValue) would divide \(letter)\(axis + 1) by \(divisor); the "
            + "particles must differ there\(remedy).")
      }
    }
    return Scaling(positions: positions.map { 1 / $0 }, velocities: velocities.map { 1 / $0 })
  }

  private var remedy: String {
    self == .std ? ", or share a factor with other axes (--normalize std-block)" : ""
  }

  private func divisors(
    _ snapshot: Snapshot, _ name: String, _ plasmaFrequency: Double
  ) throws(CommandFailure) -> (positions: [Double], velocities: [Double]) {
    let deviations = [snapshot.positions, snapshot.velocities].map { columns in
      columns.map { WeightedSpread($0, snapshot.weights).deviation }
    }
    let thermalSpeed = Self.mean(deviations[1])
    switch self {
    case .box:
      guard let box = snapshot.box, box.axes.allSatisfy(\.isPeriodic) else {
        throw CommandFailure(
          .badData,
          "\(name): --normalize box needs a period on every axis, stated by the file or by --box.")
      }
      return (box.axes.map(\.length), snapshot.velocities.map { _ in 1 })
    case .debye:
      let length = thermalSpeed / plasmaFrequency
      return (
        snapshot.positions.map { _ in length }, snapshot.velocities.map { _ in thermalSpeed }
      )
    case .std: return (deviations[0], deviations[1])
    case .stdBlock:
      let length = Self.mean(deviations[0])
      return (
        snapshot.positions.map { _ in length }, snapshot.velocities.map { _ in thermalSpeed }
      )
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
