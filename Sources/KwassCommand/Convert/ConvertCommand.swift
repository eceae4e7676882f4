import KineticTransport

/// The arguments of `kwass convert`.
public struct ConvertOptions: Sendable, Equatable {
  /// The snapshot to read.
  public var source: String
  /// The file to write.
  public var target: String
  /// The box that wins over that of the file.
  public var box: [Axis]?
  /// How the snapshot is read and scaled.
  public var snapshots: SnapshotOptions
  /// How many particles to draw from it; `nil` for all.
  public var subsample: Subsample?
  /// The grid over which the particles are spread.
  var grid: GridOptions

  static let specification =
    [
      OptionSpecification(
        "--box", "1,free,...",
        "For each position axis its period, or free, after scaling. Wins over what the file states."
      )
    ] + SnapshotOptions.specification + Subsample.specification
    + GridOptions.specification + [.help]

  static let explanation = """
    Reads the snapshot IN and writes it to OUT, in the format that the extension of OUT names. IN
    may be FILE#N, the iteration N of a file that has several. A density on a grid becomes one
    particle for each cell of positive mass; --grid makes particles a density on a grid, the arrays
    f, x and v of an .npz file.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass convert", options: Self.specification)
    guard reader.operands.count == 2 else {
      throw .operands(
        command: reader.command, found: reader.operands.count, requirement: "two files, IN and OUT")
    }
    (source, target) = (reader.operands[0], reader.operands[1])
    guard SnapshotFormat(path: target)?.isWritable == true else {
      throw .badValue(option: "OUT", value: target, requirement: "a .csv, .npy, .npz or .h5 file")
    }
    guard SnapshotReference.parts(of: source).path != target else {
      throw .conflict("The output \(target) would replace the snapshot of that name.")
    }
    box = try reader.axes("--box")
    snapshots = try SnapshotOptions(reader)
    subsample = try Subsample(reader)
    grid = try GridOptions(reader)
    if grid.size != nil, SnapshotFormat(path: target) != .npz {
      throw .badValue(option: "OUT", value: target, requirement: "a .npz file, for a grid")
    }
  }
}

/// Runs `kwass convert`.
struct ConvertCommand {
  private let options: ConvertOptions
  private let console: any Console

  init(_ options: ConvertOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    var loader = SnapshotLoader(options.snapshots, box: options.box, progress)
    let file = try loader.load(options.source)
    var snapshot = file.snapshot
    if let subsample = options.subsample {
      snapshot = subsample.drawn(from: snapshot, repetition: 0)
    }
    progress.begin("writing")
    let measure = try attempt { () throws(SnapshotError) in
      try file.replacing(snapshot).measure()
    }
    let grid = try options.grid.grid(of: measure)
    try attempt { () throws(SnapshotError) in
      if let grid {
        try grid.file().write(to: options.target)
      } else {
        try SnapshotFile.write(snapshot, to: options.target)
      }
    }
    progress.finish()
    var table = Table()
    for fact in file.facts { table.add(fact.name, fact.text) }
    table.add("scales", loader.scales.text)
    for note in file.notes { table.add("note", note) }
    if SnapshotFormat(path: options.target) == .hdf5 {
      table.add(
        "note",
        "The numbers are written as they stand, and the file calls them metres and metres a second."
      )
    }
    let omissions = SnapshotFormat(path: options.target)?.omissions(of: snapshot) ?? []
    if let grid {
      table.add(
        "grid",
        "\(grid.positionCount) positions and \(grid.velocityCount) velocities from "
          + "\(grid.velocityRange.lowerBound) to \(grid.velocityRange.upperBound), integral 1")
    } else if !omissions.isEmpty {
      table.add("note", "There is no place for \(omissions.joined(separator: " and ")).")
    }
    try console.print(
      "\(options.target): \(count(snapshot.count, "particle", "particles")) of \(options.source) in "
        + "\(snapshot.positions.count) position and \(snapshot.velocities.count) velocity "
        + "coordinates\n" + table.text(indentedBy: 2))
    return .success
  }
}
