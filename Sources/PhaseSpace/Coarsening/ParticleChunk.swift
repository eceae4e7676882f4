import OptimalTransport

/// Some of the particles of a state, as they come from a file or a simulation: coordinates and masses as
/// given, checked.
public struct ParticleChunk: Sendable {
  /// The number of particles; may be 0.
  public let count: Int
  /// For each position axis the coordinates of these particles.
  public let positions: [[Double]]
  /// For each velocity axis the coordinates of these particles; may be none.
  public let velocities: [[Double]]
  /// The masses of these particles in the unit of the whole state; `nil` where all particles have the
  /// same.
  public let masses: [Double]?

  /// A chunk from one array for each coordinate.
  ///
  /// - Parameters:
  ///   - positions: for each position axis (at least one) the coordinates of the particles.
  ///   - velocities: for each velocity axis the coordinates of the particles; may be empty.
  ///   - masses: one nonnegative mass for each particle; `nil` for equal masses.
  /// - Throws: `PhaseSpaceError` for arrays of different lengths, coordinates that are not finite and
  ///   masses that are not finite or negative.
  /// - Complexity: O(n).
  public init(
    positions: [[Double]], velocities: [[Double]], masses: [Double]? = nil
  ) throws(PhaseSpaceError) {
    guard let first = positions.first else { throw .measure(.noAxes) }
    for (axis, values) in (positions + velocities).enumerated() {
      guard values.count == first.count else {
        throw .measure(.axisCountMismatch(axis: axis, expected: first.count, found: values.count))
      }
      if let bad = NumberRule.finite.firstViolation(in: values) {
        throw .badCoordinate(
          name: axis < positions.count ? "x\(axis + 1)" : "v\(axis - positions.count + 1)",
          particle: bad, value: values[bad])
      }
    }
    if let masses {
      guard masses.count == first.count else {
        throw .measure(.massCountMismatch(expected: first.count, found: masses.count))
      }
      if let bad = NumberRule.finiteNonnegative.firstViolation(in: masses) {
        throw .measure(.badMass(point: bad, value: masses[bad]))
      }
    }
    count = first.count
    self.positions = positions
    self.velocities = velocities
    self.masses = masses
  }
}
