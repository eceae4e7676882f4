/// The arguments of `kwass info`.
public struct InfoOptions: Sendable, Equatable {
  /// The files to describe.
  public var paths: [String]

  /// How they are read and scaled.
  public var snapshots: SnapshotOptions

  /// Where to draw the particles in phase space.
  var phaseFigure: String?

  static let specification =
    SnapshotOptions.specification + [
      OptionSpecification(
        "--phase-figure", "FILE",
        "Also draw the particles of all snapshots in the plane of x1 and v1: .svg or .png."),
      .help,
    ]

  static let explanation = """
    Says what is in each FILE and how it is understood: format and dialect, species, counts, masses,
    time, box, units, what was assumed, and for each coordinate its range, mean and standard
    deviation. FILE#N names the iteration N of a file that has several.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass info", options: Self.specification)
    guard !reader.operands.isEmpty else {
      throw .operands(
        command: "kwass info", found: 0, requirement: "at least one file as argument")
    }
    paths = reader.operands
    snapshots = try SnapshotOptions(reader)
    phaseFigure = try reader.figure("--phase-figure")
  }
}
