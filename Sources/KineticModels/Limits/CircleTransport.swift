import CharacteristicFlows
import Libc
import OptimalTransport

/// W₁ and W₂ of two smooth densities of mass 1 on a circle, from their distribution functions.
///
/// W₁ = min_c ∫|F − G − c|, so c is a median; W₂² = min_α ∫|F⁻¹(s) − G⁻¹(s − α)|²ds, a convex function of α
/// (J. Delon, J. Salomon and A. Sobolevski, SIAM J. Appl. Math. 70 (2010), doi:10.1137/090772708). Both integrals
/// are sums over `fineCount` places, with a relative error of the order of its inverse square; of its inverse for W₂ where
/// a density nearly vanishes.
struct CircleTransport: Sendable {
  private let interpolation: FineInterpolation
  private let length: Double

  /// Distances of densities on so many equal steps of a circle.
  ///
  /// - Throws: `KineticModelError` for a number of places that FFTW cannot transform.
  init(count: Int, length: Double, fineCount: Int = 1024) throws(KineticModelError) {
    guard
      let interpolation = FineInterpolation(count: count, fineCount: max(fineCount, 2 * count))
    else { throw .flow(.badGrid("a size that FFTW can transform")) }
    self.interpolation = interpolation
    self.length = length
  }

  /// W₁.
  ///
  /// - Complexity: O(fineCount·log(fineCount)).
  func firstDistance(_ first: [Double], _ second: [Double]) -> Double {
    let difference = interpolation.antiderivative(
      zip(first, second).map { $0 - $1 }, length: length)
    let sorted = difference.sorted()
    let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    return CompensatedSum(difference.map { ($0 - median).magnitude }).value * length
      / Double(difference.count)
  }

  /// W₂ of positive densities.
  ///
  /// - Complexity: O(fineCount) for each of about 60 shifts.
  func secondDistance(_ first: [Double], _ second: [Double]) -> Double {
    let (from, to) = (quantiles(first), quantiles(second))
    let count = interpolation.fineCount
    let levels = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let starts = levels.map { from($0) }
    func cost(_ shift: Double) -> Double {
      var sum = CompensatedSum()
      for (level, start) in zip(levels, starts) {
        let way = start - to(level - shift)
        sum.add(way * way)
      }
      return sum.value / Double(count)
    }
    let ratio = 0.6180339887498949
    var (low, high) = (-1.0, 1.0)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftCost, rightCost) = (cost(left), cost(right))
    while high - low > 1e-11 {
      if leftCost <= rightCost {
        (high, right, rightCost) = (right, left, leftCost)
        left = high - ratio * (high - low)
        leftCost = cost(left)
      } else {
        (low, left, leftCost) = (left, right, rightCost)
        right = low + ratio * (high - low)
        rightCost = cost(right)
      }
    }
    return min(leftCost, rightCost, cost(0)).squareRoot()
  }

  /// The quantile function of a density.
  func quantiles(_ density: [Double]) -> CircleQuantiles {
    let values = interpolation.values(density)
    let part = interpolation.antiderivative(density, length: length)
    let step = length / Double(values.count)
    let cumulative = part.indices.map { part[$0] - part[0] + Double($0) * step / length } + [1]
    return CircleQuantiles(
      table: QuantileTable(
        start: 0, step: step, cumulative: cumulative, density: values + [values[0]]),
      length: length)
  }
}

/// The lifted quantile function of a density on a circle, F⁻¹(s + 1) = F⁻¹(s) + L.
struct CircleQuantiles: Sendable {
  fileprivate let table: QuantileTable
  fileprivate let length: Double

  func callAsFunction(_ level: Double) -> Double {
    let turns = level.rounded(.down)
    return turns * length + table(level - turns)
  }
}

/// The inverse of a distribution function that is tabulated at equal steps with its density.
struct QuantileTable: Sendable {
  private let start: Double
  private let step: Double
  private let cumulative: [Double]
  private let density: [Double]

  /// - Parameters:
  ///   - start: the first place.
  ///   - step: the distance of two places.
  ///   - cumulative: the distribution function at the places; it is made to grow.
  ///   - density: its slopes.
  init(start: Double, step: Double, cumulative: [Double], density: [Double]) {
    (self.start, self.step, self.density) = (start, step, density)
    var largest = cumulative.first ?? 0
    self.cumulative = cumulative.map { value in
      largest = max(largest, value)
      return largest
    }
  }

  /// The distribution function of a density by integrals of the cubics through four neighbours, and of mass 1.
  init(start: Double, step: Double, density: [Double]) {
    let last = density.count - 1
    var sum = CompensatedSum()
    var cumulative = [0.0]
    for i in 0..<last {
      let (before, after) = (density[max(0, i - 1)], density[min(last, i + 2)])
      sum.add(max(0, step / 24 * (13 * (density[i] + density[i + 1]) - before - after)))
      cumulative.append(sum.value)
    }
    let total = sum.value > 0 ? sum.value : 1
    self.init(
      start: start, step: step, cumulative: cumulative.map { $0 / total },
      density: density.map { $0 / total })
  }

  /// The place at which the distribution function has a value.
  func callAsFunction(_ level: Double) -> Double {
    var (low, high) = (0, cumulative.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if cumulative[middle] <= level { low = middle } else { high = middle }
    }
    let rise = cumulative[high] - cumulative[low]
    guard rise > 0 else { return start + Double(low) * step }
    // Newton's method on the cubic with these values and slopes, from the straight line.
    let wanted = (level - cumulative[low]) / rise
    let (a, b) = (density[low] * step / rise, density[high] * step / rise)
    var t = min(max(wanted, 0), 1)
    for _ in 0..<8 {
      let value = t * (a + t * (3 - 2 * a - b + t * (a + b - 2)))
      let slope = a + t * (2 * (3 - 2 * a - b) + 3 * t * (a + b - 2))
      guard slope > 1e-3 else { break }
      t = min(max(t - (value - wanted) / slope, 0), 1)
    }
    return start + (Double(low) + t) * step
  }
}
