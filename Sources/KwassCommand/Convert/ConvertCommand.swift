import KineticTransport

/// The arguments of `kwass convert`.
struct ConvertOptions: OptionGroup, Equatable {
  /// The snapshot to read.
  var source: String
  /// The file to write.
  var target: String
  /// The box that overrides that of the file.
  var box: BoxOption?
  /// How the snapshot is read and scaled.
  var snapshots: SnapshotOptions
  /// How many particles to draw from it; `nil` for all.
  var subsample: Subsample?
  /// The grid over which the particles are spread.
  var grid: GridOptions
  /// Where to draw the density of what is written.
  var figurePath: String?
  /// What the figure shows.
  var axes: FigureAxes

  static let specification =
    [
      BoxOption.specification(
        "For each position axis its period, or free, after scaling. Overrides the box stated in the file."
      )
    ] + SnapshotOptions.specification + Subsample.specification
    + GridOptions.specification + [
      FigureOutput.option("Also draw the density of what is written")
    ] + FigureAxes.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let paths = try reader.operands(2...2, "two files, IN and OUT")
    (source, target) = (paths[0], paths[1])
    guard SnapshotFormat(path: target)?.isWritable == true else {
      throw .badValue(option: "OUT", value: target, requirement: "a .csv, .npy, .npz or .h5 file")
    }
    guard SnapshotReference.parts(of: source).path != target else {
      throw .conflict("The output \(target) would replace the snapshot of that name.")
    }
    box = try BoxOption(reader)
    snapshots = try SnapshotOptions(reader)
    subsample = try Subsample(reader)
    grid = try GridOptions(reader)
    figurePath = try reader.figure("--figure")
    axes = try FigureAxes(reader, isUsed: figurePath != nil)
    if let figurePath, figurePath == source {
      throw .conflict("The output \(figurePath) would replace the snapshot of that name.")
    }
    // There --velocities is the range of the grid.
    if grid.size != nil { snapshots.reading.velocityComponents = nil }
    if grid.size != nil, SnapshotFormat(path: target) != .npz {
      throw .badValue(option: "OUT", value: target, requirement: "a .npz file, for a grid")
    }
  }
}

/// Runs `kwass convert`.
struct ConvertCommand: Command {
  static let name = "convert"
  static let summary = "Write a snapshot in another format."
  static let synopsis = "IN OUT [options]"
  static let explanation = """
    Reads the snapshot IN and writes it to OUT, in the format that the extension of OUT names. IN
    may be FILE#N, the iteration N of a file that has several. A density on a grid becomes one
    particle for each cell of positive mass; --grid makes particles a density on a grid, the arrays
    f, x and v of an .npz file.
    """
  static let example =
    "run.h5#100 a.npz --species electrons --scale x=um,v=c"

  static let commonOptions = [
    "--box", "--species", "--columns", "--scale", "--subsample", "--seed", "--grid",
    "--figure",
  ]

  let options: ConvertOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    try FigureOutput.check([options.figurePath])
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
    if options.figurePath != nil {
      _ = try options.axes.coordinates(of: measure, file.coordinates)
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
    for fact in file.facts { table.add(fact.name, fact.phrase) }
    table.add("scales", loader.scales.text)
    for note in file.notes { table.add("note", note.sentence) }
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
    try draw(try grid?.density() ?? measure, file.coordinates, on: console)
    return .success
  }

  /// The density of what was written.
  private func draw(
    _ measure: PhaseSpaceMeasure, _ coordinates: CoordinateNames, on console: any Console
  ) throws(CommandFailure) {
    let names = ShortNames.of([options.target])
    try StateFigure(
      title: names[0], names: names, measures: [measure], coordinates: coordinates,
      axes: options.axes
    ).draw(to: options.figurePath, on: console)
  }
}

extension PhaseSpaceGrid {
  /// Its density as particles.
  fileprivate func density() throws(CommandFailure) -> PhaseSpaceMeasure {
    do throws(FlowError) {
      return try measure()
    } catch {
      throw CommandFailure(error)
    }
  }
}
