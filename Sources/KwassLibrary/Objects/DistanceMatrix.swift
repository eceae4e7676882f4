import CKwass
import OptimalTransport
import PhaseSpace
import Synchronization

/// The distances of all pairs of some measures.
struct DistanceMatrix {
  let measures: [PhaseSpaceMeasure]
  let choice: MetricChoice
  let options: OptionsChoice

  /// A distance and its bracket.
  struct Entry {
    var distance: Double
    var bounds: ProvedBounds

    /// That of a measure to itself.
    static let none = Entry(distance: 0, bounds: ProvedBounds(lower: 0, upper: 0))
    /// That of a pair which has no answer.
    static let unknown = Entry(
      distance: .nan, bounds: ProvedBounds(lower: 0, upper: .infinity))
  }

  /// What a pair has given: an entry, and why it is not as accurate as wanted; or why there is none.
  typealias Found = Result<(Entry, Failure?), Failure>

  /// Up to so many points in a pair, pairs are measured at the same time although a caller listens: its
  /// thread then never waits long for a pair of another one.
  private static let mostPointsWhileListening = 4096

  /// Computes the matrix, several pairs at the same time on as many threads as the options allow.
  ///
  /// - Parameter store: takes the entry of a row and a column below the diagonal or on it, some of them first
  ///   as unknown; called on the calling thread.
  /// - Throws: the failure that ended the work, or the first of a pair whose accuracy was not reached.
  func fill(_ store: (Int, Int, Entry) -> Void) throws(Failure) {
    let pairs = measures.indices.flatMap { row in (0..<row).map { (row: row, column: $0) } }
    for row in measures.indices { store(row, row, .none) }
    for pair in pairs { store(pair.row, pair.column, .unknown) }
    var inaccurate: Failure?
    let results = try SharedPairs(group: options.group).gathered(results(of: pairs))
    for (pair, found) in zip(pairs, results) {
      guard let found else { continue }
      let (entry, failure) = try found.get()
      store(pair.row, pair.column, entry)
      inaccurate = inaccurate ?? failure
    }
    if let inaccurate { throw inaccurate }
  }

  /// What each pair of this process has given; `nil` for those behind a pair that ended the work.
  private func results(of pairs: [(row: Int, column: Int)]) -> [Found?] {
    let watch = Watch(options)
    // All pairs may be done before the caller's thread gets one.
    _ = watch.handler?(SolverProgress(stage: .starting, fraction: 0))
    let done = Atomic(0)
    let isEnded = Atomic(false)
    let shared = SharedPairs(group: options.group)
    let count = shared.ownCount(of: pairs.count)
    var found = [Found?](repeating: nil, count: pairs.count)
    found.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let found = buffer
      let measure = { @Sendable (index: Int) in
        // Pairs are handed out in order: all those before one that ended the work have been started.
        guard shared.owns(index), !isEnded.load(ordering: .relaxed) else { return }
        watch.report(done.load(ordering: .relaxed), of: count)
        found[index] = entry(of: pairs[index].row, pairs[index].column, watch)
        if case .failure = found[index] { isEnded.store(true, ordering: .relaxed) }
        done.add(1, ordering: .relaxed)
      }
      guard isParallel else { return pairs.indices.forEach(measure) }
      guard let threads = options.threads else {
        return Parallel.forEach(of: pairs.count, measure)
      }
      ThreadLimit.with(threads) { Parallel.forEach(of: pairs.count, measure) }
    }
    return found
  }

  private var isParallel: Bool {
    guard !choice.callsFunction else { return false }
    let largest = measures.map(\.count).max() ?? 0
    return options.listener == nil || 2 * largest <= Self.mostPointsWhileListening
  }

  private func entry(of row: Int, _ column: Int, _ watch: Watch) -> Found {
    var nothing: TransportSolution?
    do throws(Failure) {
      let measurement = Measurement(
        source: measures[row], target: measures[column], choice: choice, options: options.alone,
        watch: watch)
      try measurement.requireMemory()
      let (outcome, failure) = try measurement.run(from: &nothing)
      if let failure, failure.status != Int32(KWASS_NOT_REACHED) { throw failure }
      return .success(
        (Entry(distance: outcome.distance, bounds: outcome.distanceBounds), failure))
    } catch {
      return .failure(error)
    }
  }
}
