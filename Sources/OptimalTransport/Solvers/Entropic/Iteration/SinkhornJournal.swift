/// Counts the iterations of a run and tells of them; on long runs now and then with a proved bracket
/// of the unregularised cost.
struct SinkhornJournal {
  /// The iterations so far.
  var iterations = 0
  /// Who is told.
  let progress: ProgressHandler?
  private let loops: SharedLoops
  private var sinceBracket = Stopwatch()
  /// The best ends so far.
  private(set) var bracket: ProvedBounds?

  private let interval: Double
  /// The iterations since the last bracket.
  private var iterationsSinceBracket = 0

  /// A bracket costs about as much as two or three iterations: after so many it hardly shows.
  private static let iterationsForBracket = 50

  /// A journal of no iterations.
  ///
  /// - Parameters:
  ///   - bracket: what is known of the cost already.
  ///   - interval: the seconds before the first bracket and between two of them, at least.
  ///   - loops: who shares in the iterations.
  init(
    bracket: ProvedBounds? = nil, interval: Double = 5, progress: ProgressHandler?,
    _ loops: SharedLoops = .alone
  ) {
    self.loops = loops
    // A bracket without an upper end tells nobody anything.
    self.bracket = bracket.flatMap { $0.upper.isFinite ? $0 : nil }
    self.interval = interval
    self.progress = progress
  }

  /// Tells of an iteration.
  ///
  /// - Parameters:
  ///   - stage: what is told, with the best bracket.
  ///   - proof: computes the bracket that the potentials have now.
  /// - Throws: `SolverError.cancelled`.
  mutating func report(
    _ stage: (ProvedBounds?) -> SolverStage, proof: () throws(SolverError) -> ProvedBounds
  ) throws(SolverError) {
    guard progress != nil || loops.isShared else { return }
    iterationsSinceBracket += 1
    if iterationsSinceBracket >= Self.iterationsForBracket,
      try loops.any(progress != nil && sinceBracket.seconds >= interval)
    {
      try progress.report(.provingBracket(.iteration(iterations)))
      let bounds = try proof()
      bracket = ProvedBounds(
        lower: max(bounds.lower, bracket?.lower ?? 0),
        upper: min(bounds.upper, bracket?.upper ?? .infinity))
      iterationsSinceBracket = 0
      sinceBracket = Stopwatch()
    }
    try progress.report(stage(bracket), costBounds: bracket)
  }
}
