import KineticTransport

/// The options that say how snapshot files are read and scaled; all commands that read have them.
struct SnapshotOptions: OptionGroup, Equatable {
  /// Choices for files that leave some.
  var reading = ReadingOptions()
  /// The factors of the axes.
  var scale = AxisFactors()
  /// What sets further factors.
  var normalization: NormalizationChoice?
  /// ω_p for `.debye`.
  var plasmaFrequency: Double?

  /// What becomes of something that may be superfluous.
  private enum DropOrKeep: String, CaseIterable { case drop, keep }

  /// What stands before the decimals of a number.
  private enum DecimalMark: String, CaseIterable { case point, comma }

  static let specification = [
    OptionSpecification(
      "--species", "NAME", "The species to read; needed where a file has several."),
    OptionSpecification(
      "--momentum", ReadingOptions.MomentumUse.allCases.map(\.rawValue).joined(separator: "|"),
      "Turn momenta into velocities with mass and gamma (the default), keep them, or divide them by mc, "
        + "by the one along z, or by that of the reference particle."),
    OptionSpecification(
      "--positions", "x,y,...", "The position components to read. Default: all of them."),
    OptionSpecification(
      "--velocities", "x,y,...", "The velocity components to read. Default: all of them."),
    PlaneOption.specification,
    OptionSpecification(
      "--drift", "t|t=T|z|z=Z",
      "Move particles of an openPMD file along straight lines to one time or to one plane z, in SI "
        + "units; t and z alone stand for the mean of the particles. Default: where the file has them."
    ),
    OptionSpecification(
      "--reference", ReferenceParticle.allCases.map(\.rawValue).joined(separator: "|"),
      "Measure positions, times and momenta of an openPMD file from a reference particle: the mean of the "
        + "particles, or the one that the file states by its offsets. Default: from the origin."),
    OptionSpecification(
      "--lost", "drop|keep", "Particles that are marked as lost. Default: drop."),
    OptionSpecification(
      "--position-axes", "N", "How many of the axes of a grid are positions."),
    OptionSpecification(
      "--subcells", "N",
      "Sample a modal expansion by its means over N parts of a cell on each axis. Default: 1, "
        + "the cell means."),
    OptionSpecification(
      "--dataset", "x=PATH,v=PATH,...",
      "Where an HDF5 file of no standard has its arrays: x, v, weight and id of particles, or the "
        + "density f on a grid with the nodes x and v, and time; gysela is a preset."),
    OptionSpecification(
      "--periodic-end", "keep|drop",
      "Whether the last node of each position axis of a grid f repeats the first one and is to be "
        + "dropped. Default: keep."),
    OptionSpecification(
      "--columns", "x,x,v,-,...",
      "What each column of a .npy, .npz or .csv file holds that does not name them: x, v, weight, id, "
        + "or - for one to leave out."),
    OptionSpecification(
      "--points", "Take every column of such a file for a position."),
    OptionSpecification(
      "--separator", CSVSeparator.allCases.map(\.rawValue).joined(separator: "|"),
      "What stands between the fields of a text. Default: what its first line shows."),
    OptionSpecification(
      "--decimal", "point|comma", "What stands before the decimals in a text. Default: point."),
    OptionSpecification(
      "--scale", "x=A,v=B,x2=C,...",
      "Multiply positions by A, velocities by B and a single axis by C; or name the units to measure "
        + "in, such as x=mm,v=keV/c, for files in SI units."),
    OptionSpecification(
      "--normalize", "box|debye|std|std-block",
      "Divide each position axis by its period, or positions by the Debye length and velocities by "
        + "their standard deviation, or each axis by its standard deviation, or all positions by one "
        + "and all velocities by one; those of the first snapshot hold for all."),
    OptionSpecification(
      "--plasma-frequency", "W",
      "For --normalize debye: the Debye length is the standard deviation of the velocities over W."
    ),
  ]

  /// How files are read by default.
  init() {}

  init(_ reader: ArgumentReader) throws(UsageError) {
    reading.species = reader.text("--species")
    reading.momentum = try reader.choice("--momentum") ?? .velocity
    reading.positionComponents = reader.names("--positions")
    reading.velocityComponents = reader.names("--velocities")
    let plane = try PlaneOption(reader)
    if let plane {
      (reading.positionComponents, reading.velocityComponents) = (plane.positions, plane.velocities)
      reading.momentum = plane.momentum ?? .velocity
    }
    if let text = reader.text("--drift") {
      guard let drift = Drift(text) else {
        throw .badValue(option: "--drift", value: text, requirement: Drift.notation)
      }
      reading.drift = drift
    }
    reading.reference = try reader.choice("--reference")
    if reading.momentum == .relative || plane?.namesDelta ?? false, reading.reference == nil {
      throw .conflict(
        "Momenta relative to those of a reference particle need --reference mean or file.")
    }
    reading.includesLost = try reader.choice("--lost", DropOrKeep.self) == .keep
    reading.gridPositionAxes = try reader.integer(
      "--position-axes", "a whole number from 1 to 6", in: 1...6)
    reading.subcells =
      try reader.integer("--subcells", "a whole number from 1 to 64", in: 1...64) ?? 1
    reading.dropsPeriodicEnd = try reader.choice("--periodic-end", DropOrKeep.self) == .drop
    if let text = reader.text("--dataset") {
      guard let mapping = DatasetMapping(text) else {
        throw .badValue(
          option: "--dataset", value: text, requirement: DatasetMapping.notation)
      }
      reading.datasets = mapping
    }
    if let text = reader.text("--columns") {
      guard let list = ColumnList(text) else {
        throw .badValue(option: "--columns", value: text, requirement: ColumnRoles.notation)
      }
      reading.columns = .list(list)
    }
    if reader.has("--points") {
      guard reading.columns == nil else {
        throw .conflict("--points takes every column for a position; --columns cannot go with it.")
      }
      reading.columns = .points
    }
    reading.separator = try reader.choice("--separator")
    reading.hasDecimalComma = try reader.choice("--decimal", DecimalMark.self) == .comma
    scale = try AxisFactors(reader, "--scale")
    normalization = try reader.choice("--normalize")
    plasmaFrequency = try reader.number("--plasma-frequency", "a positive number") { $0 > 0 }
    if (normalization == .debye) != (plasmaFrequency != nil) {
      throw .conflict("--normalize debye and --plasma-frequency need each other.")
    }
  }
}

extension ArgumentReader {
  fileprivate func names(_ option: String) -> [String]? {
    text(option)?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
