/// The strength ε of the entropy in an entropic transport problem.
public enum Regularization: Sendable, Hashable {
  /// ε in the unit of the problem's ground cost.
  case absolute(Double)
  /// ε as a multiple of the problem's own unit of cost, the power of two that lies between the largest cost
  /// and about twice that: a blur that keeps its proportion to the data when they are scaled.
  ///
  /// For block costs the largest cost is that of the boxes around the points.
  case relative(Double)

  /// ε for a problem with costs of some unit.
  func own(in unit: CostUnit) -> OwnRegularization {
    switch self {
    case .absolute(let value): OwnRegularization(unit.own(value))
    case .relative(let value): OwnRegularization(value)
    }
  }

  /// The number that was given.
  var number: Double {
    switch self {
    case .absolute(let value), .relative(let value): value
    }
  }
}

/// A regularisation in a problem's own unit, in which the largest cost is about 1.
struct OwnRegularization: Sendable, Hashable {
  /// ε.
  let value: Double

  init(_ value: Double) { self.value = value }

  /// The regularisation of the kernel 2^{−λ c}.
  init(scale: Double) { value = Self.binaryLogarithmOfE / scale }

  /// λ = log₂(e)/ε, the factor of costs and potentials in powers of two.
  var scale: Double { Self.binaryLogarithmOfE / value }

  private static let binaryLogarithmOfE = 1.4426950408889634

  /// ε in the unit of the ground cost.
  func stated(in unit: CostUnit) -> Double { unit.stated(value) }

  /// The same ε for a problem with costs of another unit.
  func converted(from unit: CostUnit, to other: CostUnit) -> OwnRegularization {
    OwnRegularization(unit.converted(value, to: other))
  }
}
