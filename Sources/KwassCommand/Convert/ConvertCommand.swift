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

  static let specification =
    [
      OptionSpecification(
        "--box", "1,free,...",
        "For each position axis its period, or free, after scaling. Wins over what the file states."
      )
    ] + SnapshotOptions.specification + Subsample.specification + [.help]

  static let explanation = """
    Reads the snapshot IN and writes it to OUT, in the format that the extension of OUT names. IN
    may be FILE#N, the iteration N of a file that has several.
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
    var loader = SnapshotLoader(options.snapshots, progress)
    let file = try loader.load(options.source)
    var snapshot = file.snapshot
    if let subsample = options.subsample {
      snapshot = subsample.drawn(from: snapshot, repetition: 0)
    }
    if let axes = options.box {
      do throws(DomainError) {
        snapshot.box = try Domain(axes)
      } catch {
        throw CommandFailure(.usage, error.description)
      }
    }
    progress.begin("writing")
    try checked { () throws(SnapshotError) in
      try SnapshotFile.write(snapshot, to: options.target)
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
    if !omissions.isEmpty {
      table.add("note", "There is no place for \(omissions.joined(separator: " and ")).")
    }
    try console.print(
      "\(options.target): \(count(snapshot.count, "particle", "particles")) of \(options.source) in "
        + "\(snapshot.positions.count) position and \(snapshot.velocities.count) velocity "
        + "coordinates\n" + table.text(indentedBy: 2))
    return .success
  }
}
