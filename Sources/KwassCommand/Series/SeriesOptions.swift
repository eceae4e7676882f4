import KineticTransport

/// The arguments of `kwass series`.
public struct SeriesOptions: Sendable, Equatable {
  /// Files, directories and patterns.
  public var operands: [String]
  /// What each snapshot is compared with.
  public var against: Against
  /// The metric.
  public var distance: DistanceOptions
  /// Whether to print JSON.
  public var isJSON: Bool

  /// What each snapshot of a series is compared with.
  public enum Against: Sendable, Equatable {
    /// The first one.
    case initial
    /// The one before.
    case previous
    /// That of the same time in another series.
    case series(String)
  }

  static let specification =
    [
      OptionSpecification(
        "--against", "initial|previous|SERIES",
        "Compare each snapshot with the first (the default), with the one before, or with that of "
          + "the same time in another series: a directory, a pattern or a file."),
      OptionSpecification(
        "--max", "D",
        "A gate for CI: exit with status 1 when a distance is proved to exceed D, and with 2 when a "
          + "bracket does not tell."),
      DistanceOptions.gateOnlySpecification,
      OptionSpecification("--json", "Print one JSON object instead of comma-separated values."),
    ] + DistanceOptions.metricSpecification + [DistanceOptions.matchSpecification]
    + SnapshotOptions.specification + [.help]

  static let explanation = """
    Prints the distance of snapshots over time. SERIES is a directory, a pattern such as run_%T.h5, a
    file of several iterations, or a number of files. Snapshots are ordered by their physical times,
    which all of them must state and no two may share.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass series", options: Self.specification)
    guard let first = reader.operands.first else {
      throw .operands(command: reader.command, found: 0, requirement: "at least one SERIES")
    }
    operands = reader.operands
    distance = try DistanceOptions(reader, from: first, to: first)
    distance.decidesOnly = reader.has("--gate-only")
    if distance.decidesOnly, distance.maximum == nil {
      throw .missingOption(option: "--max", command: "--gate-only")
    }
    try distance.checkGate()
    against =
      switch reader.text("--against") {
      case nil, "initial"?: .initial
      case "previous"?: .previous
      case let other?: .series(other)
      }
    isJSON = reader.has("--json")
  }
}
