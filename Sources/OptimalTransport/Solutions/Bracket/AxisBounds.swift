extension TransportProblem {
  /// A lower end of the bracket from what moving single coordinates costs at least, in the unit of the
  /// ground cost.
  ///
  /// A block's cost is at least that of any of its axes alone, and at least the sum of those for
  /// exponents from 2 on. Blocks add up.
  ///
  /// - Parameter axisCost: what the masses of a block's axis cost at least, moved on that axis alone.
  /// - Returns: 0 for costs that are not blocks.
  package func lowerBound(fromAxes axisCost: (_ axis: Int, _ block: CostBlock) -> Double) -> Double
  {
    guard case .blocks(let blocks) = cost else { return 0 }
    let sum = blocks.reduce(0) { sum, block in
      guard block.weight > 0 else { return sum }
      let axes = block.axes.map { axisCost($0, block) }
      return sum + (block.exponent >= 2 ? axes.reduce(0, +) : axes.max() ?? 0)
    }
    // Covers the roundings of the sums and of normalising the masses of an axis anew.
    return sum.isFinite ? max(0, sum * (1 - 64 * Double.ulpOfOne)) : 0
  }

  /// What moving the coordinates of an axis costs at least by Jensen's inequality: as much as moving one
  /// mean to the other; 0 on a circle.
  package func meanCost(ofAxis axis: Int, _ block: CostBlock) -> Double {
    guard case .line = domain.axes[axis] else { return 0 }
    let (from, to) = (Self.mean(source, axis), Self.mean(target, axis))
    let distance = max(0, abs(from.value - to.value) - from.error - to.error)
    let power = block.weight * distance.power(block.exponent)
    // A power below the normal numbers may have been rounded upwards.
    return max(
      0, power * (1 - (4 + 2 * block.exponent) * Double.ulpOfOne) - 0x1p-1021 * max(1, block.weight)
    )
  }

  /// The mean of a coordinate, and how far rounding may have moved it.
  private static func mean(
    _ measure: DiscreteMeasure, _ axis: Int
  ) -> (value: Double, error: Double) {
    var (sum, magnitude) = (CompensatedSum(), CompensatedSum())
    for (mass, value) in zip(measure.masses, measure.axis(axis)) {
      sum.add(mass * value)
      magnitude.add(mass * abs(value))
    }
    return (
      sum.value,
      8 * Double.ulpOfOne * magnitude.value + Double(measure.count) * .leastNonzeroMagnitude
    )
  }
}
