import Libc

extension CostGeometry {
  /// The rounding of a cost that is computed pair by pair.
  package var rounding: CostRounding {
    CostRounding(costUnits: roundingUnits, potentialUnits: 0, underflow: underflow)
  }

  /// Differences are exact to one rounding, squares and their sum add one each an axis, the root
  /// or the power a few, weight and block sum one each.
  static func roundingUnits(of blocks: [CostBlock]) -> Double {
    let worst = blocks.map { block in
      (Double(block.axes.count) + 3) * max(1, block.exponent / 2) + 8
    }
    return (worst.max() ?? 0) + Double(blocks.count)
  }

  /// What a cost may be wrong by because numbers below the normal ones lose digits.
  ///
  /// Coordinates are whole multiples of the last digit of the smallest of them, and so are their
  /// differences; where a power of that is a normal number, nothing underflows. Otherwise gradual
  /// underflow keeps a square to half of the least positive number, and powers and products to a few of
  /// it; for exponents p other than 2 a sum of squares below 2⁻¹⁰²² has lost digits, and its power is at
  /// most 2^(−511 p). A block on which all points agree costs exactly nothing, whatever weight it has in
  /// the unit of the others; all other weights are at most 1.
  ///
  /// - Parameter numbers: the scaled coordinates of both sides and the lengths, axis by axis.
  /// - Complexity: O(n + m).
  static func underflow(
    of blocks: [CostBlock], _ numbers: [(start: UnsafeMutablePointer<Double>, count: Int)]
  ) -> Double {
    blocks.reduce(0) { sum, block in
      guard block.weight > 0, block.weight <= 2 else { return sum }
      var smallest = 1.0
      for (start, count) in numbers {
        for index in block.axes.lowerBound * count..<block.axes.upperBound * count {
          let size = abs(start[index])
          if size < smallest, size > 0 { smallest = size }
        }
      }
      let lastDigit = 53 - Double(smallest.exponent)
      let weightDigits = max(0, -Double(block.weight.exponent))
      guard max(2, block.exponent) * lastDigit + weightDigits > 1000 else { return sum }
      let least = Double.leastNonzeroMagnitude
      let power =
        block.exponent == 2
        ? Double(block.axes.count + 2) * least : exp2(-510.5 * block.exponent)
      return sum + block.weight * power + 4 * least
    }
  }
}
