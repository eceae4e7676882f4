/// Where particles that a file has at different times or places are brought together, each along a straight
/// line with its own velocity.
///
/// A screen has all particles at one z, each at its own time, and a code in the laboratory frame has all of them
/// at one time; only after a drift can the two be compared, and only then is the length of a bunch seen in both.
public enum Drift: Sendable, Hashable {
  /// To one time in s; `nil` for the mean time of the particles, by weight.
  case time(Double?)
  /// To one plane z in m; `nil` for the mean z of the particles, by weight.
  case plane(Double?)

  /// How a drift is written.
  public static let notation = "t or z, or a time or place in SI units such as t=1e-9 or z=0.5"

  /// A drift as it is written; `nil` for what is none.
  public init?(_ text: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    var value: Double?
    if sides.count == 2 {
      guard let number = Double(sides[1]), number.isFinite else { return nil }
      value = number
    }
    switch sides[0] {
    case "t": self = .time(value)
    case "z": self = .plane(value)
    default: return nil
    }
  }
}
