import KineticTransport

/// The arguments of `kwass sample`.
struct SampleOptions: OptionGroup, Equatable {
  /// The name of the family.
  var family: String
  /// The number of particles.
  var count: Int
  /// The seed.
  var seed: UInt64
  /// The number of position and of velocity coordinates.
  var dimension: Int
  /// Whether even points take the place of random ones.
  var isQuiet: Bool
  /// Whether the particles are numbered.
  var hasIDs: Bool
  /// The grid of a density that is written instead of particles.
  var grid: GridOptions
  /// The values of parameters, by name.
  var parameters: [String: Double]
  /// The file to write.
  var path: String

  /// More particles than this are a slip of the keyboard.
  private static let largestCount = 1_000_000_000

  static let specification = [
    OptionSpecification("--count", "N", "The number of particles."),
    OptionSpecification(
      "--seed", "S", "A whole number; the same seed gives the same sample on every machine."),
    OptionSpecification("-o", "FILE", "The file to write: .csv, .npy, .npz or .h5."),
    OptionSpecification("--ids", "Number the particles, for --match id of other commands."),
    OptionSpecification(
      "--dimension", "D", "The number of position and of velocity coordinates. Default: 1."),
    OptionSpecification(
      "--quiet-start", "Even points instead of random ones: less noise for the same number."),
    OptionSpecification(
      "--grid", "N,M",
      "Write the density itself on a grid of N positions and M velocities, both even, as an .npz file, "
        + "instead of particles. For \(UsageError.list(families.map(\.name))), in one dimension."),
    OptionSpecification(
      "--velocities", "A:B",
      "The velocities between which the grid lies. Default: all that matter, to 9.5 thermal speeds from "
        + "the means."),
  ]

  /// The families with a density.
  private static let families = SampleFamily.all.filter(\.hasDensity)

  /// An option for each parameter of a family.
  static let parameterOptions = Set(
    SampleFamily.all.flatMap { $0.parameters.map { "--\($0.name)" } }
  ).sorted().map { OptionSpecification($0, "X", "") }

  init(_ reader: ArgumentReader) throws(UsageError) {
    let parameterNames = Self.parameterOptions.map(\.name)
    let families = SampleFamily.all.map(\.name) + [TwoFlocks.name]
    guard let name = reader.operands.first, reader.operands.count == 1 else {
      throw .operands(
        command: reader.command, found: reader.operands.count,
        requirement: "one NAME (\(UsageError.list(families)))")
    }
    guard name != TwoFlocks.name else {
      self = try SampleOptions(twoFlocks: reader, strangers: parameterNames)
      return
    }
    guard let family = SampleFamily.named(name) else {
      throw .badValue(
        option: "NAME", value: name,
        requirement: UsageError.list(families) + Spelling.hint(for: name, among: families))
    }
    self.family = name
    parameters = [:]
    for option in parameterNames {
      guard let value = try reader.number(option) else { continue }
      parameters[String(option.dropFirst(2))] = value
    }
    if let stranger = parameters.keys.sorted().first(where: { key in
      !family.parameters.contains { $0.name == key }
    }) {
      let own = family.parameters.map { "--\($0.name)" }
      throw .conflict(
        "The sample \(name) has no parameter --\(stranger); it has \(UsageError.list(own)).")
    }
    grid = try GridOptions(reader)
    guard grid.size == nil else {
      let others = ["--count", "--seed", "--dimension"].filter { reader.text($0) != nil }
      let flags = ["--quiet-start", "--ids"].filter(reader.has)
      if let option = (others + flags).first {
        throw .conflict("\(option) is one of particles; --grid writes the density itself.")
      }
      guard Self.families.contains(where: { $0.name == name }) else {
        throw .conflict(
          "--grid goes only with the samples \(UsageError.list(Self.families.map(\.name))), not with \(name)."
        )
      }
      (count, seed, dimension, isQuiet, hasIDs) = (0, 0, 1, false, false)
      path = try Self.path(reader)
      guard SnapshotFormat(path: path) == .npz else {
        throw .badValue(option: "-o", value: path, requirement: "a .npz file, for a grid")
      }
      return
    }
    count = try reader.required(
      try reader.integer(
        "--count", "a whole number from 1 to \(Self.largestCount)", in: 1...Self.largestCount),
      "--count")
    seed = try reader.required(
      try reader.integer(
        "--seed", "a whole number from 0 to \(UInt64.max)", in: UInt64.min...UInt64.max),
      "--seed")
    dimension =
      try reader.integer(
        "--dimension", "a whole number from 1 to \(family.largestDimension) for \(name)",
        in: 1...family.largestDimension) ?? 1
    isQuiet = reader.has("--quiet-start")
    hasIDs = reader.has("--ids")
    path = try Self.path(reader)
  }

  /// The scene of two flocks, in which there is nothing to choose.
  private init(
    twoFlocks reader: ArgumentReader, strangers: [String]
  ) throws(UsageError) {
    let others = ["--count", "--seed", "--dimension", "--grid", "--velocities"] + strangers
    if let option = others.first(where: { reader.text($0) != nil })
      ?? (reader.has("--quiet-start") ? "--quiet-start" : nil)
    {
      throw .conflict(
        "The sample \(TwoFlocks.name) is one scene of \(TwoFlocks.heavyCount + TwoFlocks.lightCount) "
          + "agents; \(option) does not go with it.")
    }
    family = TwoFlocks.name
    parameters = [:]
    count = TwoFlocks.heavyCount + TwoFlocks.lightCount
    (seed, dimension, isQuiet) = (0, 2, false)
    grid = GridOptions()
    hasIDs = reader.has("--ids")
    path = try Self.path(reader)
  }

  private static func path(_ reader: ArgumentReader) throws(UsageError) -> String {
    let path = try reader.required(reader.text("-o"), "-o")
    guard SnapshotFormat(path: path)?.isWritable == true else {
      throw .badValue(option: "-o", value: path, requirement: "a .csv, .npy, .npz or .h5 file")
    }
    return path
  }
}
