import CKwass
import OptimalTransport
import PhaseSpace
import Synchronization

/// A `kwass_result`.
final class ResultObject: LibraryObject {
  static let name = "kwass_result"

  let outcome: Outcome
  let source: PhaseSpaceMeasure
  let target: PhaseSpaceMeasure
  private let metric: KineticMetric
  private let seconds: Double
  private let shared = Mutex(Shared())

  /// What callers have asked for so far, in memory that C knows.
  private struct Shared: Sendable {
    var texts: [ForeignArray<CChar>] = []
    var plan: (ForeignArray<Int32>, ForeignArray<Int32>, ForeignArray<Double>)?
    var numbers: [Numbers: ForeignArray<Double>] = [:]
  }

  /// Arrays of numbers that a result can have.
  enum Numbers: Hashable, Sendable {
    case potential(TransportSide)
    case marginal(TransportSide)
    case positionSlopes(TransportSide)
    case velocitySlopes(TransportSide)
    case massSlopes(TransportSide)
  }

  init(
    _ outcome: Outcome, metric: KineticMetric, from source: PhaseSpaceMeasure,
    to target: PhaseSpaceMeasure, seconds: Double
  ) {
    self.outcome = outcome
    self.metric = metric
    (self.source, self.target) = (source, target)
    self.seconds = seconds
  }

  // MARK: Arrays

  /// The plan.
  func plan() throws(Failure) -> (
    sources: UnsafePointer<Int32>, targets: UnsafePointer<Int32>, masses: UnsafePointer<Double>,
    count: Int
  ) {
    guard let plan = outcome.plan else {
      throw Failure(
        KWASS_ERROR_NOT_AVAILABLE,
        "The result has no plan; ask for it with KWASS_WANT_PLAN (work that ended early has none).")
    }
    let arrays = shared.withLock { shared in
      if shared.plan == nil, let sources = ForeignArray(plan.sources),
        let targets = ForeignArray(plan.targets), let masses = ForeignArray(plan.masses)
      {
        shared.plan = (sources, targets, masses)
      }
      return shared.plan
    }
    guard let arrays else { throw Self.noMemory }
    return (
      UnsafePointer(arrays.0.start), UnsafePointer(arrays.1.start),
      UnsafePointer(arrays.2.start), plan.count
    )
  }

  /// An array of numbers, made when it is first asked for.
  func numbers(
    _ kind: Numbers, _ make: () -> [Double]
  ) throws(Failure) -> UnsafePointer<Double> {
    let array = shared.withLock { shared in
      if let known = shared.numbers[kind] { return known as ForeignArray<Double>? }
      let array = ForeignArray(make())
      shared.numbers[kind] = array
      return array
    }
    guard let array else { throw Self.noMemory }
    return UnsafePointer(array.start)
  }

  private static var noMemory: Failure {
    Failure(KWASS_ERROR_MEMORY, "There is not enough memory for an array of the result.")
  }

  // MARK: Summary

  private func text(_ text: String, _ shared: inout Shared) -> UnsafePointer<CChar> {
    guard let array = ForeignArray(text.utf8CString.map { $0 }) else { return StaticText.empty }
    shared.texts.append(array)
    return UnsafePointer(array.start)
  }

  /// The texts of the summary: method, reason and metric.
  private var texts: [UnsafePointer<CChar>] {
    shared.withLock { shared in
      if shared.texts.count < 3 {
        shared.texts = []
        return [outcome.method, outcome.reason, metric.summary].map { text($0, &shared) }
      }
      return shared.texts.map { UnsafePointer($0.start) }
    }
  }

  /// All numbers.
  var summary: kwass_summary {
    var summary = kwass_summary()
    summary.size = UInt64(MemoryLayout<kwass_summary>.size)
    summary.distance = outcome.distance
    summary.lower = outcome.distanceBounds.lower
    summary.upper = outcome.distanceBounds.upper
    summary.cost = outcome.cost
    summary.cost_lower = outcome.costBounds.lower
    summary.cost_upper = outcome.costBounds.upper
    summary.position_part = outcome.parts?.position ?? .nan
    summary.velocity_part = outcome.parts?.velocity ?? .nan
    summary.exponent = metric.exponent
    summary.regularization = outcome.regularization
    summary.transport_cost = outcome.transportCost
    summary.entropic_cost = outcome.entropicCost
    summary.dual_cost = outcome.dualCost
    (summary.divergence, summary.divergence_error) = outcome.divergence
    summary.marginal_error = outcome.marginalError
    summary.moved_mass = outcome.movedMass
    summary.fixed_point_factor = outcome.fixedPoint?.positionFactor ?? .nan
    summary.fixed_point_residual = outcome.fixedPoint?.residual ?? .nan
    summary.seconds = seconds
    summary.iterations = Int64(outcome.iterations)
    summary.source_count = Int64(source.count)
    summary.target_count = Int64(target.count)
    summary.plan_count = outcome.plan.map { Int64($0.count) } ?? -1
    summary.position_axes = Int32(source.positionDimension)
    summary.velocity_axes = Int32(source.velocityDimension)
    summary.ending = Int32(outcome.ending)
    summary.is_warm = outcome.isWarm ? 1 : 0
    let texts = texts
    (summary.method, summary.reason, summary.metric) = (texts[0], texts[1], texts[2])
    return summary
  }
}
