import Libc

/// Loeper's estimate W₂(t) ≤ c_d·exp(log(W₂(0)/c_d)·e^{−Ct}) for two solutions of Vlasov–Poisson with
/// bounded densities, for W₂(0) < c_d.
///
/// G. Loeper, J. Math. Pures Appl. 86 (2006), doi:10.1016/j.matpur.2006.01.005. The constants are not
/// given by the theory; C depends on the densities and on ε.
public struct LoeperBound: Sendable, Hashable {
  /// c_d.
  public let scale: Double
  /// C, in units of 1/time.
  public let rate: Double
  /// θ = W₂(0).
  public let initialDistance: Double

  /// The estimate with its constants.
  ///
  /// - Throws: `StabilityError.badParameter` unless c_d > 0, C ≥ 0 and θ ≥ 0, all finite.
  public init(scale: Double, rate: Double, initialDistance: Double) throws(StabilityError) {
    try StabilityError.checkPositive(scale, "c_d")
    guard rate >= 0, rate.isFinite else {
      throw .badParameter(name: "C", value: rate, requirement: "nonnegative and finite")
    }
    guard initialDistance >= 0, initialDistance.isFinite else {
      throw .badParameter(
        name: "W₂(0)", value: initialDistance, requirement: "nonnegative and finite")
    }
    self.scale = scale
    self.rate = rate
    self.initialDistance = initialDistance
  }

  /// The bound of W₂(t).
  public func distance(at time: Double) -> Double {
    guard initialDistance > 0 else { return 0 }
    return scale * exp(log(initialDistance / scale) * exp(-rate * time))
  }

  /// The time at which the bound reaches 1: infinite for c_d ≤ 1 or C = 0, where it never does, and 0
  /// for W₂(0) ≥ 1.
  public var timeAtOne: Double {
    guard initialDistance < 1 else { return 0 }
    guard initialDistance > 0, scale > 1, rate > 0 else { return .infinity }
    return log(log(scale / initialDistance) / log(scale)) / rate
  }

  /// The smallest C with which the bound holds for a distance at a time, c_d given; `nil` unless
  /// 0 < W₂(0), W₂(t) < c_d and the time is positive.
  public static func smallestRate(
    scale: Double, initialDistance: Double, distance: Double, time: Double
  ) -> Double? {
    guard 0 < initialDistance, initialDistance < scale, 0 < distance, distance < scale, time > 0
    else { return nil }
    return max(0, log(log(scale / initialDistance) / log(scale / distance)) / time)
  }

  /// The smallest c_d with which the bound holds for a distance at a time, C given; `nil` unless all
  /// are positive.
  public static func smallestScale(
    rate: Double, initialDistance: Double, distance: Double, time: Double
  ) -> Double? {
    guard initialDistance > 0, distance > 0, time > 0, rate > 0 else { return nil }
    // c_d^{1−g}·θ^g ≥ W with g = e^{−Ct}.
    let kept = exp(-rate * time)
    return exp((log(distance) - kept * log(initialDistance)) / -expm1(-rate * time))
  }
}
