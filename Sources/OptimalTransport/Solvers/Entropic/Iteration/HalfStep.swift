import Libc

/// The outcome of looking at one side of the plan, whose marginal a half-step would make exact.
struct HalfStep: MarginalStep {
  /// The potential that would make the marginal exact.
  let potential: [Double]
  /// log₂ of marginal over mass, point by point.
  let logRatios: [Double]
  /// Σ |marginal − mass|.
  let marginalError: Double
  /// Σ (marginal − mass).
  let excessMass: Double

  var error: Double { marginalError }
  var multiplier: Double { 0 }

  /// Marginal over mass at one point.
  func ratio(_ index: Int) -> Double { exp2(logRatios[index]) }

  /// Marginal over mass at one point, minus 1.
  func excessRatio(_ index: Int) -> Double { expm1(logRatios[index] * 0.6931471805599453) }

  init(potential: [Double], logRatios: [Double], masses: [Double]) {
    self.potential = potential
    self.logRatios = logRatios
    var (error, excess) = (CompensatedSum(), CompensatedSum())
    for (mass, logRatio) in zip(masses, logRatios) where mass > 0 {
      let difference = mass * expm1(logRatio * 0.6931471805599453)
      error.add(abs(difference))
      excess.add(difference)
    }
    // A sum that overflowed has become NaN by its compensation.
    marginalError = error.value.isNaN ? .infinity : error.value
    excessMass = excess.value
  }
}
