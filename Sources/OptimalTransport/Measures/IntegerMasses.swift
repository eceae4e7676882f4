/// The masses of a measure as integers with a fixed sum, so that flows are exact.
///
/// A mass a becomes the integer nearest to a · 2^88, and the few units that rounding leaves over or
/// lacks go to the largest mass. In 128-bit integers no sum of such masses overflows. A mass below
/// 2^-89 becomes 0.
package struct IntegerMasses: Sendable {
  /// One integer for each point, nonnegative, with sum `total`.
  package let values: [Int128]

  /// The sum of all values.
  package static let total = Int128(1) << 88
  private static let bits = 88

  /// The integer masses of a measure.
  package init(_ measure: DiscreteMeasure) {
    let sum = CompensatedSum(measure.masses)
    // The sum is 1 + excess; dividing by it is subtracting that part of each mass.
    let excess = (sum.value - 1) + sum.residue
    var values = measure.masses.map { mass in
      Self.integer(mass) - Self.integer(mass * excess)
    }
    let rest = Self.total - values.reduce(0, +)
    if let largest = values.indices.max(by: { values[$0] < values[$1] }) {
      values[largest] += rest
    }
    self.values = values
  }

  /// The nearest integer; for masses of less than 2^19.
  private static func integer(_ mass: Double) -> Int128 {
    // Two parts that a double holds exactly. Converting to 128 bits at once takes 30 ns.
    let amount = mass.scaled(by: bits).rounded()
    let high = (amount * 0x1p-44).rounded(.down)
    return Int128(Int64(high)) << 44 + Int128(Int64(amount - high * 0x1p44))
  }

  /// The mass that an integer amount stands for, rounded once; amounts lie below 2^96.
  package static func mass(_ amount: Int128) -> Double {
    // Two parts that a double holds exactly. Converting 128 bits at once takes 300 ns.
    let high = Double(Int64(truncatingIfNeeded: amount >> 44))
    let low = Double(Int64(truncatingIfNeeded: amount & ((1 << 44) - 1)))
    return (high * 0x1p44 + low).scaled(by: -bits)
  }
}
