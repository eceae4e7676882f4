/// What rounding makes of the costs of a problem and of potentials that are compared with them: the
/// one account that every bracket is made with.
///
/// Numbers f_i that were computed as the least of c_ij − g_j satisfy, for every pair,
/// f_i + g_j ≤ (1 + k u) c_ij + d u |g_j| besides the last rounding of f_i itself, with
/// u = 2⁻⁵³, k = `costUnits` and d = `potentialUnits`. Documentation/Mathematics.md, section 5, has the
/// argument.
package struct CostRounding: Sendable, Hashable {
  /// A bound for the relative error of a computed cost, in units of 2^-53.
  package let costUnits: Double
  /// The roundings of intermediate results of the size of the potentials; 0 where a cost is computed
  /// as a whole before a potential is subtracted.
  package let potentialUnits: Double
}
