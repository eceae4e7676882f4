/// The particle from which the coordinates of a beam are measured.
public enum ReferenceParticle: String, Sendable, CaseIterable {
  /// The mean of the particles, by weight, of each coordinate by itself; its p₀ is the mean of |p|.
  case mean
  /// The one that the file states: `positionOffset`, `timeOffset`, `momentumOffset` and
  /// `totalMomentumOffset` of BeamPhysics.
  case file
}
