import KineticTransport

/// The arguments of `kwass evolve`.
struct EvolveOptions: OptionGroup, Equatable {
  /// The snapshot to start from.
  var path: String
  /// The equation and the method.
  var system: FlowSystem
  /// What is followed.
  var representation: Representation
  /// Whether a grid starts from ρM.
  var isWellPrepared: Bool
  /// The grid over which particles are spread.
  var grid: GridOptions
  /// The last time.
  var until: Double
  /// The time between snapshots; `nil` for the last one alone.
  var every: Double?
  /// A file, or a folder for a series of snapshots.
  var output: String
  /// The format of the snapshots in a folder.
  var format: SnapshotFormat
  /// Whether to go on from what a run has left there.
  var resumes: Bool
  /// Whether to go back to the start at the end, to see how reversible the run was.
  var reverses: Bool
  /// Where to draw positions and velocities as arrows.
  var figure: String?
  /// Where to draw how far velocities are apart.
  var spreadFigure: String?
  /// The box to use instead of the snapshot's own.
  var box: BoxOption?

  static let specification =
    FlowSystem.specification + [
      OptionSpecification(
        "--representation", Representation.allCases.map(\.rawValue).joined(separator: "|"),
        "Follow particles (the default), or a density on a grid of one position and one velocity "
          + "axis: an .npz file with the arrays f, x and v, or what --grid makes of particles. "
          + "Semi-Lagrangian; for vfp, mckean-vlasov, bgk and swarm by modes of the velocities."),
      OptionSpecification(
        "--well-prepared",
        "Start vfp, bgk and swarm on a grid from rho M, with the density rho of the SNAPSHOT and the "
          + "equilibrium M, as mckean-vlasov and --epsilon 0 do anyway."),
    ] + GridOptions.specification + [
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
        "Go on from the last snapshot in the output, to the same bits as without a stop; a run with "
          + "other settings or another start is refused."
      ),
      OptionSpecification(
        "--reverse",
        "At the end also go back to the start, and print how far from it that leads."),
      FigureOutput.option(
        "Also draw particles of two or more dimensions as arrows along their velocities, at the first, the "
          + "middle and the last of the snapshots"),
      FigureOutput.option(
        "Also draw the spread of the velocities of particles over time, for each group of equal masses "
          + "where there are up to four", named: "--spread-figure"),
      BoxOption.specification(
        "For each position axis its period, or free. Overrides the box stated in the file."),
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    path = try reader.operands(1...1, "one snapshot file")[0]
    system = try FlowSystem(reader)
    until = try reader.required(reader.number("--until"), "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    output = try reader.required(reader.text("-o"), "-o")
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
    representation = try reader.choice("--representation") ?? .particles
    grid = try GridOptions(reader)
    isWellPrepared = reader.has("--well-prepared")
    switch representation {
    case .particles where grid.size != nil:
      throw .conflict("--grid goes only with --representation grid.")
    case .grid where system.stepError != nil:
      throw .conflict("--step-error goes only with --representation particles.")
    case .grid where self.format != .npz:
      throw .conflict(
        "A grid is written as npz; --format csv or h5 goes only with "
          + "--representation particles.")
    case .grid where ![nil, .npz].contains(SnapshotFormat(path: output)):
      throw .badValue(
        option: "-o", value: output, requirement: "a folder or a .npz file, for a grid")
    default: break
    }
    resumes = reader.has("--resume")
    reverses = reader.has("--reverse")
    figure = try reader.figure("--figure")
    spreadFigure = try reader.figure("--spread-figure")
    box = try BoxOption(reader)
    try checkAgents()
    if output == path {
      throw .conflict("The output \(output) would replace the snapshot of that name.")
    }
  }
}

extension EvolveOptions {
  private func checkAgents() throws(UsageError) {
    if isWellPrepared, representation != .grid || !system.kind.isRelaxing {
      throw .conflict(
        "--well-prepared goes only with --representation grid and vfp, mckean-vlasov, bgk or swarm."
      )
    }
    if system.kind == .bgk, representation != .grid {
      throw .conflict("--system bgk is solved on a grid alone; add --representation grid.")
    }
    if representation == .grid, figure != nil || spreadFigure != nil {
      throw .conflict(
        "\(figure != nil ? "--figure" : "--spread-figure") draws particles; it goes only with "
          + "--representation particles.")
    }
    guard system.kind.isAdaptive || system.kind.isNoisy || system.kind.isRelaxing else { return }
    if reverses {
      throw .conflict(
        "--reverse does not go with --system \(system.kind.rawValue), which is followed forwards alone."
      )
    }
    if representation == .grid, system.alignment?.lattice != nil {
      throw .conflict(
        "--lattice goes only with --representation particles; here it is that of --grid.")
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
