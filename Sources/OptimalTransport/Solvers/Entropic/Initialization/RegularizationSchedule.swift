/// The falling regularisations by which Sinkhorn's iteration approaches the one that is wanted.
///
/// At regularisation ε the iteration forgets its start in about (largest cost)/ε sweeps. From the
/// solution at a larger ε' the start is wrong by O(ε') only, so that each level of a geometric
/// sequence costs about the same few sweeps. The first level is the largest cost: there one sweep
/// is nearly enough. The potentials are nearly linear in ε, so that those of two levels, extrapolated
/// to the next, are a still better start: a fifth to a quarter of the iterations less, measured on
/// Gaussian clouds of 1,000 and 5,000 points. Source: B. Schmitzer, "Stabilized sparse scaling algorithms for entropy
/// regularized transport problems" (2019), section 3.2, doi:10.1137/16M1106018.
struct RegularizationSchedule: Sendable {
  /// From large to small; the last is the one that is wanted.
  let levels: [Double]

  /// The levels from the largest cost, 1 in the problem's own unit, to a target.
  ///
  /// - Parameters:
  ///   - start: the first level.
  ///   - target: the regularisation that is wanted, positive.
  ///   - factor: how much each level is below the one before, above 1.
  init(from start: Double = 1, target: Double, factor: Double = 3) {
    var levels: [Double] = []
    var level = start
    // A last step shorter than the square root of the factor is not worth a level of its own.
    while level > target * factor.squareRoot() {
      levels.append(level)
      level /= factor
    }
    levels.append(target)
    self.levels = levels
  }
}
