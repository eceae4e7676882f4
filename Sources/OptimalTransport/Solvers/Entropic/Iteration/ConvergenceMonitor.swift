import Libc

/// Watches the marginal errors of an iteration at one regularisation.
struct ConvergenceMonitor: Sendable {
  /// The error that is wanted.
  let tolerance: Double
  /// The least error so far.
  private(set) var least = Double.infinity
  /// How many errors came since the least last fell by a tenth.
  private(set) var iterationsWithoutProgress = 0
  private var reference = Double.infinity
  private var recent: [Double] = []

  /// The errors over which the rate of convergence is taken.
  private var window = 6
  /// What Newton's method costs in iterations: four or five steps are enough as a rule, and each costs up to
  /// ten.
  private static let iterationsOfNewton = 40.0

  init(tolerance: Double) { self.tolerance = tolerance }

  /// Takes note of an error.
  mutating func add(_ error: Double) {
    least = min(least, error)
    iterationsWithoutProgress += 1
    if least < 0.9 * reference { (reference, iterationsWithoutProgress) = (least, 0) }
    recent.append(error)
    if recent.count > window { recent.removeFirst() }
  }

  /// Forgets the rate of convergence; `longer` makes the next judgement take twice as many errors.
  mutating func restart(longer: Bool) {
    recent.removeAll()
    if longer { window = min(2 * window, 400) }
  }

  /// Whether, at the rate of the last few errors, the tolerance is far away.
  var isSlow: Bool {
    guard recent.count == window, let first = recent.first, let last = recent.last,
      last < 1
    else { return false }
    let rate = log(first / last) / Double(window - 1)
    return !(rate > 0) || log(last / tolerance) / rate > Self.iterationsOfNewton
  }
}
