import KineticTransport

/// The options that say how snapshot files are read and scaled; all commands that read have them.
public struct SnapshotOptions: Sendable, Equatable {
  /// Choices for files that leave some.
  public var reading = ReadingOptions()
  /// The factors of positions and velocities.
  public var scale = (position: 1.0, velocity: 1.0)
  /// What sets further factors.
  public var normalization: Normalization?
  /// ω_p for `.debye`.
  public var plasmaFrequency: Double?

  /// What coordinates are divided by. The numbers come from the first snapshot that is read and
  /// hold for all of them.
  public enum Normalization: String, Sendable, CaseIterable {
    /// Each position axis by its period.
    case box
    /// Positions by the Debye length v_th/ω_p, velocities by v_th, their standard deviation.
    case debye
    /// Positions and velocities each by their standard deviation.
    case std
  }

  /// What becomes of something that may be superfluous.
  private enum Fate: String, CaseIterable { case drop, keep }

  static let specification = [
    OptionSpecification(
      "--species", "NAME", "The species to read; needed where a file has several."),
    OptionSpecification(
      "--momentum", "velocity|momentum",
      "Turn momenta into velocities with mass and gamma (the default), or keep them."),
    OptionSpecification(
      "--positions", "x,y,...", "The position components to read. Default: all of them."),
    OptionSpecification(
      "--velocities", "x,y,...", "The velocity components to read. Default: all of them."),
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
      "--scale", "x=A,v=B",
      "Multiply positions by A and velocities by B; or name the units to measure in, such as "
        + "x=mm,v=keV/c, for files in SI units."),
    OptionSpecification(
      "--normalize", "box|debye|std",
      "Divide each position axis by its period, or positions by the Debye length and velocities "
        + "by their standard deviation, or both by their standard deviations; those of the first "
        + "snapshot hold for all."),
    OptionSpecification(
      "--plasma-frequency", "W",
      "For --normalize debye: the Debye length is the standard deviation of the velocities over W."
    ),
  ]

  /// How files are read by default.
  public init() {}

  /// Two of them are equal when everything in them is.
  public static func == (left: SnapshotOptions, right: SnapshotOptions) -> Bool {
    left.reading == right.reading && left.scale == right.scale
      && left.normalization == right.normalization && left.plasmaFrequency == right.plasmaFrequency
  }

  init(_ reader: ArgumentReader) throws(UsageError) {
    reading.species = reader.text("--species")
    reading.momentum = try reader.choice("--momentum") ?? .velocity
    reading.positionComponents = reader.names("--positions")
    reading.velocityComponents = reader.names("--velocities")
    reading.includesLost = try reader.choice("--lost", Fate.self) == .keep
    reading.gridPositionAxes = try reader.integer(
      "--position-axes", "a whole number from 1 to 6", in: 1...6)
    reading.subcells =
      try reader.integer("--subcells", "a whole number from 1 to 64", in: 1...64) ?? 1
    reading.dropsPeriodicEnd = try reader.choice("--periodic-end", Fate.self) == .drop
    if let text = reader.text("--dataset") {
      guard let mapping = DatasetMapping(text) else {
        throw .badValue(
          option: "--dataset", value: text, requirement: DatasetMapping.notation)
      }
      reading.datasets = mapping
    }
    scale = try reader.scale("--scale")
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

  /// Factors, or units to divide by.
  fileprivate func scale(
    _ option: String
  ) throws(UsageError) -> (position: Double, velocity: Double) {
    var scale = (position: 1.0, velocity: 1.0)
    guard let text = text(option) else { return scale }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1)
      let size = sides.last.flatMap { name in UnitOfMeasurement.all.first { $0.name == name }?.size
      }
      let factor = size.map { 1 / $0 } ?? sides.last.flatMap { Double($0) }
      guard sides.count == 2, sides[0] == "x" || sides[0] == "v", let factor, factor > 0,
        factor.isFinite
      else {
        throw .badValue(
          option: option, value: text,
          requirement: "x=A or v=B or both, each a positive number or a unit "
            + "(\(UsageError.list(UnitOfMeasurement.all.map(\.name))))")
      }
      if sides[0] == "x" { scale.position = factor } else { scale.velocity = factor }
    }
    return scale
  }
}
