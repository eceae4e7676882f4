/// Why two measures, a domain and a cost do not make a transport problem. Indices count from 0 in
/// the cases and from 1 in the sentences.
public enum ProblemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The measures have points of different dimensions.
  case dimensionMismatch(source: Int, target: Int)
  /// The domain has another number of axes than the points.
  case domainMismatch(domain: Int, points: Int)
  /// The exponent p of the distance is below 1 or not finite.
  case badExponent(Double)
  /// A block names axes that are not there, or none, or overlaps the block before it.
  case badBlockAxes(block: Int, axes: Range<Int>, dimension: Int)
  /// A block's weight is negative or not finite.
  case badBlockWeight(block: Int, weight: Double)
  /// A block's exponent is below 1 or not finite.
  case badBlockExponent(block: Int, exponent: Double)
  /// The cost matrix has another number of entries than there are pairs.
  case matrixSizeMismatch(expected: Int, found: Int)
  /// A cost of a matrix or function is negative, infinite or not a number.
  case badCost(source: Int, target: Int, value: Double)
  /// The largest cost is 2 to this power, beyond what a double holds with its full precision.
  case costOutOfRange(binaryExponent: Double)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .dimensionMismatch(let source, let target):
      "The source measure has points of dimension \(source) and the target of dimension "
        + "\(target); they must agree."
    case .domainMismatch(let domain, let points):
      "The domain has \(domain) axes but the points have \(points) coordinates."
    case .badExponent(let exponent):
      "The exponent p is \(exponent); it must be a number of at least 1."
    case .badBlockAxes(let block, let axes, let dimension):
      "Block \(block + 1) of the cost covers axes \(axes.lowerBound + 1) to \(axes.upperBound) "
        + "of \(dimension); a block needs at least one axis, and blocks must be in order without "
        + "overlap."
    case .badBlockWeight(let block, let weight):
      "Block \(block + 1) of the cost has weight \(weight); it must be nonnegative and finite."
    case .badBlockExponent(let block, let exponent):
      "Block \(block + 1) of the cost has exponent \(exponent); it must be at least 1 and finite."
    case .matrixSizeMismatch(let expected, let found):
      "The cost matrix has \(found) entries; there are \(expected) pairs of points."
    case .badCost(let source, let target, let value):
      "The cost of moving source point \(source + 1) to target point \(target + 1) is \(value); "
        + "costs must be nonnegative and finite."
    case .costOutOfRange(let exponent):
      "The largest cost is about 2^\(exponent.magnitude < 1e6 ? "\(Int(exponent))" : "\(exponent)"), "
        + "outside the range of double precision (2^-1000 to 2^1000); scale the coordinates"
        + (exponent.magnitude < 1e6 ? "." : ", or take a smaller exponent.")
    }
  }
}
