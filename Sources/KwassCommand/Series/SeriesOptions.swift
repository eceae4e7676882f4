import KineticTransport

/// The arguments of `kwass series`.
struct SeriesOptions: OptionGroup, Equatable {
  /// Files, directories and patterns.
  var operands: [String]
  /// What each snapshot is compared with.
  var against: Against
  /// How distances are measured.
  var measurement: MeasurementOptions
  /// Where to draw the distances over time.
  var figurePath: String?
  /// Whether to print JSON.
  var isJSON: Bool

  /// What each snapshot of a series is compared with.
  enum Against: Sendable, Equatable {
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
          + "the same time in another series: a directory, a pattern or a file.")
    ] + GateOptions.specification + [
      FigureOutput.option("Also draw the distances over time in the band of their brackets"),
      OptionSpecification("--json", "Print one JSON object instead of comma-separated values."),
    ] + MeasurementOptions.specification + [MeasurementOptions.matchSpecification]
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    operands = try reader.operands(1...(.max), "at least one SERIES")
    measurement = try MeasurementOptions(reader, gate: GateOptions(reader))
    against =
      switch reader.text("--against") {
      case nil, "initial"?: .initial
      case "previous"?: .previous
      case let other?: .series(other)
      }
    figurePath = try reader.figure("--figure")
    isJSON = reader.has("--json")
  }
}
