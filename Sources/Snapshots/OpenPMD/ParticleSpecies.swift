/// Properties of elementary particles, in SI units (CODATA 2018), and their kinematics.
enum ParticleSpecies {
  /// The speed of light.
  static let speedOfLight = 299_792_458.0

  /// The mass of one particle of a species as openPMD names it (extension SpeciesType); `nil` for
  /// one that is not known here.
  static func mass(named name: String) -> Double? {
    switch name {
    case "electron", "positron": 9.109_383_701_5e-31
    case "muon", "antimuon": 1.883_531_627e-28
    case "proton", "antiproton": 1.672_621_923_69e-27
    case "neutron", "antineutron": 1.674_927_498_04e-27
    default: nil
    }
  }

  /// Turns momenta, one array for each axis, into velocities: v = p/(γm), γ = (1 + (p/mc)²)^½. One that
  /// is not finite becomes not a number, on every axis.
  static func divide(_ momenta: inout [[Double]], by mass: OpenPMDColumn) {
    for index in momenta.first?.indices ?? 0..<0 {
      let mass = mass[index]
      var square = 0.0
      for axis in momenta.indices {
        let ratio = momenta[axis][index] / (mass * speedOfLight)
        square += ratio * ratio
      }
      guard square.isFinite else {
        limit(&momenta, index)
        continue
      }
      let factor = 1 / (mass * (1 + square).squareRoot())
      for axis in momenta.indices { momenta[axis][index] *= factor }
    }
  }

  /// The velocity of a particle whose γ exceeds all numbers: that of light, in the direction of the
  /// momentum.
  private static func limit(_ momenta: inout [[Double]], _ index: Int) {
    let largest = momenta.reduce(0) { max($0, abs($1[index])) }
    let square = momenta.reduce(0) { sum, axis in
      let part = axis[index] / largest
      return sum + part * part
    }
    for axis in momenta.indices {
      momenta[axis][index] = momenta[axis][index] / largest / square.squareRoot() * speedOfLight
    }
  }
}
