import KineticTransport

/// How far particles are merged before their distance is measured.
enum CoarsenOption: Sendable, Equatable {
  /// Into at most so many cells.
  case cells(Int)
  /// Into as many as the accuracy needs.
  case automatic
  /// Into the cells of a grid, with so many on each position axis and on each velocity axis.
  case grid(positions: Int, velocities: Int)

  static let specification = OptionSpecification(
    "--coarsen", "N|auto|grid:N[,M]",
    "Merge the particles of each snapshot into at most N cells, reading it piece by piece in little "
      + "memory, and print a bracket that is proved for all particles; auto takes as many cells as "
      + "--accuracy (0.01 unless given) needs, or says what the most that it tries prove. grid: moves "
      + "particles to the centers of one grid for both, with N cells on each position axis and M (or N) on "
      + "each velocity axis, which --method sinkhorn takes axis by axis.")

  private static let gridPrefix = "grid:"

  /// More cells than this take too long to compare.
  static let largestCount = 1_000_000

  init?(_ reader: ArgumentReader) throws(UsageError) {
    if reader.text("--coarsen") == "auto" {
      self = .automatic
    } else if let text = reader.text("--coarsen"), text.hasPrefix(Self.gridPrefix) {
      let counts = text.dropFirst(Self.gridPrefix.count)
        .split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard 1...2 ~= counts.count, counts.allSatisfy({ 1...CoarseningGrid.largestCount ~= $0 })
      else {
        throw .badValue(
          option: "--coarsen", value: text,
          requirement: "grid: and one or two whole numbers from 1 to \(CoarseningGrid.largestCount)"
        )
      }
      self = .grid(positions: counts[0], velocities: counts[counts.count - 1])
    } else if let count = try reader.integer(
      "--coarsen", "a whole number from 1 to \(Self.largestCount), auto, or grid:N,M",
      in: 1...Self.largestCount)
    {
      self = .cells(count)
    } else {
      return nil
    }
  }

  /// The numbers of cells that are tried, in increasing order; none for a grid.
  var levels: [Int] {
    switch self {
    case .grid: []
    case .cells(let count): [count]
    case .automatic: [1_000, 4_000, 16_000, 64_000, 256_000]
    }
  }

  /// Whether several processes can share the work.
  var isShared: Bool { if case .grid = self { false } else { true } }

  /// Refuses options that coarsening does not know of.
  func check(_ options: DistanceOptions) throws(UsageError) {
    let measurement = options.measurement
    let given = [
      ("--plan", options.planPath != nil), ("--potentials", options.potentialsPath != nil),
      ("--figure", options.figurePath != nil),
      ("--potential-figure", options.potentialFigurePath != nil), ("--verify", options.verifies),
      ("--subsample", options.subsample != nil),
      ("--match", measurement.match != nil), ("--gate-only", measurement.gate.decidesOnly),
      ("--divergence", measurement.entropic.measuresDivergence),
      ("--unbalanced or --partial", measurement.entropic.relaxation != nil),
    ]
    try DistanceOptions.refuse(given) {
      "--coarsen compares cells, not particles; \($0) cannot go with it."
    }
    if measurement.metric.phi != nil {
      throw .conflict(
        "--coarsen proves its bracket by the triangle inequality, which the distance of --phi lacks; it "
          + "cannot go with it.")
    }
    if let normalization = measurement.reading.normalization, normalization != .box {
      throw .conflict(
        "--coarsen reads snapshots piece by piece, and --normalize \(normalization.rawValue) needs all "
          + "particles first; state the factors with --scale.")
    }
    if self == .automatic, !measurement.solving.stopsAtBrackets {
      throw .conflict(
        "--coarsen auto goes only with --method auto or network, or with --regularization auto.")
    }
  }
}
