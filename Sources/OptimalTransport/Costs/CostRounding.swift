/// What rounding makes of the costs of a problem and of potentials that are compared with them: the
/// one account that every bracket is made with.
///
/// A computed cost satisfies |ĉ_ij − c_ij| ≤ k u c_ij + ω with u = 2⁻⁵³, k = `costUnits` and
/// ω = `underflow`. Numbers f_i that were computed as the least of c_ij − g_j satisfy, for every pair,
/// f_i + g_j ≤ (1 + k u) c_ij + ω + d u |g_j| besides the last rounding of f_i itself, with
/// d = `potentialUnits`. Documentation/Mathematics.md, section 5, has the argument.
package struct CostRounding: Sendable, Hashable {
  /// u, half the distance from 1 to the next double.
  package static let unit = Double.ulpOfOne / 2

  /// k, a bound for the relative error of a computed cost, in units of u.
  package let costUnits: Double
  /// d, the roundings of intermediate results of the size of the potentials; 0 where a cost is computed
  /// as a whole before a potential is subtracted.
  package let potentialUnits: Double
  /// ω, what a cost may be wrong by besides, in the unit of the costs: squares and powers below the
  /// normal numbers lose digits.
  package let underflow: Double

  /// The relative error of a number that was computed from costs with some further roundings.
  package func relativeError(besides roundings: Double) -> Double {
    (costUnits + roundings) * Self.unit
  }

  /// Whether ω is less than a rounding of a cost.
  package func isNegligible(at cost: Double) -> Bool { cost >= underflow * 0x1p62 }

  /// A bound for the relative error of a sum of terms 2^{shift + offset − λ cost}.
  ///
  /// An exponent is a sum of an offset, a shift and −λ cost, each rounded once, and the cost is wrong
  /// by its own rounding. For terms that matter λ cost is not above offset and shift by more
  /// than 60 + log₂ of the number of terms; the others sum to less than a rounding of the total.
  /// Between tensor grids every pass is a sum of exponentials of its own. The rounding of the costs
  /// below ω is none of these sums: all of them see the same computed costs.
  ///
  /// - Parameters:
  ///   - terms: the number of terms of the longest sum.
  ///   - exponent: the largest |offset| and the largest |shift| together.
  ///   - omission: the part of a sum that was left out by intent.
  package func relativeError(
    ofSumsOf terms: Int, largestExponent exponent: Double, omission: Double
  ) -> Double {
    let passes = potentialUnits > 0 ? costUnits + 8 * potentialUnits : 0
    let units = (costUnits + passes + 8) * (exponent + 100)
    return Self.unit * (units + Double(terms) / 256 + 64) + omission
  }
}

extension PairCosts {
  /// The rounding of a cost that is computed pair by pair. One that was given is exact but where the unit
  /// takes it below the normal numbers.
  package var rounding: CostRounding {
    geometry?.rounding
      ?? CostRounding(
        costUnits: roundingUnits, potentialUnits: 0,
        underflow: unitExponent > 0 ? .leastNonzeroMagnitude : 0)
  }
}
