/// The falling regularisations by which Sinkhorn's iteration approaches the one that is wanted.
///
/// At regularisation ε the iteration forgets its start in about (largest cost)/ε sweeps. From the
/// solution at a larger ε' the start is wrong by O(ε') only, so that each level of a geometric
/// sequence costs about the same few sweeps. The first level is the largest cost: there one sweep
/// is nearly enough. Source: B. Schmitzer, "Stabilized sparse scaling algorithms for entropy regularized
/// transport problems" (2019), section 3.2, doi:10.1137/16M1106018.
struct RegularizationSchedule: Sendable {
  /// From large to small; the last is the one that is wanted.
  let levels: [OwnRegularization]

  /// The marginal error at which a level other than the last is left for the next.
  static let levelTolerance = 0.003

  /// The levels from the largest cost, 1 in the problem's own unit, to a target.
  ///
  /// - Parameters:
  ///   - start: the first level.
  ///   - target: the regularisation that is wanted, positive.
  ///   - factor: how much each level is below the one before, above 1.
  init(
    from start: OwnRegularization = OwnRegularization(1), target: OwnRegularization,
    factor: Double = 3
  ) {
    var levels: [OwnRegularization] = []
    var level = start.value
    // A last step shorter than the square root of the factor is not worth a level of its own.
    while level > target.value * factor.squareRoot() {
      levels.append(OwnRegularization(level))
      level /= factor
    }
    levels.append(target)
    self.levels = levels
  }
}

/// Potentials of two levels of regularisation, extrapolated to the next.
///
/// They are nearly linear in ε, so that this is a still better start than those of the level before: a fifth to
/// a quarter of the iterations less, measured on Gaussian clouds of 1,000 and 5,000 points.
struct LevelExtrapolation: Sendable {
  private var former: (level: Double, potential: [Double])?

  /// Where to start at a level.
  ///
  /// - Parameters:
  ///   - level: the level that has just ended, and its potential.
  ///   - next: the level that comes.
  mutating func start(
    after level: OwnRegularization, _ potential: [Double], at next: OwnRegularization
  ) -> [Double] {
    defer { former = (level.value, potential) }
    guard let former else { return potential }
    let factor = (level.value - next.value) / (former.level - level.value)
    return zip(potential, former.potential).map { $0 + factor * ($0 - $1) }
  }
}
