import Libc

extension ModeFlow {
  /// The largest part that the highest eighth of the modes and of the harmonics of ρ have in f.
  public var tails: (modes: Double, harmonics: Double) {
    let n = positionCount
    let scale = density.reduce(0) { max($0, $1.magnitude) }
    var largest = 0.0
    if epsilon > 0 {
      let first = basis.count - max(1, basis.count / 8)
      for index in (first - 1) * n..<moments.count {
        largest = max(largest, moments[index].magnitude)
      }
    }
    // Parseval: what is left of ρ when its lower harmonics are taken away.
    return (largest * epsilon / scale, along.highestPart(of: density) / scale)
  }

  /// Throws where the run is no longer resolved.
  package func checkResolution() throws(KineticModelError) {
    guard density.allSatisfy(\.isFinite), moments.allSatisfy(\.isFinite) else {
      throw .flow(.notFinite(time: time))
    }
    if equation.exponent != 0, let least = density.min(), least <= 0 {
      throw .nonpositiveDensity(value: least, exponent: equation.exponent)
    }
    let tails = tails
    let limit = Self.tailLimit
    guard tails.modes <= limit else {
      throw .unresolvedTail(
        time: time, part: tails.modes, limit: limit, what: "modes in v, of which there are",
        count: basis.count)
    }
    guard tails.harmonics <= limit else {
      throw .unresolvedTail(
        time: time, part: tails.harmonics, limit: limit, what: "positions, of which there are",
        count: positionCount)
    }
  }

  /// What the highest modes may have of f.
  static let tailLimit = 1e-6
}
