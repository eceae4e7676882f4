/// On which side of a threshold a distance lies, as far as its bracket proves it.
public enum GateVerdict: String, Sendable, CaseIterable {
  /// The upper end is at most the threshold.
  case within
  /// The lower end is above the threshold.
  case above
  /// The threshold lies inside the bracket.
  case undecided

  /// The verdict that a bracket allows.
  public init(of bounds: ProvedBounds, threshold: Double) {
    self =
      bounds.lower > threshold ? .above : bounds.upper <= threshold ? .within : .undecided
  }
}
