import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Follows two solutions and the optimal plan between their initial states, and sets the true
/// distance, the functional Q(t) and the bounds of a theorem side by side.
///
/// Theorem 2.1 assumes nothing of the flows but their field, and holds for the particles of Strang's
/// scheme themselves, not only in the limit of small steps: a drift leaves Q as it is, a kick in the
/// middle of a step of length h multiplies it by at most 1 + 2Bh(1+t)², and the midpoint rule does not
/// exceed the integral of a convex function. Dobrushin's factors of the three parts are 1 + h/2,
/// 1 + 2Bh and 1 + h/2, whose product does not exceed e^{(1+2B)h}. So for that scheme a violation is
/// more than rounding only if something is wrong.
public struct StabilityStudy: Sendable {
  /// What is set beside the truth.
  public let theorem: any StabilityTheorem
  /// The sampled times, the start first.
  public let times: [Double]
  /// The moments for each interval of sampled times.
  public let subdivisions: Int
  /// The estimated error in W_p that the steps may add between two moments; `nil` for the steps of
  /// the flows as they are.
  public let tolerance: Double?
  private let start: CoupledFlow

  /// A study of two flows at sampled times.
  ///
  /// - Parameters:
  ///   - flow: the two flows and a plan that is optimal for the theorem's W_p, as
  ///     `CoupledFlow.optimal(first:second:exponent:)` makes it.
  ///   - theorem: what is set beside the truth.
  ///   - times: when the true distance is computed, in increasing order, besides the start.
  ///   - subdivisions: between two of them the cheap functionals are measured this many times.
  ///   - tolerance: between two moments the steps are halved until the estimated error of the distance
  ///     is below this (`CoupledFlow.advance(to:tolerance:exponent:)`).
  /// - Throws: `StabilityError`.
  public init(
    flow: CoupledFlow, theorem: some StabilityTheorem, times: [Double], subdivisions: Int = 8,
    tolerance: Double? = nil
  ) throws(StabilityError) {
    let later = times.first == flow.time ? Array(times.dropFirst()) : times
    let all = [flow.time] + later
    guard zip(all, later).allSatisfy({ $0 < $1 }), all.allSatisfy(\.isFinite) else {
      throw .badTimes
    }
    guard subdivisions > 0 else {
      throw .badParameter(
        name: "number of subdivisions", value: Double(subdivisions), requirement: "positive")
    }
    if let tolerance { try StabilityError.checkPositive(tolerance, "tolerance") }
    try theorem.validate(for: flow)
    do throws(FlowError) {
      for half in [flow.first, flow.second] { _ = try half.stepCount(to: all[all.count - 1]) }
    } catch {
      throw .flow(error)
    }
    self.theorem = theorem
    self.times = all
    self.subdivisions = subdivisions
    self.tolerance = tolerance
    start = flow
  }

  /// Follows the flows and judges every inequality.
  ///
  /// - Parameter progress: is told how far the work has come, and may stop it.
  /// - Throws: `StabilityError`.
  /// - Complexity: for each sampled time one transport problem, for each moment a pass over the
  ///   particles and the plan.
  public func run(progress: ProgressHandler? = nil) throws(StabilityError) -> StabilityReport {
    StabilityReport(theorem: theorem, trajectory: try follow(progress))
  }

  private func follow(_ progress: ProgressHandler?) throws(StabilityError) -> StabilityTrajectory {
    var flow = start
    var distances = DistanceSeries(exponent: theorem.exponent)
    let cells = theorem.densityCells(for: flow)
    var moments = [try moment(flow, after: nil, cells)]
    var samples = [try sample(flow, moments[0], &distances, cells)]
    var stepError = 0.0
    for (index, (before, after)) in zip(times, times.dropFirst()).enumerated() {
      do throws(SolverError) {
        try progress.report(
          .following("the flows", time: after), fraction: Double(index) / Double(times.count - 1))
      } catch {
        throw .solver(error)
      }
      for part in 1...subdivisions {
        let time =
          part == subdivisions
          ? after : before + Double(part) / Double(subdivisions) * (after - before)
        do throws(FlowError) {
          if let tolerance {
            stepError += try flow.advance(
              to: time, tolerance: tolerance, exponent: theorem.exponent
            ).error
          } else {
            try flow.advance(to: time)
          }
        } catch {
          throw .flow(error)
        }
        moments.append(try moment(flow, after: moments.last, cells))
      }
      samples.append(try sample(flow, moments[moments.count - 1], &distances, cells))
    }
    return StabilityTrajectory(
      moments: moments, samples: samples, cells: cells,
      stepError: tolerance == nil ? nil : stepError, end: flow)
  }

  private func moment(
    _ flow: CoupledFlow, after previous: StabilityTrajectory.Moment?, _ cells: [Int]?
  ) throws(StabilityError) -> StabilityTrajectory.Moment {
    let elapsed = flow.time - times[0]
    let parts = flow.carriedParts(exponent: theorem.exponent)
    let carried = (parts.position + parts.velocity).root(theorem.exponent)
    let functional = try theorem.functional(of: flow, elapsed: elapsed)
    var (density, integral) = (Double?.none, 0.0)
    if let cells {
      var sum = 0.0
      for side in [flow.first, flow.second] {
        sum += try DensityHistogram(side.particles, cells: cells).maximum
      }
      density = sum
      if let previous {
        integral =
          previous.densityIntegral
          + (elapsed - previous.elapsed) * (sum + (previous.density ?? sum)) / 2
      }
    }
    return StabilityTrajectory.Moment(
      time: flow.time, elapsed: elapsed, carriedDistance: carried, functional: functional,
      density: density, densityIntegral: integral,
      // A coordinate and its difference carry a few roundings, shifted positions 1 + t times as many.
      rounding: 64 * Double.ulpOfOne * flow.scale * (1 + elapsed))
  }

  private func sample(
    _ flow: CoupledFlow, _ moment: StabilityTrajectory.Moment, _ distances: inout DistanceSeries,
    _ cells: [Int]?
  ) throws(StabilityError) -> StabilityTrajectory.Sample {
    let solution = try distances.solve(flow.first, flow.second, progress: nil)
    var fields: FieldComparison?
    if let cells {
      fields = try FieldComparison(
        try DensityHistogram(flow.first.particles, cells: cells),
        try DensityHistogram(flow.second.particles, cells: cells))
    }
    return StabilityTrajectory.Sample(
      moment: moment, distance: solution.distance, bracket: solution.distanceBounds,
      fields: fields)
  }
}
