import OptimalTransport
import TestSupport
import Testing

/// A measure on one axis.
func measure(_ coordinates: [Double], _ masses: [Double]? = nil) throws -> DiscreteMeasure {
  try DiscreteMeasure(axes: [coordinates], masses: masses)
}

/// A solution on the line.
func line(
  _ source: DiscreteMeasure, _ target: DiscreteMeasure, _ exponent: Double
) throws -> TransportSolution {
  try LineSolver().solve(TransportProblem(from: source, to: target, exponent: exponent))
}

/// A solution on the circle.
func circle(
  _ source: DiscreteMeasure, _ target: DiscreteMeasure, _ exponent: Double, length: Double = 1
) throws -> TransportSolution {
  try CircleSolver().solve(
    TransportProblem(
      from: source, to: target, domain: ProductDomain([.circle(length: length)]), exponent: exponent
    ))
}

/// The bracket's width over the largest of its end and the potentials, which bound its rounding.
func relativeWidth(_ solution: TransportSolution) -> Double {
  let size = (solution.potentials.source + solution.potentials.target)
    .reduce(solution.costBounds.upper) { max($0, abs($1)) }
  return (solution.costBounds.upper - solution.costBounds.lower) / size
}

// MARK: Oracles

/// Each point as often as its integer mass says, in order.
func unitPoints(_ coordinates: [Double], _ masses: [Int]) -> [Double] {
  zip(coordinates, masses).flatMap { Array(repeating: $0, count: $1) }.sorted()
}

/// The transport cost of equally many unit points on a line: they match in order.
func orderedCost(_ x: [Double], _ y: [Double], _ exponent: Double) -> Double {
  zip(x, y).reduce(0) { $0 + power(abs($1.0 - $1.1), exponent) } / Double(x.count)
}

/// The transport cost of equally many unit points on a circle: the best of all cuts.
func cyclicCost(_ x: [Double], _ y: [Double], _ exponent: Double, length: Double) -> Double {
  let axis = CoordinateAxis.circle(length: length)
  let costs = x.indices.map { shift in
    x.indices.reduce(0.0) { sum, k in
      sum + power(abs(axis.difference(x[k], y[(k + shift) % y.count])), exponent)
    }
  }
  return (costs.min() ?? 0) / Double(x.count)
}

/// The transport cost of equally many unit points on any axis: the best of all assignments.
func assignmentCost(_ x: [Double], _ y: [Double], _ exponent: Double, axis: CoordinateAxis)
  -> Double
{
  func best(_ k: Int, _ free: [Double]) -> Double {
    guard k < x.count else { return 0 }
    return free.indices.map { index in
      var rest = free
      let y = rest.remove(at: index)
      return power(abs(axis.difference(x[k], y)), exponent) + best(k + 1, rest)
    }.min() ?? 0
  }
  return best(0, y) / Double(x.count)
}

/// A partition of a number into positive or zero parts, at random.
func randomParts(of total: Int, count: Int, _ generator: inout SeededGenerator) -> [Int] {
  let cuts = (0..<count - 1).map { _ in Int(generator.next() % UInt64(total + 1)) }.sorted()
  return zip([0] + cuts, cuts + [total]).map { $1 - $0 }
}

/// The density wave 1 + δ cos 2πx and the uniform density on [0, 1), each as n points of equal mass
/// at the quantiles (k + ½)/n.
func densityWave(_ delta: Double, count: Int) throws -> (
  wave: DiscreteMeasure, uniform: DiscreteMeasure
) {
  let quantiles = (0..<count).map { (Double($0) + 0.5) / Double(count) }
  let wave = quantiles.map { quantile in
    // Newton's method for x + δ sin(2πx)/(2π) = quantile.
    var x = quantile
    for _ in 0..<60 {
      let angle = 2 * Double.pi * x
      x -= (x + delta * sine(angle) / (2 * .pi) - quantile) / (1 + delta * cosine(angle))
    }
    return x
  }
  return (try measure(wave), try measure(quantiles))
}
