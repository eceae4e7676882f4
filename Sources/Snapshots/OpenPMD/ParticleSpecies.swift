/// Properties of elementary particles, in SI units (CODATA 2018).
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
}
