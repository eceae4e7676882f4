/// Units that lengths, times, velocities, momenta and slopes may be asked for in.
public enum UnitOfMeasurement {
  /// Names and sizes in SI units. One electronvolt and the speed of light are exact (SI 2019).
  public static let all: [(name: String, size: Double)] = [
    ("m", 1), ("km", 1e3), ("cm", 1e-2), ("mm", 1e-3), ("um", 1e-6), ("nm", 1e-9),
    ("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("ps", 1e-12), ("fs", 1e-15),
    ("rad", 1), ("mrad", 1e-3), ("urad", 1e-6),
    ("m/s", 1), ("km/s", 1e3), ("c", ParticleSpecies.speedOfLight),
    ("kg*m/s", 1), ("eV/c", electronvoltOverC), ("keV/c", 1e3 * electronvoltOverC),
    ("MeV/c", 1e6 * electronvoltOverC), ("GeV/c", 1e9 * electronvoltOverC),
  ]

  private static let electronvoltOverC = 1.602_176_634e-19 / ParticleSpecies.speedOfLight
}
