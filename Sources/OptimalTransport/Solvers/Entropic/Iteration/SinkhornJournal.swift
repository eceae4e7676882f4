/// Counts the iterations of a run and tells of them; on long runs now and then with a proved bracket
/// of the unregularised cost.
struct SinkhornJournal {
  /// The iterations so far.
  var iterations = 0
  private let problem: TransportProblem
  private let progress: ProgressHandler?
  private var sinceBracket = Stopwatch()
  /// The best ends so far.
  private(set) var bracket: ProvedBounds?

  private let patience: Double
  /// The iterations since the last bracket.
  private var iterationsSinceBracket = 0

  /// A bracket costs about as much as two or three iterations: after so many it hardly shows.
  private static let iterationsForBracket = 50

  /// A journal of no iterations.
  ///
  /// - Parameters:
  ///   - bracket: what is known of the cost already.
  ///   - patience: the seconds before the first bracket and between two of them, at least.
  init(
    problem: TransportProblem, bracket: ProvedBounds? = nil, patience: Double = 5,
    progress: ProgressHandler?
  ) {
    self.problem = problem
    // A bracket without an upper end tells nobody anything.
    self.bracket = bracket.flatMap { $0.upper.isFinite ? $0 : nil }
    self.patience = patience
    self.progress = progress
  }

  /// Tells of an iteration and what its error is.
  ///
  /// - Throws: `SolverError.cancelled`.
  mutating func report(
    _ step: HalfStep, _ iteration: SinkhornIteration, _ kernel: GibbsKernel
  ) throws(SolverError) {
    guard progress != nil else { return }
    iterationsSinceBracket += 1
    if iterationsSinceBracket >= Self.iterationsForBracket, sinceBracket.seconds >= patience {
      try prove(step, iteration, kernel)
    }
    try progress.report(
      .iterating(iterations, error: step.marginalError, cost: bracket), costBounds: bracket)
  }

  /// Computes the bracket that the potentials have now, and keeps the better ends.
  private mutating func prove(
    _ step: HalfStep, _ iteration: SinkhornIteration, _ kernel: GibbsKernel
  ) throws(SolverError) {
    try progress.report(.provingBracket(.iteration(iterations)))
    let point = SinkhornFixedPoint(
      iteration: iteration, kernel: kernel, sourceStep: step,
      targetStep: try iteration.halfStep(.target, kernel), iterations: iterations)
    let bounds = try EntropicBracket(problem: problem, point: point)
      .prove(debiased: false, progress: progress).costBounds
    bracket = ProvedBounds(
      lower: max(bounds.lower, bracket?.lower ?? 0),
      upper: min(bounds.upper, bracket?.upper ?? .infinity))
    iterationsSinceBracket = 0
    sinceBracket = Stopwatch()
  }
}
