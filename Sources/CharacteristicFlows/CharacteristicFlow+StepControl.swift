import Libc
import OptimalTransport

extension CharacteristicFlow {
  /// Follows the characteristics to a time, halving the step until the estimated error of the state
  /// is below a tolerance. Each call begins with `step` again, so that the result does not depend on
  /// the calls before.
  ///
  /// The error is measured in the Wasserstein distance itself: (Σ mᵢ(|Δxᵢ|^p + |Δvᵢ|^p))^{1/p} between
  /// the states with a step and with half of it is the cost of the plan that pairs each particle with
  /// itself, so it bounds their W_p (Definition 1.1) from above. What is left after the last halving is
  /// estimated from these differences by the rate at which they were seen to fall
  /// (`HalvingDifferences`), as forces that jump or have kinks take the method's order away.
  ///
  /// - Parameters:
  ///   - target: the time to reach.
  ///   - tolerance: the largest estimated error, positive, in the unit of W_p.
  ///   - exponent: p, at least 1.
  /// - Returns: the estimated error, and the longest step that was taken.
  /// - Throws: `FlowError`, in particular `FlowError.noConvergence` when 20 halvings are not enough,
  ///   which is told from the rate, or no longer help.
  /// - Complexity: twice the steps of the last halving.
  @discardableResult
  public mutating func advance(
    to target: Double, tolerance: Double, exponent: Double = 2
  ) throws(FlowError) -> StepControl {
    guard tolerance > 0, tolerance.isFinite else {
      throw .badParameter(name: "tolerance", value: tolerance, requirement: "positive and finite")
    }
    guard exponent >= 1, exponent.isFinite else {
      throw .badParameter(name: "exponent", value: exponent, requirement: "at least 1 and finite")
    }
    guard target != time else { return StepControl(error: 0, step: 0) }
    // No step is longer than the way.
    var coarse = self
    coarse.step = min(step, (target - time).magnitude)
    var steps = Double(try coarse.stepCount(to: target))
    try coarse.advance(to: target)
    let rounding = 0.5 * Double.ulpOfOne * coarse.particles.norm(exponent: exponent)
    guard tolerance > rounding else {
      throw .toleranceBelowRounding(tolerance: tolerance, rounding: rounding)
    }
    var differences = HalvingDifferences(
      order: integrator.order, isContinuous: field.isContinuous)
    for halvings in 1...Self.mostHalvings {
      var fine = self
      fine.step = coarse.step / 2
      steps *= 2
      try fine.advance(to: target)
      // Each step rounds anew, and the roundings add up like a random walk.
      differences.append(
        try coarse.particles.pairedDistance(to: fine.particles, exponent: exponent),
        rounding: 16 * rounding * steps.squareRoot())
      coarse = fine
      guard let estimate = differences.estimate else { continue }
      if estimate.error <= tolerance {
        coarse.step = step
        self = coarse
        return StepControl(error: estimate.error, step: fine.step)
      }
      guard let rate = estimate.rate else {
        throw .noConvergence(
          tolerance: tolerance, reached: estimate.error, step: fine.step, needed: nil)
      }
      // The first rates are those of steps that are far too long; what lasts is at least order one.
      let missing = log2(estimate.error / tolerance) / log2(max(rate, 2))
      if halvings >= 5, Double(halvings) + missing > Double(Self.mostHalvings) {
        throw .noConvergence(
          tolerance: tolerance, reached: estimate.error, step: fine.step,
          needed: (steps * exp2(missing)).rounded())
      }
    }
    throw .noConvergence(
      tolerance: tolerance, reached: differences.last, step: coarse.step, needed: nil)
  }

  private static var mostHalvings: Int { 20 }
}

/// The result of adaptive stepping.
public struct StepControl: Sendable, Hashable {
  /// The estimated error of the state, in W_p.
  public let error: Double
  /// No step was longer than this; 0 when none was taken.
  public let step: Double
}

/// The differences d₁, d₂, … between the states with steps h and h/2, h/2 and h/4, …, and what they say
/// about the error of the last state.
///
/// Where differences fall by the factor r from one to the next, the error of the last state is the sum
/// of all that would follow, d_m/(r − 1). The factor is the least of the last two that were seen and of
/// 2^order; a difference that is small by chance does not count for less than the one before lets
/// expect. It never counts for more than 2: before the order shows, or where kinks of the force take it
/// away, to divide by r − 1 was measured to promise up to 24 times too much.
struct HalvingDifferences {
  private var values: [Double] = []
  private var rounding = 0.0
  /// 2^order, which no rate exceeds.
  private let largestRate: Double
  /// What the error is multiplied with: where the force jumps, errors fall irregularly, and were
  /// measured to be up to 2.2 times the sum.
  private let safety: Double

  /// No differences yet.
  ///
  /// - Parameter isContinuous: whether the force is.
  init(order: Int, isContinuous: Bool) {
    largestRate = isContinuous ? exp2(Double(order)) : 2
    safety = isContinuous ? 1 : 4
  }

  var last: Double { values.last ?? .infinity }

  /// Adds a difference.
  ///
  /// - Parameter rounding: what rounding makes of it.
  mutating func append(_ difference: Double, rounding: Double) {
    values.append(difference)
    self.rounding = rounding
  }

  /// The error of the last state and the factor by which a halving reduces it, `nil` where that is
  /// rounding; `nil` for as long as no rate shows.
  var estimate: (error: Double, rate: Double?)? {
    guard values.count > 1 else { return nil }
    let (before, last) = (values[values.count - 2], values[values.count - 1])
    guard last > rounding else { return (max(last, rounding), nil) }
    var rate = min(largestRate, before / last)
    if values.count > 2 { rate = min(rate, values[values.count - 3] / before) }
    // A series that falls more slowly has no sum to speak of.
    guard rate > 1.25 else { return nil }
    return (safety * max(last, before / rate) / min(1, rate - 1), rate)
  }
}

extension ParticleState {
  /// (Σ mᵢ(|Δxᵢ|^p + |Δvᵢ|^p))^{1/p} between two states of the same particles; an upper bound of their
  /// W_p.
  ///
  /// - Throws: `FlowError.planMismatch` unless there are as many particles and axes on either side.
  /// - Complexity: O(n).
  public func pairedDistance(
    to other: ParticleState, exponent: Double = 2
  ) throws(FlowError) -> Double {
    guard count == other.count, dimension == other.dimension else {
      throw .planMismatch(sources: count, targets: other.count)
    }
    return norm(
      zip(positions, other.positions).map { $0 - $1 },
      zip(velocities, other.velocities).map { $0 - $1 }, exponent)
  }

  /// (Σ mᵢ(|xᵢ|^p + |vᵢ|^p))^{1/p}.
  func norm(exponent: Double) -> Double { norm(positions, velocities, exponent) }

  private func norm(_ positions: [Double], _ velocities: [Double], _ exponent: Double) -> Double {
    let coordinates = [positions, velocities]
    let largest = coordinates.joined().reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return largest }
    // In a unit near the largest, no square overflows; a power of two changes no bit.
    let unit = Double(sign: .plus, exponent: largest.exponent, significand: 1)
    var sum = CompensatedSum()
    for vectors in coordinates {
      for particle in 0..<count {
        var square = 0.0
        for index in stride(from: particle, to: vectors.count, by: count) {
          square += (vectors[index] / unit) * (vectors[index] / unit)
        }
        sum.add(masses[particle] * (exponent == 2 ? square : square.power(exponent / 2)))
      }
    }
    return unit * sum.value.root(exponent)
  }
}
