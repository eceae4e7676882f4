/// The arguments of `kwass info`.
struct InfoOptions: OptionGroup, Equatable {
  /// The files to describe.
  var paths: [String]

  /// How they are read and scaled.
  var snapshots: SnapshotOptions

  /// Whether to print JSON.
  var isJSON: Bool

  /// Where to draw the densities of the snapshots.
  var figure: String?
  /// What the figure shows.
  var axes: FigureAxes

  static let specification =
    [OptionSpecification("--json", "Print one JSON object.")] + SnapshotOptions.specification + [
      FigureOutput.option(
        "Also draw the densities of all snapshots, and for two of them their difference",
        formerly: "--phase-figure")
    ] + FigureAxes.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    paths = try reader.operands(1...(.max), "at least one file as argument")
    snapshots = try SnapshotOptions(reader)
    isJSON = reader.has("--json")
    figure = try reader.figure("--figure")
    axes = try FigureAxes(reader, isUsed: figure != nil)
  }
}
