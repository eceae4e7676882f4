import KineticTransport

/// The arguments of `kwass evolve`.
public struct EvolveOptions: Sendable, Equatable {
  /// The snapshot to start from.
  public var path: String
  /// The equation and the method.
  var system: FlowSystem
  /// The last time.
  public var until: Double
  /// The time between snapshots; `nil` for the last one alone.
  public var every: Double?
  /// A file, or a folder for a series of snapshots.
  public var output: String
  /// The format of the snapshots in a folder.
  public var format: SnapshotFormat
  /// Whether to go on from what a run has left there.
  public var resumes: Bool
  /// The box to use instead of the snapshot's own.
  public var box: [Axis]?

  static let specification =
    FlowSystem.specification + [
      OptionSpecification("--until", "T", "The time to reach, in the unit of the snapshot's own."),
      OptionSpecification(
        "--every", "S", "Also write at each multiple of S on the way. Default: at the end alone."),
      OptionSpecification(
        "-o", "DIR|FILE",
        "A folder for a series of snapshots, or one .csv, .npz or .h5 file that is replaced each time."
      ),
      OptionSpecification(
        "--format", "npz|csv|h5", "The format of the snapshots in a folder. Default: npz."),
      OptionSpecification(
        "--resume",
        "Go on from the last snapshot in the output, to the same bits as without a stop."
      ),
      OptionSpecification(
        "--box", "1,free,...",
        "For each position axis its period, or free. Wins over what the file states."),
      OptionSpecification.help,
    ]

  static let explanation = """
    Follows the characteristics of a Vlasov equation, x' = v and v' = the force, from the SNAPSHOT
    (.csv, .npy, .npz or .h5), and writes snapshots. Masses are normalised to 1. Positions on periodic
    axes are written unwrapped, so that they show the way that particles have gone; whatever reads
    a snapshot wraps them. Energy and momentum are printed for each snapshot.
    """

  static let example =
    "kwass evolve a.npz --system vlasov-poisson --epsilon .1 --until 1 --every .25 -o run"

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass evolve", options: Self.specification)
    guard reader.operands.count == 1 else {
      throw .operands(
        command: reader.command, found: reader.operands.count, requirement: "one snapshot file")
    }
    path = reader.operands[0]
    system = try FlowSystem(reader)
    guard let until = try reader.number("--until") else {
      throw .missingOption(option: "--until", command: reader.command)
    }
    self.until = until
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    guard let output = reader.text("-o") else {
      throw .missingOption(option: "-o", command: reader.command)
    }
    self.output = output
    guard SnapshotFormat(path: output) != .npy else {
      throw .badValue(
        option: "-o", value: output,
        requirement: "a folder, or a .csv, .npz or .h5 file (.npy has no place for time and box)")
    }
    let format = try reader.choice("--format", SeriesFormat.self)
    guard format == nil || SnapshotFormat(path: output) == nil else {
      throw .conflict("The name of the file \(output) tells its format; --format is for folders.")
    }
    self.format = format?.format ?? .npz
    resumes = reader.has("--resume")
    box = try reader.axes("--box")
    if output == path {
      throw .conflict("The output \(output) would replace the snapshot of that name.")
    }
  }
}

/// The formats that have a place for all that a series states.
private enum SeriesFormat: String, CaseIterable {
  case npz, csv, h5

  var format: SnapshotFormat {
    switch self {
    case .npz: .npz
    case .csv: .csv
    case .h5: .hdf5
    }
  }
}
