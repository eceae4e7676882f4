import PhaseSpace

extension PhaseSpaceGrid {
  /// The velocities for a grid that is to hold a measure while it moves: those of its particles, and a
  /// part of their range beyond on either side.
  ///
  /// - Parameters:
  ///   - measure: whose velocities must fit.
  ///   - margin: the part; particles of one velocity get 1 on either side.
  /// - Complexity: O(n).
  public static func velocityRange(
    of measure: PhaseSpaceMeasure, margin: Double = 0.25
  ) -> ClosedRange<Double> {
    guard measure.velocityDimension > 0 else { return -1...1 }
    let velocities = measure.velocity(0)
    let (lowest, highest) = (velocities.min() ?? 0, velocities.max() ?? 0)
    let beyond = highest > lowest ? (highest - lowest) * margin : 1
    return (lowest - beyond)...(highest + beyond)
  }
}
