/// Where a run of Sinkhorn's iteration stands.
struct SinkhornState {
  var iteration: SinkhornIteration
  var journal: SinkhornJournal
  /// The regularisation of the level that is under way, in the problem's own unit.
  var level: Double

  /// What the potentials prove when the run is stopped, together with what was proved on the way; `nil`
  /// where there is no time for a proof and none was made.
  func bracket(of problem: TransportProblem) -> PartialBracket? {
    let kernel = iteration.kernel(level)
    let now = SolverWatch.finally { () throws(SolverError) -> ProvedBounds in
      let point = SinkhornFixedPoint(
        iteration: iteration, kernel: kernel, sourceStep: try iteration.halfStep(.source, kernel),
        targetStep: try iteration.halfStep(.target, kernel), iterations: journal.iterations)
      return try EntropicBracket(problem: problem, point: point).prove(debiased: false).costBounds
    }
    return PartialBracket(
      joining: [now, journal.bracket].compactMap(\.self).map {
        PartialBracket(costBounds: $0, origin: "the last potentials of Sinkhorn's iteration")
      })
  }
}
