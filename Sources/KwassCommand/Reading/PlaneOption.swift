import KineticTransport

/// The coordinates that `--plane` names, as beam physics writes them.
struct PlaneOption {
  private(set) var positions: [String] = []
  private(set) var velocities: [String] = []
  /// What the velocities are; `nil` where there are none.
  private(set) var momentum: ReadingOptions.MomentumUse?

  /// Whether the deviation of the momentum is one of them.
  private(set) var namesDelta = false

  /// The deviation of the momentum from that of the reference particle.
  private static let delta = "delta"

  static let specification = OptionSpecification(
    "--plane", "x,px,...",
    "The coordinates to read: positions such as x, the place s along a lattice or the time t of each "
      + "particle; and velocities vx, momenta px, ux = px/(mc), slopes xp = px/pz or, with --reference, "
      + "qx = px/p0; beside these two also delta = (p - p0)/p0. In place of --positions, --velocities and "
      + "--momentum.")

  /// - Throws: `UsageError` for names that are none, and for velocities of several kinds.
  init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--plane") else { return nil }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for name in names {
      if name == Self.delta {
        velocities.append("z")
        continue
      }
      guard let (kind, axis) = Self.velocity(name) else {
        positions.append(name)
        continue
      }
      velocities.append(axis)
      guard momentum == nil || momentum == kind else {
        throw .conflict("--plane \(text) names velocities of two kinds; choose one.")
      }
      momentum = kind
    }
    if names.contains(Self.delta) {
      guard [nil, .slope, .relative].contains(momentum), velocities.count(where: { $0 == "z" }) == 1
      else { throw .conflict("--plane \(text) names velocities of two kinds; choose one.") }
      namesDelta = true
      momentum = momentum ?? .relative
    }
    guard !positions.isEmpty, !names.contains(""), Set(names).count == names.count else {
      throw .badValue(
        option: "--plane", value: text,
        requirement:
          "different coordinates with commas between, at least one of them a position, such "
          + "as x,px or t,uz")
    }
    let others = ["--positions", "--velocities", "--momentum"].map { ($0, reader.text($0) != nil) }
    if let other = others.first(where: \.1)?.0 {
      throw .conflict("--plane says what \(other) says; choose one.")
    }
  }

  /// The kind of a velocity and its axis; `nil` for a position.
  private static func velocity(_ name: String) -> (ReadingOptions.MomentumUse, String)? {
    let axis = String(name.dropFirst())
    guard let first = name.first, !axis.isEmpty else { return nil }
    if axis == "'" || axis == "p" { return (.slope, String(first)) }
    return switch first {
    case "v": (.velocity, axis)
    case "p": (.momentum, axis)
    case "u": (.betaGamma, axis)
    case "q" where axis != "z": (.relative, axis)
    default: nil
    }
  }
}
