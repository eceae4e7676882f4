/// The arguments of `kwass info`.
struct InfoOptions: OptionGroup, Equatable {
  /// The files to describe.
  var paths: [String]

  /// How they are read and scaled.
  var snapshots: SnapshotOptions

  /// Where to draw the particles in phase space.
  var phaseFigure: String?

  static let specification =
    SnapshotOptions.specification + [
      OptionSpecification(
        "--phase-figure", "FILE",
        "Also draw the particles of all snapshots in the plane of x1 and v1: .svg or .png.")
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    paths = try reader.operands(1...(.max), "at least one file as argument")
    snapshots = try SnapshotOptions(reader)
    phaseFigure = try reader.figure("--phase-figure")
  }
}
