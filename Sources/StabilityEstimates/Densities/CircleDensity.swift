import OptimalTransport

/// A density on the unit circle that is constant in each of equally many equal cells: the continuous
/// measure that a histogram stands for, with its exact field and exact W₂.
struct CircleDensity: Sendable {
  /// The values, with mean 1.
  let values: [Double]
  /// The mass to the left of each edge of a cell, from 0 to 1.
  private let cumulative: [Double]

  init(_ histogram: DensityHistogram) {
    values = histogram.values
    var sum = CompensatedSum()
    let width = 1 / Double(histogram.values.count)
    cumulative =
      [0]
      + histogram.values.map { value in
        sum.add(value * width)
        return sum.value
      }
  }

  /// ε²E at the left edge of each cell, linear in between: (ε²E)′ = ρ − 1 with mean zero.
  var field: [Double] {
    let width = 1 / Double(values.count)
    let edges = cumulative.enumerated().map { $1 - Double($0) * width }
    let mean = CompensatedSum(edges.dropLast()).value * width
    return edges.dropLast().map { $0 - mean }
  }

  /// W₂ of two densities: the monotone coupling of the lifted quantile functions, shifted by the α for
  /// which ∫|F₁⁻¹(s) − F₂⁻¹(s − α)|²ds, a convex function of α, is least (J. Delon, J. Salomon and A.
  /// Sobolevski, SIAM J. Appl. Math. 70 (2010), doi:10.1137/090772708).
  ///
  /// - Complexity: O(cells) for each of about 100 shifts; the minimum is found to rounding in the cost.
  func wasserstein(to other: CircleDensity) -> Double {
    let ratio = 0.6180339887498949
    var (low, high) = (-1.0, 1.0)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftCost, rightCost) = (cost(to: other, shift: left), cost(to: other, shift: right))
    for _ in 0..<100 where high - low > 1e-12 {
      if leftCost <= rightCost {
        (high, right, rightCost) = (right, left, leftCost)
        left = high - ratio * (high - low)
        leftCost = cost(to: other, shift: left)
      } else {
        (low, left, leftCost) = (left, right, rightCost)
        right = low + ratio * (high - low)
        rightCost = cost(to: other, shift: right)
      }
    }
    return min(leftCost, rightCost, cost(to: other, shift: 0)).squareRoot()
  }

  /// ∫₀¹|F₁⁻¹(s) − F₂⁻¹(s − shift)|²ds: between two neighbouring levels both are linear.
  private func cost(to other: CircleDensity, shift: Double) -> Double {
    // The levels of the other one, moved into [0, 1).
    let moved = other.cumulative.dropLast().map { level in
      let sum = level + shift
      return sum - sum.rounded(.down)
    }.sorted()
    var sum = CompensatedSum()
    var (i, j, level) = (1, 0, 0.0)
    let (mine, theirs) = (Cursor(self), Cursor(other))
    while level < 1 {
      let next = min(i < cumulative.count ? cumulative[i] : 1, j < moved.count ? moved[j] : 1)
      if next > level {
        let middle = (level + next) / 2
        let a = mine.line(around: middle)
        let b = theirs.line(around: middle - shift)
        let slope = (a.slope - b.slope) * (next - level) / 2
        let gap = a.value - b.value
        // The mean of (gap ± slope)² over the piece.
        sum.add((next - level) * (gap * gap + slope * slope / 3))
        level = next
      }
      if i < cumulative.count, cumulative[i] <= level { i += 1 }
      if j < moved.count, moved[j] <= level { j += 1 }
      if i >= cumulative.count, j >= moved.count, level < 1 {
        // The levels end at 1 but for rounding.
        break
      }
    }
    return sum.value
  }

  /// Evaluates a lifted quantile function, F⁻¹(s + 1) = F⁻¹(s) + 1.
  private struct Cursor {
    private let density: CircleDensity

    init(_ density: CircleDensity) { self.density = density }

    /// The value and the slope of F⁻¹ at a level inside of a cell's own levels.
    func line(around level: Double) -> (value: Double, slope: Double) {
      let turns = level.rounded(.down)
      let rest = level - turns
      let levels = density.cumulative
      var (low, high) = (0, levels.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if levels[middle] <= rest { low = middle } else { high = middle }
      }
      let width = 1 / Double(density.values.count)
      let mass = levels[high] - levels[low]
      let slope = mass > 0 ? width / mass : 0
      return (turns + Double(low) * width + (rest - levels[low]) * slope, slope)
    }
  }
}
