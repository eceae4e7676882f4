/// A command line, understood.
public enum Command: Sendable, Equatable {
  /// Show a help text.
  case help(HelpTopic)
  /// Show the version.
  case version
  /// Measure the distance of two snapshots.
  case distance(DistanceOptions)
  /// Write a sample of a known distribution.
  case sample(SampleOptions)
  /// Say what is in snapshots.
  case info(InfoOptions)
  /// Follow the characteristics from a snapshot.
  case evolve(EvolveOptions)
  /// Set a stability theorem beside the truth.
  case stability(StabilityOptions)
  /// Set the mean-field limit of agents beside the truth.
  case meanField(MeanFieldOptions)
  /// Compute the coefficients of the diffusion approximation of a swarm.
  case coefficients(CoefficientsOptions)
  /// A stability study for each of several Debye lengths and initial distances.
  case scan(ScanOptions)
  /// Write a snapshot in another format.
  case convert(ConvertOptions)
  /// Measure distances over time.
  case series(SeriesOptions)
  /// Measure the distances of all pairs.
  case matrix(MatrixOptions)
  /// Judge snapshots by their distance from a reference.
  case compare(CompareOptions)

  /// Understands the arguments of a process, without its name.
  ///
  /// - Throws: `UsageError`.
  public init(arguments: [String]) throws(UsageError) {
    let names = HelpTopic.allCases.compactMap(\.commandName)
    guard let first = arguments.first else { throw .missingCommand(known: names) }
    let asksForHelp = arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    let rest = arguments.dropFirst()
    switch first {
    case "--help", "-h": self = .help(.overview)
    case "--version": self = .version
    case "distance": self = asksForHelp ? .help(.distance) : .distance(try DistanceOptions(rest))
    case "sample": self = asksForHelp ? .help(.sample) : .sample(try SampleOptions(rest))
    case "info": self = asksForHelp ? .help(.info) : .info(try InfoOptions(rest))
    case "evolve": self = asksForHelp ? .help(.evolve) : .evolve(try EvolveOptions(rest))
    case "stability":
      self =
        asksForHelp
        ? .help(.stability)
        : MeanFieldOptions.areMeant(by: rest)
          ? .meanField(try MeanFieldOptions(rest)) : .stability(try StabilityOptions(rest))
    case "coefficients":
      self = asksForHelp ? .help(.coefficients) : .coefficients(try CoefficientsOptions(rest))
    case "scan": self = asksForHelp ? .help(.scan) : .scan(try ScanOptions(rest))
    case "convert": self = asksForHelp ? .help(.convert) : .convert(try ConvertOptions(rest))
    case "series": self = asksForHelp ? .help(.series) : .series(try SeriesOptions(rest))
    case "matrix": self = asksForHelp ? .help(.matrix) : .matrix(try MatrixOptions(rest))
    case "compare": self = asksForHelp ? .help(.compare) : .compare(try CompareOptions(rest))
    case _ where first.hasPrefix("-"):
      throw .unknownOption(
        first, command: "kwass",
        hint: Spelling.hint(for: first, among: HelpTopic.overview.options.map(\.name)))
    default:
      throw .unknownCommand(
        first, hint: Spelling.hint(for: first, among: names), known: names)
    }
  }
}

/// What a help text is about.
public enum HelpTopic: Sendable, CaseIterable {
  /// The program as a whole.
  case overview
  /// `kwass distance`.
  case distance
  /// `kwass sample`.
  case sample
  /// `kwass info`.
  case info
  /// `kwass evolve`.
  case evolve
  /// `kwass stability`.
  case stability
  /// `kwass scan`.
  case scan
  /// `kwass coefficients`.
  case coefficients
  /// `kwass convert`.
  case convert
  /// `kwass series`.
  case series
  /// `kwass matrix`.
  case matrix
  /// `kwass compare`.
  case compare

  /// The name of the command; `nil` for the program as a whole.
  var commandName: String? {
    switch self {
    case .overview: nil
    case .distance: "distance"
    case .sample: "sample"
    case .info: "info"
    case .evolve: "evolve"
    case .stability: "stability"
    case .scan: "scan"
    case .coefficients: "coefficients"
    case .convert: "convert"
    case .series: "series"
    case .matrix: "matrix"
    case .compare: "compare"
    }
  }
}
