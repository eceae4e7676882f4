import CKwass
import OptimalTransport
import PhaseSpace

/// The distances of all pairs of some measures.
struct DistanceMatrix {
  let measures: [PhaseSpaceMeasure]
  let choice: MetricChoice
  let options: OptionsChoice

  /// A distance and its bracket.
  struct Entry {
    var distance: Double
    var bounds: ProvedBounds
  }

  /// Computes the matrix, row by row below the diagonal.
  ///
  /// - Parameter store: takes the entry of a row and a column and of the column and the row, first for
  ///   pairs without an answer.
  /// - Throws: the failure that ended the work, or the first of a pair whose accuracy was not reached.
  func fill(_ store: (Int, Int, Entry) -> Void) throws(Failure) {
    for row in measures.indices {
      store(row, row, Entry(distance: 0, bounds: ProvedBounds(lower: 0, upper: 0)))
      for column in 0..<row {
        store(
          row, column,
          Entry(distance: .nan, bounds: ProvedBounds(lower: 0, upper: .infinity)))
      }
    }
    let watch = Watch(options)
    let pairs = measures.count * (measures.count - 1) / 2
    var done = 0
    var inaccurate: Failure?
    for row in measures.indices {
      for column in 0..<row {
        watch.report(done, of: pairs)
        var nothing: TransportSolution?
        let (outcome, failure) = try Measurement(
          source: measures[row], target: measures[column], choice: choice, options: options,
          watch: watch
        ).run(from: &nothing)
        if let failure, failure.status != Int32(KWASS_NOT_REACHED) { throw failure }
        inaccurate = inaccurate ?? failure
        store(row, column, Entry(distance: outcome.distance, bounds: outcome.distanceBounds))
        done += 1
      }
    }
    if let inaccurate { throw inaccurate }
  }
}
